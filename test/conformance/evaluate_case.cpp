// Cases that evaluate functions at run time.
#include "functions/sections.hpp"
#include "json_storage.hpp"
#include "run.hpp"

namespace cfy::conformance {
namespace {

using functions::Answer;
using functions::Context;
using functions::Scope;

json to_result(Answer answer) {
  if (!answer.ok()) return failure(*answer.fault);
  return {{"ok", true}, {"value", std::move(answer.value)}};
}

Context read_context(const json& from) {
  Context context;
  context.self = from.value("self", "");
  context.source = from.value("source", "");
  context.target = from.value("target", "");
  context.node = from.value("source_node", "");
  context.target_node = from.value("target_node", "");
  if (from.contains("source") && from.contains("target"))
    context.scope = Scope::relationship;
  else if (from.contains("self"))
    context.scope = Scope::node_template;
  return context;
}

// The members of `map`, not the map as a whole.
Answer evaluate_members(json map, const Context& context, functions::Storage& storage) {
  functions::Evaluator evaluator(storage, functions::Stage::runtime);
  for (json& member : map) {
    Answer answer = evaluator.evaluate(member, context);
    if (!answer.ok()) return answer;
    member = std::move(answer.value);
  }
  return map;
}

Answer evaluate_node(json node, const std::string& instance, functions::Storage& storage) {
  Context context;
  context.scope = Scope::node_template;
  context.node = node.at("id").get<std::string>();
  context.instance_hint = instance;
  std::vector<json*> maps = {&node.at("properties")};
  if (node.contains("capabilities"))
    for (json& capability : node["capabilities"])
      if (capability.contains("properties")) maps.push_back(&capability["properties"]);
  for (json* map : maps) {
    Answer answer = evaluate_members(*map, context, storage);
    if (!answer.ok()) return answer;
    *map = std::move(answer.value);
  }
  return node;
}

Answer evaluate_instance(json instance, functions::Storage& storage) {
  if (!instance.contains("runtime_properties")) return instance;
  Context context;
  context.scope = Scope::node_template;
  context.self = instance.at("id").get<std::string>();
  context.node = instance.value("node_id", "");
  Answer answer = evaluate_members(instance["runtime_properties"], context, storage);
  if (!answer.ok()) return answer;
  instance["runtime_properties"] = std::move(answer.value);
  return instance;
}

functions::Outputs read_outputs(const json& section) {
  functions::Outputs outputs;
  for (auto one = section.begin(); one != section.end(); ++one)
    outputs.emplace(one.key(), plan::Output{one->at("value"), ""});
  return outputs;
}

// The node that is evaluated may not be among the stored ones.
json with_node(json storage, const json& node) {
  for (const json& one : storage.at("nodes"))
    if (one.at("id") == node.at("id")) return storage;
  storage["nodes"].push_back(node);
  return storage;
}

}  // namespace

json run_evaluate_case(const json& one) {
  const json& evaluate = one.at("evaluate");
  const std::string function = evaluate.at("function");
  const json& payload = evaluate.at("payload");
  JsonStorage storage(evaluate.at("storage"));
  if (function == "evaluate_outputs")
    return to_result(functions::evaluate_outputs(read_outputs(payload), storage));
  if (function == "evaluate_capabilities")
    return to_result(functions::evaluate_capabilities(read_outputs(payload), storage));
  if (function == "evaluate_node_functions") {
    const json known = with_node(evaluate.at("storage"), payload);
    JsonStorage with_payload(known);
    return to_result(evaluate_node(payload, evaluate.value("instance_context", ""), with_payload));
  }
  if (function == "evaluate_node_instance_functions")
    return to_result(evaluate_instance(payload, storage));
  return to_result(
      evaluate_members(payload, read_context(evaluate.value("context", json::object())), storage));
}

}  // namespace cfy::conformance
