#include "dsl/sections.hpp"

#include <algorithm>
#include <array>

namespace cfy::dsl {
namespace {

constexpr std::array<SectionInfo, 24> kSections = {{
    {"tosca_definitions_version", 0, Merge::ignored},
    {"description", 2, Merge::first_wins},
    {"metadata", 0, Merge::first_wins},
    {"imports", 0, Merge::ignored},
    {"dsl_definitions", 2, Merge::ignored},
    {"inputs", 0, Merge::by_name_from_1_3},
    {"plugins", 0, Merge::by_name},
    {"node_types", 0, Merge::by_name},
    {"relationships", 0, Merge::by_name},
    {"node_templates", 0, Merge::by_name_from_1_3},
    {"data_types", 2, Merge::by_name},
    {"workflows", 0, Merge::by_name},
    {"outputs", 0, Merge::by_name_from_1_3},
    {"capabilities", 0, Merge::by_name_from_1_3},
    {"groups", 0, Merge::by_name},
    {"policies", 3, Merge::never},
    {"policy_types", 0, Merge::by_name},
    {"policy_triggers", 0, Merge::by_name},
    {"labels", 0, Merge::by_name_from_1_3},
    {"blueprint_labels", 0, Merge::by_name_from_1_3},
    {"resource_tags", 3, Merge::by_name_from_1_3},
    {"deployment_settings", 0, Merge::never},
    {"imported_blueprints", 0, Merge::by_name},
    {"namespaces_mapping", 0, Merge::by_name},
}};

}  // namespace

std::span<const SectionInfo> all_sections() {
  return kSections;
}

const SectionInfo* find_section_info(std::string_view name) {
  const auto found = std::find_if(kSections.begin(), kSections.end(),
                                  [&](const SectionInfo& info) { return info.name == name; });
  return found == kSections.end() ? nullptr : &*found;
}

}  // namespace cfy::dsl
