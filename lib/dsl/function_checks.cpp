#include "dsl/function_checks.hpp"

#include <unordered_map>

#include <fmt/format.h>

#include "dsl/fields.hpp"
#include "dsl/problems.hpp"
#include "functions/check.hpp"

namespace cfy::dsl {
namespace {

class BlueprintCatalog final : public functions::Catalog {
 public:
  explicit BlueprintCatalog(const Blueprint& blueprint) : blueprint_(blueprint) {}

  bool has_input(std::string_view name) const override {
    return blueprint_.plan.inputs.contains(std::string(name));
  }
  const json* find_properties(std::string_view node) const override {
    const auto index = blueprint_.find_node(node);
    return index ? &blueprint_.plan.nodes[*index].properties : nullptr;
  }
  std::vector<std::string> input_names() const override {
    if (!may_list(blueprint_.plan.inputs.size())) return {};
    std::vector<std::string> names;
    for (const auto& item : blueprint_.plan.inputs.items())
      names.push_back(item.key());
    return names;
  }
  std::vector<std::string> node_names() const override {
    if (!may_list(blueprint_.plan.nodes.size())) return {};
    std::vector<std::string> names;
    for (const plan::Node& node : blueprint_.plan.nodes)
      names.push_back(node.id);
    return names;
  }
  int dsl_minor() const override {
    return blueprint_.context.validate_version ? blueprint_.context.dsl_minor : 5;
  }

 private:
  // Names are for hints only; thousands of errors must not each look at thousands of names.
  bool may_list(std::size_t count) const {
    if (names_left_ < count) return false;
    names_left_ -= count;
    return true;
  }

  const Blueprint& blueprint_;
  mutable std::size_t names_left_ = 1'000'000;
};

class FunctionChecker {
 public:
  explicit FunctionChecker(Blueprint& blueprint)
      : blueprint_(blueprint), plan_(blueprint.plan), catalog_(blueprint) {}

  void run() {
    plan_.requirements = {{"secrets", json::array()}, {"parent_capabilities", json::array()}};
    for (std::size_t i = 0; i < plan_.nodes.size(); ++i)
      check_node(i);
    check_outputs("outputs", functions::Scope::outputs, plan_.outputs);
    check_outputs("capabilities", functions::Scope::capabilities, plan_.capabilities);
    check_sections();
  }

 private:
  // `written` is where the data stands in the file, as far as it does.
  void check(const json& data, const functions::Place& place, const Value& written,
             std::string_view subject, const Path& path) {
    if (!schema::contains_function(data)) return;
    schema::Problems problems;
    functions::check_functions(data, place, catalog_, problems);
    report(blueprint_.context, problems, subject, written, path);
    functions::collect_requirements(data, plan_.requirements);
  }

  void check_node(std::size_t index) {
    if (blueprint_.broken_nodes[index]) return;
    const plan::Node& node = plan_.nodes[index];
    const Element& element = *blueprint_.node_elements[index];
    const functions::Place place{functions::Scope::node_template, node.id, {}};
    const Path section("node_templates");
    const Path path(section, node.id);
    const Value* properties = find_given(*element.value, "properties");
    check(node.properties, place, properties == nullptr ? *element.key : *properties, "property",
          Path(path, "properties"));
    check_scalable(node, element, place, path);
    check_operations(*node.operations, place, find_given(*element.value, "interfaces"),
                     *element.key, Path(path, "interfaces"));
    const auto written = items_of(find_given(*element.value, "relationships"));
    const Path list(path, "relationships");
    if (written.size() != node.relationships.size()) return;  // some are wrong, and reported
    for (std::size_t i = 0; i < written.size(); ++i)
      check_relationship(node, node.relationships[i], *written[i], Path(list, i));
  }

  void check_scalable(const plan::Node& node, const Element& element, const functions::Place& place,
                      const Path& path) {
    const plan::Scalable& scalable = node.scalable;
    const Value* capabilities = find_given(*element.value, "capabilities");
    if (capabilities == nullptr) return;
    const Path inner(path, "capabilities");
    for (const json* count :
         {&scalable.default_instances, &scalable.min_instances, &scalable.max_instances})
      if (count->is_object()) check(*count, place, *capabilities, "number of instances", inner);
  }

  void check_relationship(const plan::Node& node, const plan::Relationship& relationship,
                          const Value& written, const Path& path) {
    const functions::Place place{functions::Scope::relationship, node.id, relationship.target_id};
    check_operations(*relationship.source_operations, place,
                     find_given(written, "source_interfaces"), written,
                     Path(path, "source_interfaces"));
    check_operations(*relationship.target_operations, place,
                     find_given(written, "target_interfaces"), written,
                     Path(path, "target_interfaces"));
  }

  void check_operations(const plan::OperationMap& operations, const functions::Place& place,
                        const Value* interfaces, const Value& holder, const Path& path) {
    if (!has_functions(operations)) return;
    for (const auto& [name, operation] : operations) {
      // An operation stands under its bare name too; the full one alone has a dot before that.
      if (!operation->has_intrinsic_functions || name.find('.') == std::string::npos) continue;
      const std::size_t dot = name.rfind('.');
      const Value& written =
          interfaces == nullptr
              ? holder
              : locate(*interfaces, {name.substr(0, dot), name.substr(dot + 1), "inputs"});
      check(operation->inputs, place, written, fmt::format("input of '{}'", name),
            Path(path, name));
    }
  }

  // Most nodes share their operations with others: each map is looked through once.
  bool has_functions(const plan::OperationMap& operations) {
    const auto [known, is_new] = has_functions_.try_emplace(&operations, false);
    if (is_new)
      for (const auto& [name, operation] : operations)
        known->second = known->second || operation->has_intrinsic_functions;
    return known->second;
  }

  void check_outputs(std::string_view section_name, functions::Scope scope,
                     const std::map<std::string, plan::Output, std::less<>>& outputs) {
    const Path section(section_name);
    for (const Element& element : blueprint_.merged.section(section_name).elements) {
      const auto output = outputs.find(element.name());
      if (output == outputs.end()) continue;
      const Path path(section, element.name());
      check(output->second.value, {scope, {}, {}}, *element.value->find("value"), "value",
            Path(path, "value"));
    }
  }

  void check_sections() {
    const auto check_whole = [&](std::string_view name, const json& data, functions::Scope scope) {
      if (const Value* written = blueprint_.merged.find_whole(name))
        check(data, {scope, {}, {}}, *written, name, Path(name));
    };
    check_whole("policies", plan_.policies, functions::Scope::policies);
    check_whole("deployment_settings", plan_.deployment_settings,
                functions::Scope::deployment_settings);
    const Path labels("labels");
    for (const Element& element : blueprint_.merged.section("labels").elements) {
      const auto label = plan_.labels.find(std::string(element.name()));
      if (label == plan_.labels.end()) continue;
      // As a list: a label may have the name of a function, without being one.
      check(label->value("values", json::array()), {functions::Scope::labels, {}, {}},
            *element.value->find("values"), "label", Path(labels, element.name()));
    }
  }

  Blueprint& blueprint_;
  plan::Plan& plan_;
  BlueprintCatalog catalog_;
  std::unordered_map<const plan::OperationMap*, bool> has_functions_;
};

}  // namespace

void check_all_functions(Blueprint& blueprint) {
  FunctionChecker(blueprint).run();
}

}  // namespace cfy::dsl
