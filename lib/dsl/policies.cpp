#include "dsl/policies.hpp"

#include <array>

#include <fmt/format.h>

#include "dsl/fields.hpp"
#include "dsl/scalable.hpp"
#include "dsl/scaling_groups.hpp"

namespace cfy::dsl {
namespace {

constexpr std::string_view kScaling = "cloudify.policies.scaling";

constexpr std::array<Field, 3> kPolicyFields = {
    {{"type", Shape::string, true}, {"targets", Shape::list, true}, {"properties", Shape::map}}};

json scalable_to_json(const plan::Scalable& scalable) {
  return {{"default_instances", scalable.default_instances},
          {"min_instances", scalable.min_instances},
          {"max_instances", scalable.max_instances},
          {"current_instances", scalable.current_instances},
          {"planned_instances", scalable.planned_instances}};
}

class PolicyReader {
 public:
  explicit PolicyReader(Blueprint& blueprint)
      : blueprint_(blueprint), context_(blueprint.context) {}

  void read(std::string_view name, const Value& value, const Path& path) {
    if (!check_fields(context_, value, kPolicyFields, "a policy", path)) return;
    const Value& type = *find_given(value, "type");
    if (type.text() != kScaling) {
      context_
          .error(204, type.range(), Path(path, "type"),
                 fmt::format("there is no policy type '{}'; the only one is '{}'", type.text(),
                             kScaling))
          .hint = context_.hint(type.text(),
                                [] { return std::vector<std::string>{std::string(kScaling)}; });
      return;
    }
    const plan::Scalable scalable =
        read_scalable(context_, find_given(value, "properties"), Path(path, "properties"));
    const Value* counts = find_given(value, "properties");
    const base::SourceRange counts_at = (counts == nullptr ? type : *counts).range();
    const json targets =
        read_targets(*find_given(value, "targets"), scalable, counts_at, Path(path, "targets"));
    blueprint_.plan.policies[std::string(name)] = {
        {"type", type.text()}, {"properties", scalable_to_json(scalable)}, {"targets", targets}};
  }

 private:
  json read_targets(const Value& list, const plan::Scalable& scalable,
                    const base::SourceRange& counts_at, const Path& path) {
    json targets = json::array();
    if (list.items().empty())
      context_.error(206, list.range(), path, "a policy needs at least one target");
    for (std::size_t i = 0; i < list.items().size(); ++i) {
      const Value& item = *list.items()[i];
      const Path inner(path, i);
      if (!check_shape(context_, item, Shape::string, inner)) continue;
      targets.push_back(item.text());
      const auto group = blueprint_.plan.groups.find(std::string(item.text()));
      if (group == blueprint_.plan.groups.end()) {
        report_target(item, inner);
        continue;
      }
      plan::ScalingGroup& scaling = blueprint_.plan.scaling_groups[std::string(item.text())];
      scaling.members = group->at("members").get<std::vector<std::string>>();
      scaling.properties = scalable;
      blueprint_.plan.places["scaling_groups." + std::string(item.text())] = counts_at;
    }
    return targets;
  }

  void report_target(const Value& item, const Path& path) {
    const auto names = [this] {
      std::vector<std::string> known;
      for (const auto& group : blueprint_.plan.groups.items())
        known.push_back(group.key());
      return known;
    };
    const bool is_node = blueprint_.find_node(item.text()).has_value();
    base::Diagnostic& error = context_.error(
        205, item.range(), path,
        is_node ? fmt::format("'{}' is a node template; a policy targets groups only", item.text())
                : fmt::format("there is no group '{}'", item.text()));
    error.hint = is_node ? "put the node template in a group, and target that"
                         : context_.hint(item.text(), names);
  }

  Blueprint& blueprint_;
  Context& context_;
};

}  // namespace

void read_policies(Blueprint& blueprint) {
  const Value* policies = blueprint.merged.find_whole("policies");
  const Path section("policies");
  if (policies == nullptr || !check_shape(blueprint.context, *policies, Shape::map, section))
    return;
  PolicyReader reader(blueprint);
  for (const Entry& entry : policies->entries())
    if (const auto name = name_of_key(blueprint.context, *entry.key, section))
      reader.read(*name, *entry.value, Path(section, *name));
  check_scaling_groups(blueprint);
}

}  // namespace cfy::dsl
