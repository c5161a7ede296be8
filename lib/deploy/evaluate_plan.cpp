// Evaluation in the order of places.hpp; there is what can hold functions at all.
#include "deploy/evaluate_plan.hpp"

#include <unordered_map>

#include "deploy/places.hpp"
#include "deploy/plan_storage.hpp"
#include "deploy/report.hpp"

namespace cfy::deploy {
namespace {

using functions::Scope;
using plan::json;
using OperationsPtr = std::shared_ptr<const plan::OperationMap>;

class PlanEvaluation {
 public:
  PlanEvaluation(plan::Plan& plan, base::Diagnostics& diagnostics)
      : plan_(plan),
        diagnostics_(diagnostics),
        storage_(plan),
        evaluator_(storage_, functions::Stage::deployment) {}

  void evaluate() {
    for (plan::Node& node : plan_.nodes)
      evaluate_node(node);
    for (auto& [name, output] : plan_.outputs)
      evaluate_value(output.value, {Scope::outputs, nullptr, nullptr, "outputs." + name});
    evaluate_properties(plan_.policies, Scope::policies, "policies");
    for (auto& [name, group] : plan_.scaling_groups)
      evaluate_scalable(group.properties, {Scope::scaling_groups, nullptr, nullptr,
                                           "scaling_groups." + name + ".properties"});
    for (auto& [name, capability] : plan_.capabilities)
      evaluate_value(capability.value,
                     {Scope::capabilities, nullptr, nullptr, "capabilities." + name});
    for (auto label = plan_.labels.begin(); label != plan_.labels.end(); ++label)
      evaluate_members(*label, {Scope::labels, nullptr, nullptr, "labels." + label.key()});
    evaluate_members(plan_.deployment_settings,
                     {Scope::deployment_settings, nullptr, nullptr, "deployment_settings"});
  }

 private:
  void evaluate_node(plan::Node& node) {
    PlaceInPlan place{Scope::node_template, &node, nullptr, "nodes." + node.id};
    evaluate_members(node.properties, at(place, ".properties"));
    for (auto one = node.capabilities.begin(); one != node.capabilities.end(); ++one)
      if (const auto properties = one->find("properties"); properties != one->end())
        evaluate_members(*properties, at(place, ".capabilities." + one.key()));
    evaluate_scalable(node.scalable, at(place, ".capabilities.scalable"));
    evaluate_operations(node.operations, node.interfaces, at(place, ".operations"));
    place.scope = Scope::relationship;
    for (plan::Relationship& one : node.relationships) {
      place.relationship = &one;
      const PlaceInPlan inside = at(place, "." + one.type);
      evaluate_operations(one.source_operations, one.source_interfaces, inside);
      evaluate_operations(one.target_operations, one.target_interfaces, inside);
    }
  }

  static PlaceInPlan at(PlaceInPlan place, const std::string& below) {
    place.path += below;
    return place;
  }

  // In a copy, as the value may refer to itself or to its siblings.
  void evaluate_value(json& value, const PlaceInPlan& place) {
    if (!schema::contains_function(value)) return;
    functions::Answer answer = evaluator_.evaluate(value, context_of(place));
    if (answer.ok())
      value = std::move(answer.value);
    else
      report_fault(plan_, *answer.fault, place.path, diagnostics_);
  }

  void evaluate_members(json& map, const PlaceInPlan& place) {
    if (!map.is_object()) return;
    for (auto member = map.begin(); member != map.end(); ++member)
      if (schema::contains_function(*member))
        evaluate_value(*member, at(place, "." + member.key()));
  }

  void evaluate_properties(json& section, Scope scope, const std::string& path) {
    for (auto one = section.begin(); one != section.end(); ++one)
      if (const auto properties = one->find("properties"); properties != one->end())
        evaluate_members(*properties,
                         {scope, nullptr, nullptr, path + "." + one.key() + ".properties"});
  }

  void evaluate_scalable(plan::Scalable& scalable, const PlaceInPlan& place) {
    evaluate_value(scalable.default_instances, at(place, ".default_instances"));
    evaluate_value(scalable.min_instances, at(place, ".min_instances"));
    evaluate_value(scalable.max_instances, at(place, ".max_instances"));
    evaluate_value(scalable.current_instances, at(place, ".default_instances"));
    evaluate_value(scalable.planned_instances, at(place, ".default_instances"));
  }

  // Copies the map, and in it each operation that has functions; one operation may have two names.
  void evaluate_operations(OperationsPtr& operations, plan::Interfaces& interfaces,
                           const PlaceInPlan& place) {
    if (!operations || !has_functions(*operations)) return;
    auto own = std::make_shared<plan::OperationMap>(*operations);
    std::unordered_map<const plan::Operation*, std::shared_ptr<const plan::Operation>> evaluated;
    for (auto& [name, operation] : *own) {
      if (!schema::contains_function(operation->inputs)) continue;
      auto& known = evaluated[operation.get()];
      if (!known) known = evaluated_operation(*operation, at(place, "." + name));
      operation = known;
    }
    operations = std::move(own);
    interfaces.show_operation_inputs = shows_functions(interfaces.declared.get());
  }

  std::shared_ptr<const plan::Operation> evaluated_operation(const plan::Operation& operation,
                                                             const PlaceInPlan& place) {
    auto own = std::make_shared<plan::Operation>(operation);
    evaluate_members(own->inputs, at(place, ".inputs"));
    own->has_intrinsic_functions = schema::contains_function(own->inputs);
    return own;
  }

  bool has_functions(const plan::OperationMap& operations) {
    const auto [known, is_new] = has_functions_.emplace(&operations, false);
    if (!is_new) return known->second;
    for (const auto& [name, operation] : operations)
      if (schema::contains_function(operation->inputs)) known->second = true;
    return known->second;
  }

  bool shows_functions(const json* interfaces) {
    if (interfaces == nullptr) return false;
    const auto [known, is_new] = shows_functions_.emplace(interfaces, false);
    if (is_new) known->second = schema::contains_function(*interfaces);
    return known->second;
  }

  plan::Plan& plan_;
  base::Diagnostics& diagnostics_;
  PlanStorage storage_;
  functions::Evaluator evaluator_;
  std::unordered_map<const plan::OperationMap*, bool> has_functions_;
  std::unordered_map<const json*, bool> shows_functions_;
};

}  // namespace

void evaluate_plan(plan::Plan& plan, base::Diagnostics& diagnostics) {
  PlanEvaluation(plan, diagnostics).evaluate();
}

json evaluate_inputs(const json& inputs) {
  if (!inputs.is_object() || !schema::contains_function(inputs)) return inputs;
  plan::Plan plan;
  plan.inputs = inputs;
  PlanStorage storage(plan);
  functions::Evaluator evaluator(storage, functions::Stage::deployment);
  json values = inputs;
  for (auto input = values.begin(); input != values.end(); ++input)
    if (auto answer = evaluator.evaluate(*input, {}); answer.ok()) *input = std::move(answer.value);
  return values;
}

}  // namespace cfy::deploy
