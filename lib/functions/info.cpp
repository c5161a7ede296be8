// The table of functions.
#include "functions/info.hpp"

#include <algorithm>
#include <iterator>

namespace cfy::functions {
namespace {

constexpr FunctionInfo kFunctions[] = {
    {"concat", Phase::hybrid, 1, Refers::nothing},
    {"get_attribute", Phase::runtime, 0, Refers::node},
    {"get_attributes_dict", Phase::runtime, 0, Refers::node},
    {"get_attributes_list", Phase::runtime, 0, Refers::node},
    {"get_capability", Phase::runtime, 0, Refers::nothing},
    {"get_consumers", Phase::runtime, 0, Refers::nothing},
    {"get_environment_capability", Phase::runtime, 0, Refers::nothing},
    {"get_group_capability", Phase::runtime, 0, Refers::nothing},
    {"get_input", Phase::hybrid, 0, Refers::input},
    {"get_label", Phase::runtime, 0, Refers::nothing},
    {"get_property", Phase::hybrid, 0, Refers::node},
    {"get_secret", Phase::runtime, 0, Refers::nothing},
    {"get_sys", Phase::runtime, 0, Refers::nothing},
    {"merge", Phase::hybrid, 3, Refers::nothing},
    {"string_find", Phase::hybrid, 0, Refers::nothing},
    {"string_lower", Phase::hybrid, 0, Refers::nothing},
    {"string_replace", Phase::hybrid, 0, Refers::nothing},
    {"string_split", Phase::hybrid, 0, Refers::nothing},
    {"string_upper", Phase::hybrid, 0, Refers::nothing},
};

}  // namespace

const FunctionInfo* find_info(std::string_view name) {
  const auto* found = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                   [&](const FunctionInfo& info) { return info.name == name; });
  return found == std::end(kFunctions) ? nullptr : found;
}

std::string_view describe(Scope scope) {
  switch (scope) {
    case Scope::none:
      break;
    case Scope::node_template:
      return "a node template";
    case Scope::relationship:
      return "a relationship";
    case Scope::outputs:
      return "outputs";
    case Scope::capabilities:
      return "capabilities";
    case Scope::policies:
      return "policies";
    case Scope::scaling_groups:
      return "scaling groups";
    case Scope::labels:
      return "labels";
    case Scope::deployment_settings:
      return "deployment settings";
  }
  return "this place";
}

}  // namespace cfy::functions
