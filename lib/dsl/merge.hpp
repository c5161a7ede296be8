// The files of a blueprint put together: one list of named elements per section.
#pragma once

#include <map>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dsl/context.hpp"
#include "dsl/imports.hpp"

namespace cfy::dsl {

/// One element of a section, such as a node template.
struct Element {
  const Value* key = nullptr;  ///< a string
  const Value* value = nullptr;
  const SourceFile* file = nullptr;

  std::string_view name() const { return key->text(); }
};

/// The elements of a section in the order written, main file first.
struct Section {
  std::vector<Element> elements;
  std::unordered_map<std::string_view, std::size_t> index;

  const Element* find(std::string_view name) const;
};

/// A whole blueprint. Sections that merge by name are in `sections`, the others in `whole`.
struct Merged {
  std::map<std::string_view, Section> sections;
  std::map<std::string_view, Entry> whole;  ///< description, metadata, policies, ...

  /// An empty section where the blueprint has none.
  const Section& section(std::string_view name) const;
  const Value* find_whole(std::string_view name) const;
};

/// Put the files together by the rules of sections.hpp. Errors: 1 unknown sections and sections
/// that are no dicts, 102, 3, 4 (with a note on the first place). `files` must outlive the result.
Merged merge_files(Context& context, const SourceFiles& files);

}  // namespace cfy::dsl
