#include "dsl/merge.hpp"

#include <map>

#include <fmt/format.h>

#include "base/text.hpp"
#include "dsl/fields.hpp"
#include "dsl/sections.hpp"
#include "dsl/workflow_merge.hpp"

namespace cfy::dsl {
namespace {

void report_unknown_section(Context& context, const Value& key) {
  std::vector<std::string> known;
  for (const SectionInfo& info : all_sections())
    known.emplace_back(info.name);
  const std::string name = yaml::key_text(key);
  context
      .error(1, key.range(), Path(name),
             fmt::format("'{}' is not a section of a blueprint; known sections: {}", name,
                         base::join(known, ", ")))
      .hint = base::did_you_mean(name, known);
}

// Sections whose emptiness the reference refuses; elsewhere null is as good as absent.
bool must_not_be_null(std::string_view name) {
  return name == "plugins" || name == "imports" || name == "metadata" || name == "node_types";
}

bool is_merged(const SectionInfo& info) {
  return info.merge == Merge::by_name || info.merge == Merge::by_name_from_1_3 ||
         info.merge == Merge::never;
}

bool holds_only_relationships(const Value& node_template) {
  const auto entries = entries_of(&node_template);
  return entries.size() == 1 && node_template.find("relationships") != nullptr;
}

class Merger {
 public:
  Merger(Context& context, const SourceFile* main) : context_(context), main_(main) {}

  void add_file(const SourceFile& file);
  Merged take() { return std::move(merged_); }

 private:
  void add_section(const SectionInfo& info, const Entry& entry, const SourceFile& file);
  void note_null(const SectionInfo& info, const Entry& entry);
  void check_nulls_before(const SectionInfo& info, const Entry& entry);
  void report_null(std::string_view section, const Value& key);
  void add_whole(const SectionInfo& info, const Entry& entry);
  void add_elements(const SectionInfo& info, const Entry& entry, const SourceFile& file);
  void merge_element(const SectionInfo& info, Element& first, const Element& again);
  bool merge_relationships(Element& first, const Element& again);
  void report_conflict(std::string_view section, const Element& first, const Element& again);

