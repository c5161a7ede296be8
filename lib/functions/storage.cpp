// Storage's defaults: nothing is known beyond inputs and nodes.
#include "functions/storage.hpp"

#include <fmt/format.h>

#include "functions/lookup.hpp"

namespace cfy::functions {
namespace {

Fault unknown(std::string_view what) {
  return {"FunctionEvaluationError", fmt::format("{} are not known here", what)};
}

}  // namespace

std::optional<InstanceFacts> Storage::find_instance(std::string_view) {
  return {};
}
std::vector<InstanceFacts> Storage::instances_of(std::string_view) {
  return {};
}
Answer Storage::secret(const std::string&) {
  return unknown("secrets");
}
Answer Storage::capability(const json&) {
  return unknown("capabilities of other deployments");
}
Answer Storage::group_capability(const json&) {
  return unknown("capabilities of groups");
}
Answer Storage::environment_capability(const json&) {
  return unknown("capabilities of the parent deployment");
}
Answer Storage::label(const std::string&) {
  return unknown("labels");
}
Answer Storage::sys(const std::string&, const std::string&) {
  return unknown("system properties");
}
Answer Storage::consumers(const std::string&) {
  return unknown("consumers");
}

Answer follow_capability(const json& value, const json& path, std::size_t first) {
  const json* part = &value;
  for (std::size_t i = first; i < path.size(); ++i)
    if (step_into(part, path[i]) != Step::found)
      return Fault{"FunctionEvaluationError",
                   fmt::format("get_capability: '{}' leads to nothing", path_text(path))};
  return *part;
}

}  // namespace cfy::functions
