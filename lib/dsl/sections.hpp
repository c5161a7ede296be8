// The sections of a blueprint: their names, since when they exist, and how imports merge them.
#pragma once

#include <span>
#include <string_view>

namespace cfy::dsl {

/// What happens when a section stands in several files.
enum class Merge {
  by_name,           ///< names are put together, a name twice is a conflict
  by_name_from_1_3,  ///< the same from DSL 1.3 on, before that the section stands in one file only
  first_wins,        ///< the importing file's counts
  never,             ///< twice is an error
  ignored,           ///< has no meaning beyond its own file
};

struct SectionInfo {
  std::string_view name;
  int since_minor;
  Merge merge;
};

std::span<const SectionInfo> all_sections();
/// nullptr when there is no such section.
const SectionInfo* find_section_info(std::string_view name);

}  // namespace cfy::dsl
