#include "dsl/function_checks.hpp"

#include <algorithm>
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
  bool has_node(std::string_view name) const override {
    return blueprint_.find_node(name).has_value();
  }
  const json* find_properties(std::string_view node) const override {
    const auto index = blueprint_.find_node(node);
    if (!index || blueprint_.broken_nodes[*index]) return nullptr;
    return &blueprint_.plan.nodes[*index].properties;
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
  // `written` is where the data stands in the file, as far as it does; `plan_path` leads to the
  // data in the plan.
  void check(const json& data, const functions::Place& place, const Value& written,
             const Path& path, std::string plan_path) {
    if (!schema::contains_function(data)) return;
    plan_.places.emplace(plan_path, written.range());
    note_places(data, written, plan_path);
    schema::Problems problems;
    functions::check_functions(data, place, catalog_, problems);
    for (const schema::Problem& problem : problems)
      if (!is_derived_count(problem)) report_one(problem, written, path);
    functions::collect_requirements(data, plan_.requirements);
  }

  // These have the value of default_instances, which is reported itself.
  static bool is_derived_count(const schema::Problem& problem) {
    return !problem.path.empty() && (problem.path.back() == "current_instances" ||
                                     problem.path.back() == "planned_instances");
  }

  // The message speaks of the function itself, so it needs no subject.
  void report_one(const schema::Problem& problem, const Value& written, const Path& path) {
    base::Diagnostic& error = blueprint_.context.error_of_type(
        problem.type, place_of(problem, written), path, problem.message);
    error.code = problem.code;
    error.hint = problem.hint;
    const std::string inner = schema::to_string(problem.path);
    if (!inner.empty()) error.path += (inner.front() == '[' ? "" : ".") + inner;
  }

  // Where each function stands, for those that fail when they are evaluated.
  void note_places(const json& data, const Value& written, std::string& plan_path) {
    if (schema::is_function(data)) plan_.places.emplace(plan_path, written.range());
    const std::size_t length = plan_path.size();
    if (data.is_object()) {
      for (const Entry& entry : entries_of(&written)) {
        const std::string name = yaml::key_text(*entry.key);
        const auto part = data.find(name);
        if (part == data.end() || !part->is_structured()) continue;
        plan_path += '.' + name;
        note_places(*part, *entry.value, plan_path);
        plan_path.resize(length);
      }
    } else if (data.is_array()) {
      const auto items = items_of(&written);
      for (std::size_t i = 0; i < std::min(items.size(), data.size()); ++i) {
        if (!data[i].is_structured()) continue;
        plan_path += fmt::format("[{}]", i);
        note_places(data[i], *items[i], plan_path);
        plan_path.resize(length);
      }
    }
  }

  void check_node(std::size_t index) {
    const plan::Node& node = plan_.nodes[index];
    const Element& element = *blueprint_.node_elements[index];
    const functions::Place place{functions::Scope::node_template, node.id, {}};
    const Path section("node_templates");
    const Path path(section, node.id);
    const Value* properties = find_given(*element.value, "properties");
    check(node.properties, place, properties == nullptr ? *element.key : *properties,
          Path(path, "properties"), "nodes." + node.id + ".properties");
    check_scalable(node, element, place, path);
    check_operations(*node.operations, place, find_given(*element.value, "interfaces"),
                     *element.key, Path(path, "interfaces"), "nodes." + node.id + ".operations");
    const auto written = items_of(find_given(*element.value, "relationships"));
    const Path list(path, "relationships");
    auto relationship = node.relationships.begin();
    for (std::size_t i = 0; i < written.size(); ++i)
      // Those whose target is not known are not in the plan, and reported.
      if (relationship != node.relationships.end() &&
          find_text(*written[i], "target") == relationship->target_id)
        check_relationship(node, *relationship++, *written[i], Path(list, i));
  }

  void check_scalable(const plan::Node& node, const Element& element, const functions::Place& place,
                      const Path& path) {
    const plan::Scalable& scalable = node.scalable;
    const Value* capabilities = find_given(*element.value, "capabilities");
    if (capabilities == nullptr) return;
    const Value& counts = locate(*capabilities, {"scalable", "properties"});
    const Path inner(path, "capabilities");
    const auto check_count = [&](const json& count, const char* key) {
      if (count.is_object())
        check(count, place, locate(counts, {key}), inner,
              "nodes." + node.id + ".capabilities.scalable." + key);
    };
    check_count(scalable.default_instances, "default_instances");
    check_count(scalable.min_instances, "min_instances");
    check_count(scalable.max_instances, "max_instances");
  }

  void check_relationship(const plan::Node& node, const plan::Relationship& relationship,
                          const Value& written, const Path& path) {
    const functions::Place place{functions::Scope::relationship, node.id, relationship.target_id};
    const std::string plan_path = fmt::format("nodes.{}.{}", node.id, relationship.type);
    check_operations(*relationship.source_operations, place,
                     find_given(written, "source_interfaces"), written,
                     Path(path, "source_interfaces"), plan_path);
    check_operations(*relationship.target_operations, place,
                     find_given(written, "target_interfaces"), written,
                     Path(path, "target_interfaces"), plan_path);
  }

  void check_operations(const plan::OperationMap& operations, const functions::Place& place,
                        const Value* interfaces, const Value& holder, const Path& path,
                        const std::string& plan_path) {
    if (!has_functions(operations)) return;
    for (const auto& [name, operation] : operations) {
      // An operation stands under its bare name too; the full one alone has a dot before that.
      if (!operation->has_intrinsic_functions || name.find('.') == std::string::npos) continue;
      const std::size_t dot = name.rfind('.');
      const Value& written =
          interfaces == nullptr
              ? holder
              : locate(*interfaces, {name.substr(0, dot), name.substr(dot + 1), "inputs"});
      check(operation->inputs, place, written, Path(path, name),
            fmt::format("{}.{}.inputs", plan_path, name));
      // It is evaluated under the name that comes first, which may be the bare one.
      const auto bare = operations.find(name.substr(dot + 1));
      if (bare != operations.end() && bare->second == operation) {
        std::string bare_path = fmt::format("{}.{}.inputs", plan_path, bare->first);
        plan_.places.emplace(bare_path, written.range());
        note_places(operation->inputs, written, bare_path);
      }
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
      check(output->second.value, {scope, {}, {}}, *element.value->find("value"),
            Path(path, "value"), fmt::format("{}.{}", section_name, element.name()));
    }
  }

  void check_sections() {
    const auto check_whole = [&](std::string_view name, const json& data, functions::Scope scope) {
      if (const Value* written = blueprint_.merged.find_whole(name))
        check(data, {scope, {}, {}}, *written, Path(name), std::string(name));
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
            *element.value->find("values"), Path(labels, element.name()),
            fmt::format("labels.{}.values", element.name()));
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
