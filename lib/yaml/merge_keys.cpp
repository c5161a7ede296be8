#include "yaml/merge_keys.hpp"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

namespace cfy::yaml {
namespace {

// Entries by key, in order of first appearance. Small maps are searched, large ones hashed.
class EntryList {
 public:
  explicit EntryList(Arena& arena) : arena_(arena) {}

  /// The entry with that key, or nullptr after adding `entry` as a new one.
  Entry* find_or_add(const Entry& entry) {
    if (entries_.size() < kSmall) {
      for (Entry& kept : entries_)
        if (is_same_key(*kept.key, *entry.key)) return &kept;
    } else {
      if (index_.empty())
        for (std::size_t i = 0; i < entries_.size(); ++i)
          index_.emplace(name(*entries_[i].key), i);
      const auto [place, is_new] = index_.emplace(name(*entry.key), entries_.size());
      if (!is_new) return &entries_[place->second];
    }
    entries_.push_back(entry);
    return nullptr;
  }
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  static constexpr std::size_t kSmall = 12;

  // Equal for what is_same_key() calls the same; keys that are no strings get a mark before them.
  std::string_view name(const Value& key) {
    if (key.is_string()) return key.text();
    const double as_number = key.kind() == Kind::boolean    ? (key.boolean() ? 1 : 0)
                             : key.kind() == Kind::floating ? key.floating()
                                                            : 0.5;
    const bool is_whole = as_number == static_cast<double>(static_cast<int>(as_number));
    return arena_.copy(fmt::format(
        "\x01{}", is_whole ? std::to_string(static_cast<int>(as_number)) : key_text(key)));
  }

  Arena& arena_;
  std::vector<Entry> entries_;
  std::unordered_map<std::string_view, std::size_t> index_;
};

// Nearly every map is small, merges nothing and has no key twice: it is taken as it is.
bool is_small_and_plain(std::span<const Entry> written) {
  constexpr std::size_t kSmall = 12;
  if (written.size() > kSmall) return false;
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (is_merge_key(*written[i].key)) return false;
    for (std::size_t j = 0; j < i; ++j)
      if (is_same_key(*written[i].key, *written[j].key)) return false;
  }
  return true;
}

void warn_duplicate(const Value& first, const Value& again, base::Diagnostics& diagnostics) {
  base::Diagnostic warning;
  warning.severity = base::Severity::warning;
  warning.type = "DuplicateKey";
  warning.message =
      fmt::format("the key '{}' stands twice in one map; the last value counts", key_text(again));
  warning.range = again.range();
  warning.notes.push_back({"first defined here", first.range()});
  diagnostics.add(std::move(warning));
}

void add_merged(EntryList& list, const Value& map) {
  for (const Entry& entry : map.entries())
    if (Entry* kept = list.find_or_add(entry)) kept->value = entry.value;
}

void merge(EntryList& list, const Value& source, base::Diagnostics& diagnostics) {
  if (source.is_map()) return add_merged(list, source);
  const bool is_list_of_maps =
      source.is_list() && std::all_of(source.items().begin(), source.items().end(),
                                      [](const Value* item) { return item->is_map(); });
  if (!is_list_of_maps) {
    base::Diagnostic error;
    error.code = -1;
    error.type = "DSLParsingFormatException";
    error.message = fmt::format("the merge key '<<' needs a dict or a list of dicts, not a {}",
                                kind_name(source.kind()));
    error.range = source.range();
    diagnostics.add(std::move(error));
    return;
  }
  // The first map of the list wins, so it is laid over the others.
  for (std::size_t i = source.items().size(); i-- > 0;)
    add_merged(list, *source.items()[i]);
}

}  // namespace

bool is_merge_key(const Value& key) {
  return key.is_string() && key.text().data() == kMergeKeyText.data();
}

const Value* make_map(std::span<const Entry> written, const base::SourceRange& range, Arena& arena,
                      base::Diagnostics& diagnostics) {
  if (is_small_and_plain(written)) return arena.make_map(written, range);
  EntryList merged(arena);
  bool has_merge = false;
  for (const Entry& entry : written)
    if (is_merge_key(*entry.key)) {
      has_merge = true;
      merge(merged, *entry.value, diagnostics);
    }
  EntryList own(arena);
  for (const Entry& entry : written) {
    if (is_merge_key(*entry.key)) continue;
    if (Entry* first = own.find_or_add(entry)) {
      warn_duplicate(*first->key, *entry.key, diagnostics);
      first->value = entry.value;
      // Texts are equal, so the key may stand where its value does; 1 and true are the same key.
      if (entry.key->is_string()) first->key = entry.key;
    }
  }
  if (!has_merge) return arena.make_map(own.entries(), range);
  for (const Entry& entry : own.entries())
    if (Entry* kept = merged.find_or_add(entry)) *kept = entry;
  return arena.make_map(merged.entries(), range);
}

}  // namespace cfy::yaml
