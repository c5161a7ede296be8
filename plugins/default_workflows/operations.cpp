// execute_operation, and the workflows that are one operation each: start, stop, restart, pull.
#include <map>
#include <optional>
#include <string>

#include "selection.hpp"
#include "workflows.hpp"

namespace workflows {
namespace {

struct Call {
  std::string operation;
  cfy::OperationOptions options;
  bool is_ordered = false;  ///< targets of relationships first
};

// As Cloudify shows it: a value the way Python writes it.
std::string quoted(const std::string& text) {
  const bool has_single = text.find('\'') != std::string::npos;
  const char quote = has_single && text.find('"') == std::string::npos ? '"' : '\'';
  std::string shown(1, quote);
  for (const char c : text) {
    if (c == '\n')
      shown += "\\n";
    else if (c == quote || c == '\\')
      shown += std::string("\\") + c;
    else
      shown += c;
  }
  return shown + quote;
}

std::string shown(const cfy::json& value) {
  if (value.is_string()) return quoted(value.get<std::string>());
  if (value.is_boolean()) return value.get<bool>() ? "True" : "False";
  if (value.is_null()) return "None";
  std::string text;
  if (value.is_object()) {
    for (const auto& [name, item] : value.items())
      text += (text.empty() ? "" : ", ") + quoted(name) + ": " + shown(item);
    return "{" + text + "}";
  }
  if (!value.is_array()) return value.dump();
  for (const cfy::json& item : value)
    text += (text.empty() ? "" : ", ") + shown(item);
  return "[" + text + "]";
}

void run(const cfy::WorkflowContext& ctx, const Call& call, const Selection& selected) {
  const cfy::TaskGraph graph = ctx.graph_mode();
  std::map<cfy::NodeInstance, cfy::Subgraph> subgraphs;
  std::string start = "Starting operation " + call.operation;
  if (!call.options.kwargs.empty())
    start += " (Operation parameters: " + shown(call.options.kwargs) + ")";
  for (const cfy::NodeInstance& instance : selected.chosen) {
    if (!instance.node().has_operation(call.operation)) continue;
    const cfy::Subgraph made = graph.subgraph(instance.id());
    made.sequence().add(instance.send_event(start),
                        instance.execute_operation(call.operation, call.options),
                        instance.send_event("Finished operation " + call.operation));
    subgraphs.emplace(instance, made);
  }
  if (call.is_ordered) {
    // Empty subgraphs for the rest, so that the order also holds through instances between.
    for (const cfy::NodeInstance& instance : ctx.node_instances())
      if (!subgraphs.contains(instance)) subgraphs.emplace(instance, graph.subgraph(instance.id()));
    for (const auto& [instance, made] : subgraphs)
      for (const cfy::RelationshipInstance& relationship : instance.relationships())
        graph.add_dependency(made, subgraphs.at(relationship.target_node_instance()));
  }
  graph.execute();
}

// A dict, also where null or nothing is given.
cfy::json kwargs_of(const cfy::Parameters& parameters, const char* name) {
  using Dict = std::map<std::string, cfy::json>;
  return parameters.get<std::optional<Dict>>(name).value_or(Dict());
}

void run_lifecycle(const cfy::WorkflowContext& ctx, const cfy::Parameters& parameters,
                   const Selection& selected, const std::string& operation, const char* kwargs) {
  Call call;
  call.operation = "cloudify.interfaces.lifecycle." + operation;
  call.options.kwargs = kwargs_of(parameters, kwargs);
  call.options.allow_kwargs_override = true;
  call.is_ordered = is_on(parameters, "run_by_dependency_order", true);
  run(ctx, call, selected);
}

}  // namespace

void execute_operation(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  Call call;
  call.operation = parameters.get<std::string>("operation");
  call.options.kwargs = kwargs_of(parameters, "operation_kwargs");
  call.options.allow_kwargs_override =
      parameters.get<std::optional<bool>>("allow_kwargs_override").value_or(false);
  call.is_ordered = is_on(parameters, "run_by_dependency_order", false);
  run(ctx, call, select(ctx, parameters));
}

void start(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  run_lifecycle(ctx, parameters, select(ctx, parameters), "start", "operation_parms");
}

void stop(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  run_lifecycle(ctx, parameters, select(ctx, parameters), "stop", "operation_parms");
}

void restart(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  const Selection selected = select(ctx, parameters);
  run_lifecycle(ctx, parameters, selected, "stop", "stop_parms");
  run_lifecycle(ctx, parameters, selected, "start", "start_parms");
}

void pull(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  run_lifecycle(ctx, parameters, select(ctx, parameters), "pull", "operation_parms");
}

}  // namespace workflows