  Context& context_;
  const SourceFile* main_;
  Merged merged_;
  std::map<std::string_view, const Value*> nulls_;  // sections without a value so far, and no other
};

void Merger::add_file(const SourceFile& file) {
  for (const Entry& entry : file.root->entries()) {
    const SectionInfo* info =
        entry.key->is_string() ? find_section_info(entry.key->text()) : nullptr;
    if (info == nullptr)
      report_unknown_section(context_, *entry.key);
    else
      add_section(*info, entry, file);
  }
}

void Merger::add_section(const SectionInfo& info, const Entry& entry, const SourceFile& file) {
  const Path path(info.name);
  if (info.name == "dsl_definitions" && &file != main_) return;  // its anchors are all it is for
  if (entry.value->is_null()) return note_null(info, entry);
  check_nulls_before(info, entry);
  if (info.since_minor > 0)
    context_.require_version(info.since_minor, fmt::format("the section '{}'", info.name),
                             entry.key->range(), path);
  if (info.name == "dsl_definitions" && !entry.value->is_list())
    check_shape(context_, *entry.value, Shape::map, path);
  if (info.merge == Merge::ignored) return;
  if (info.merge == Merge::first_wins || info.merge == Merge::never ||
      info.name == "imported_blueprints")
    return add_whole(info, entry);
  add_elements(info, entry, file);
}

// A section of nothing but its name cannot be put together with that of another file.
void Merger::note_null(const SectionInfo& info, const Entry& entry) {
  const bool is_second = merged_.sections.contains(info.name) ||
                         merged_.whole.contains(info.name) || nulls_.contains(info.name);
  if (must_not_be_null(info.name) || (is_second && is_merged(info)))
    report_null(info.name, *entry.key);
  else
    nulls_.emplace(info.name, entry.key);
}

void Merger::check_nulls_before(const SectionInfo& info, const Entry& entry) {
  const auto null = nulls_.find(info.name);
  const bool adds_nothing = entry.value->is_map() && entry.value->entries().empty();
  if (null == nulls_.end() || !is_merged(info) || adds_nothing) return;
  report_null(info.name, *null->second);
  nulls_.erase(null);
}

void Merger::report_null(std::string_view section, const Value& key) {
  context_.error_of_type("ValueError", key.range(), Path(section),
                         fmt::format("the section '{}' is empty; leave it out", section));
}

void Merger::add_whole(const SectionInfo& info, const Entry& entry) {
  const auto [kept, is_new] = merged_.whole.emplace(info.name, entry);
  if (is_new || info.merge != Merge::never) return;
  context_
      .error(3, entry.key->range(), Path(info.name),
             fmt::format("the section '{}' may stand in one file of a blueprint only", info.name))
      .notes.push_back({"first defined here", kept->second.key->range()});
}

void Merger::add_elements(const SectionInfo& info, const Entry& entry, const SourceFile& file) {
  const Path path(info.name);
  if (!check_shape(context_, *entry.value, Shape::map, path)) return;
  const bool is_first = !merged_.sections.contains(info.name);
  Section& section = merged_.sections[info.name];
  const bool one_file_only = info.merge == Merge::by_name_from_1_3 && context_.dsl_minor < 3;
  if (!is_first && one_file_only && !section.elements.empty()) {
    context_
        .error(3, entry.key->range(), path,
               fmt::format("before cloudify_dsl_1_3, '{}' may stand in one file of a blueprint "
                           "only",
                           info.name))
        .notes.push_back({"first defined here", section.elements.front().key->range()});
    return;
  }
  section.elements.reserve(section.elements.size() + entry.value->entries().size());
  for (const Entry& element_entry : entry.value->entries()) {
    if (!name_of_key(context_, *element_entry.key, path)) continue;
    const Element element{element_entry.key, element_entry.value, &file};
    const auto [place, is_new] = section.index.emplace(element.name(), section.elements.size());
    if (is_new)
      section.elements.push_back(element);
    else
      merge_element(info, section.elements[place->second], element);
  }
}

// A file may add relationships to a node template of another file that has some, by a definition
// that holds nothing else. It may come before the other one.
bool Merger::merge_relationships(Element& first, const Element& again) {
  const bool adds_to_first =
      holds_only_relationships(*again.value) && first.value->find("relationships") != nullptr;
  const bool is_added_to =
      holds_only_relationships(*first.value) && again.value->find("type") != nullptr;
  if (!adds_to_first && !is_added_to) return false;
  std::vector<const Value*> list;
  for (const Value* item : items_of(first.value->find("relationships")))
    list.push_back(item);
  for (const Value* item : items_of(again.value->find("relationships")))
    list.push_back(item);
  const Value& whole = is_added_to ? *again.value : *first.value;
  std::vector<Entry> entries;
  for (const Entry& entry : whole.entries())
    if (yaml::key_text(*entry.key) != "relationships") entries.push_back(entry);
  const Entry* written = first.value->find_entry("relationships");
  entries.push_back({written->key, context_.arena.make_list(list, written->value->range())});
  first.value = context_.arena.make_map(entries, whole.range());
  return true;
}

void Merger::merge_element(const SectionInfo& info, Element& first, const Element& again) {
  if (info.name == "labels" || info.name == "blueprint_labels" || info.name == "resource_tags")
    return;  // the importing file wins
  // The basic types may come in by several ways.
  const bool is_same_place = first.value->range() == again.value->range();
  if (is_same_place && first.file->is_base_types && again.file->is_base_types) return;
  if (info.name == "workflows") return merge_workflow(context_, first, again);
  if (again.name().starts_with("cloudify.") || again.file->is_base_types) {
    first = again;
    return;
  }
  if (info.name == "node_templates" && merge_relationships(first, again)) return;
  report_conflict(info.name, first, again);
}

void Merger::report_conflict(std::string_view section, const Element& first, const Element& again) {
  context_
      .error(4, again.key->range(), Path(Path(section), again.name()),
             fmt::format("'{}' is defined twice in '{}'", again.name(), section))
      .notes.push_back({"first defined here", first.key->range()});
}

}  // namespace

const Element* Section::find(std::string_view name) const {
  const auto found = index.find(name);
  return found == index.end() ? nullptr : &elements[found->second];
}

const Section& Merged::section(std::string_view name) const {
  static const Section kEmpty;
  const auto found = sections.find(name);
  return found == sections.end() ? kEmpty : found->second;
}

const Value* Merged::find_whole(std::string_view name) const {
  const auto found = whole.find(name);
  return found == whole.end() ? nullptr : found->second.value;
}

Merged merge_files(Context& context, const SourceFiles& files) {
  Merger merger(context, files.files.data());
  for (const SourceFile& file : files.files)
    merger.add_file(file);
  return merger.take();
}

}  // namespace cfy::dsl
