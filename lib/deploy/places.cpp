// Goes through a plan.
#include "deploy/places.hpp"

#include <unordered_map>

#include "schema/function_form.hpp"

namespace cfy::deploy {
namespace {

using functions::Scope;
using plan::json;

class Visitor {
 public:
  explicit Visitor(const VisitPlace& visit) : visit_(visit) {}

  void visit(const plan::Plan& plan) {
    for (const plan::Node& node : plan.nodes)
      visit_node(node);
    for (const auto& [name, output] : plan.outputs)
      visit_value({Scope::outputs, nullptr, nullptr, "outputs." + name}, "value", output.value);
    visit_properties(plan.policies, Scope::policies, "policies");
    for (const auto& [name, group] : plan.scaling_groups)
      visit_scalable(group.properties, {Scope::scaling_groups, nullptr, nullptr,
                                        "scaling_groups." + name + ".properties"});
    for (const auto& [name, capability] : plan.capabilities)
      visit_value({Scope::capabilities, nullptr, nullptr, "capabilities." + name}, "value",
                  capability.value);
    for (auto label = plan.labels.begin(); label != plan.labels.end(); ++label)
      visit_members(*label, {Scope::labels, nullptr, nullptr, "labels." + label.key()});
    visit_members(plan.deployment_settings,
                  {Scope::deployment_settings, nullptr, nullptr, "deployment_settings"});
  }

 private:
  void visit_node(const plan::Node& node) {
    const std::string path = "nodes." + node.id;
    const PlaceInPlan base{Scope::node_template, &node, nullptr, ""};
    visit_members(node.properties, at(base, path + ".properties"));
    for (auto one = node.capabilities.begin(); one != node.capabilities.end(); ++one)
      if (const auto properties = one->find("properties"); properties != one->end())
        visit_members(*properties, at(base, path + ".capabilities." + one.key()));
    visit_scalable(node.scalable, at(base, path + ".capabilities.scalable"));
    visit_operations(node.operations.get(), at(base, path + ".operations"));
    for (const plan::Relationship& one : node.relationships) {
      const PlaceInPlan place{Scope::relationship, &node, &one, path + "." + one.type};
      visit_operations(one.source_operations.get(), place);
      visit_operations(one.target_operations.get(), place);
    }
  }

  static PlaceInPlan at(PlaceInPlan place, std::string path) {
    place.path = std::move(path);
    return place;
  }

  void visit_members(const json& map, const PlaceInPlan& place) {
    if (!map.is_object()) return;
    for (auto member = map.begin(); member != map.end(); ++member)
      visit_value(place, member.key(), *member);
  }

  void visit_value(const PlaceInPlan& place, const std::string& key, const json& value) {
    if (schema::contains_function(value)) visit_(at(place, place.path + "." + key), value);
  }

  void visit_properties(const json& section, Scope scope, const std::string& path) {
    for (auto one = section.begin(); one != section.end(); ++one)
      if (const auto properties = one->find("properties"); properties != one->end())
        visit_members(*properties,
                      {scope, nullptr, nullptr, path + "." + one.key() + ".properties"});
  }

  void visit_scalable(const plan::Scalable& scalable, const PlaceInPlan& place) {
    visit_value(place, "default_instances", scalable.default_instances);
    visit_value(place, "min_instances", scalable.min_instances);
    visit_value(place, "max_instances", scalable.max_instances);
    visit_value(place, "current_instances", scalable.current_instances);
    visit_value(place, "planned_instances", scalable.planned_instances);
  }

  void visit_operations(const plan::OperationMap* operations, const PlaceInPlan& place) {
    if (operations == nullptr || !has_functions(*operations)) return;
    for (const auto& [name, operation] : *operations)
      visit_members(operation->inputs, at(place, place.path + "." + name + ".inputs"));
  }

  // Nodes of a type share their operations, most of which have nothing to evaluate.
  bool has_functions(const plan::OperationMap& operations) {
    const auto [known, is_new] = has_functions_.emplace(&operations, false);
    if (!is_new) return known->second;
    for (const auto& [name, operation] : operations)
      if (schema::contains_function(operation->inputs)) known->second = true;
    return known->second;
  }

  const VisitPlace& visit_;
  std::unordered_map<const plan::OperationMap*, bool> has_functions_;
};

}  // namespace

void visit_places(const plan::Plan& plan, const VisitPlace& visit) {
  Visitor(visit).visit(plan);
}

functions::Context context_of(const PlaceInPlan& place) {
  functions::Context context;
  context.scope = place.scope;
  context.path = place.path;
  if (place.node != nullptr) context.node = place.node->id;
  if (place.relationship != nullptr) context.target_node = place.relationship->target_id;
  return context;
}

}  // namespace cfy::deploy
