#include "dsl/workflows.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "dsl/fields.hpp"
#include "dsl/schemas.hpp"
#include "yaml/to_json.hpp"

namespace cfy::dsl {
namespace {

constexpr std::array<Field, 4> kWorkflowFields = {{{"mapping", Shape::string, true},
                                                   {"parameters", Shape::map},
                                                   {"is_cascading", Shape::boolean},
                                                   {"availability_rules", Shape::map, false, 4}}};
constexpr std::array<Field, 3> kRuleFields = {{{"available", Shape::boolean},
                                               {"node_instances_active", Shape::list},
                                               {"node_types_required", Shape::list}}};

class WorkflowReader {
 public:
  WorkflowReader(Blueprint& blueprint, MappingResolver& resolver)
      : blueprint_(blueprint), context_(blueprint.context), resolver_(resolver) {}

  void read(const Element& element, const Path& section) {
    const Path path(section, element.name());
    plan::Workflow workflow;
    const Value* mapping = element.value;
    if (!element.value->is_string()) {
      if (element.value->is_null()) {
        context_.error(1, element.key->range(), path, "a workflow needs a mapping");
        return;
      }
      if (!check_fields(context_, *element.value, kWorkflowFields, "a workflow", path)) return;
      mapping = find_given(*element.value, "mapping");
      read_long_form(*element.value, workflow, path);
      note_parameters(element);
    }
    workflow.declared_at = context_.at(mapping->range());
    workflow.range = mapping->range();
    apply(*mapping, workflow, path);
    blueprint_.plan.workflows[std::string(element.name())] = std::move(workflow);
  }

 private:
  // Where parameters are declared, for messages about their values.
  void note_parameters(const Element& element) {
    const std::string prefix = fmt::format("workflows.{}.parameters.", element.name());
    for (const yaml::Entry& entry : entries_of(find_given(*element.value, "parameters")))
      if (entry.key->is_string()) {
        const std::string place = prefix + std::string(entry.key->text());
        blueprint_.plan.declared_at[place] = context_.at(entry.key->range());
        blueprint_.plan.places[place] = entry.key->range();
      }
  }

  void read_long_form(const Value& value, plan::Workflow& workflow, const Path& path) {
    const Value* parameters = find_given(value, "parameters");
    const Path inner(path, "parameters");
    workflow.parameters =
        read_schemas(context_, parameters, SchemaOf::parameter, blueprint_.data_types.names, inner);
    check_defaults(context_, parameters, workflow.parameters, SchemaOf::parameter,
                   blueprint_.data_types.flattened, inner);
    if (const Value* cascading = find_given(value, "is_cascading"))
      workflow.is_cascading = cascading->boolean();
    if (const Value* rules = find_given(value, "availability_rules"))
      read_rules(*rules, workflow, Path(path, "availability_rules"));
  }

  void read_rules(const Value& rules, plan::Workflow& workflow, const Path& path) {
    if (!check_fields(context_, rules, kRuleFields, "'availability_rules'", path)) return;
    const std::vector<std::string> kKnown = {"all", "partial", "none"};
    const Path active_path(path, "node_instances_active");
    for (const Value* item : items_of(find_given(rules, "node_instances_active"))) {
      if (!check_shape(context_, *item, Shape::string, active_path)) return;
      if (std::find(kKnown.begin(), kKnown.end(), item->text()) != kKnown.end()) continue;
      context_
          .error(103, item->range(), active_path,
                 fmt::format("'{}' is not one of {}", item->text(), base::join(kKnown, ", ")))
          .hint = base::did_you_mean(item->text(), kKnown);
    }
    for (const Value* item : items_of(find_given(rules, "node_types_required")))
      if (!check_shape(context_, *item, Shape::string, Path(path, "node_types_required"))) return;
    workflow.availability_rules = yaml::to_json(rules);
  }

  void apply(const Value& value, plan::Workflow& workflow, const Path& path) {
    const std::string text(value.text());
    const Mapping& mapping = resolver_.resolve(text);
    workflow.plugin = mapping.plugin;
    if (mapping.kind == Mapping::Kind::function) {
      workflow.operation = mapping.operation;
    } else if (mapping.is_script()) {
      apply_script(value, mapping, workflow, path);
    } else {
      report(value, mapping, path);
    }
  }

  void apply_script(const Value& value, const Mapping& mapping, plan::Workflow& workflow,
                    const Path& path) {
    workflow.operation = "script_runner.tasks.execute_workflow";
    const std::string input(mapping.script_input());
    for (const char* key : {"script_path", "script_source"})
      if (workflow.parameters.contains(key))
        context_.error(60, value.range(), path,
                       fmt::format("this workflow is a script, so that its parameter '{}' cannot "
                                   "be set",
                                   key));
    workflow.parameters[input] = {{"default", value.text()},
                                  {"description", "Workflow script executed by the script plugin"}};
  }

  void report(const Value& value, const Mapping& mapping, const Path& path) {
    const Path inner(path, "mapping");
    if (mapping.kind == Mapping::Kind::no_script_plugin) {
      context_
          .error(61, value.range(), inner,
                 "this workflow is a script, but no plugin's name ends with 'script'")
          .hint = "import cloudify/types/types.yaml, which declares it";
    } else if (mapping.kind == Mapping::Kind::ambiguous) {
      context_.error(91, value.range(), inner,
                     fmt::format("'{}' fits several plugins: {}", value.text(),
                                 base::join(mapping.candidates, ", ")));
    } else {
      context_
          .error(21, value.range(), inner,
                 fmt::format("the mapping '{}' is neither of a plugin nor a script", value.text()))
          .hint = resolver_.hint(value.text());
    }
  }

  Blueprint& blueprint_;
  Context& context_;
  MappingResolver& resolver_;
};

}  // namespace

void read_workflows(Blueprint& blueprint, MappingResolver& resolver) {
  const Path path("workflows");
  WorkflowReader reader(blueprint, resolver);
  for (const Element& element : blueprint.merged.section("workflows").elements)
    reader.read(element, path);
}

}  // namespace cfy::dsl
