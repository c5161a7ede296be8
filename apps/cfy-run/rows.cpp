#include "rows.hpp"

#include <fmt/format.h>

#include "base/clock.hpp"
#include "deploy/evaluate_plan.hpp"
#include "exec/execution_row.hpp"
#include "exec/instance_rows.hpp"
#include "exec/secret_source.hpp"
#include "ui/printable.hpp"

namespace cfy::app {
namespace {

json time_of(std::optional<std::int64_t> wall_ms) {
  return wall_ms ? json(base::to_iso8601(*wall_ms)) : json();
}

}  // namespace

json to_json(const store::Execution& row) {
  return exec::to_json(row);
}

json to_json(const store::Operation& row) {
  return {{"id", row.id},
          {"number", row.number},
          {"type", row.type},
          {"name", row.name},
          {"task", row.task_key},
          {"state", row.state},
          {"dependencies", row.dependencies},
          {"containing_subgraph", row.subgraph ? json(*row.subgraph) : json()},
          {"parameters", row.parameters},
          {"current_retries", row.attempt},
          {"started_at", time_of(row.started_ms)},
          {"ended_at", time_of(row.ended_ms)},
          {"error", row.error.empty() ? json() : json(row.error)},
          {"result", row.result}};
}

json to_json(const store::Modification& row) {
  return {{"id", row.id},
          {"deployment_id", row.deployment_id},
          {"execution_id", row.execution_id},
          {"status", row.status},
          {"modified_nodes", row.changes},
          {"added", row.added},
          {"removed", row.removed},
          {"created_at", time_of(row.created_ms)},
          {"ended_at", time_of(row.ended_ms)}};
}

json to_json(const store::Update& row) {
  return {{"id", row.id},
          {"deployment_id", row.deployment_id},
          {"execution_id", row.execution_id},
          {"status", row.status},
          {"blueprint_before", row.blueprint_before},
          {"inputs_before", deploy::evaluate_inputs(row.inputs_before)},
          {"created_at", time_of(row.created_ms)},
          {"ended_at", time_of(row.ended_ms)}};
}

json to_json(const store::Deployment& row) {
  return {{"id", row.id},
          {"blueprint_id", row.blueprint_id},
          {"blueprint_path", row.blueprint_path},
          {"inputs", deploy::evaluate_inputs(row.inputs)},
          {"created_at", time_of(row.created_ms)},
          {"updated_at", time_of(row.updated_ms)}};
}

json to_json(const store::NodeInstance& row) {
  json instance = exec::to_json(row);
  instance["deployment_id"] = row.deployment_id;
  return instance;
}

base::Result<void> hide_secrets(json& rows, store::Store& store, const Io& io) {
  exec::SecretSource secrets(io.secrets, {});
  if (auto masked = secrets.mask_stored(store); !masked) return masked;
  for (json& row : rows)
    for (const char* member : {"parameters", "error", "result"})
      if (const auto found = row.find(member); found != row.end()) secrets.mask().apply(*found);
  return {};
}

void print_fields(std::FILE* out, const json& object) {
  std::vector<std::pair<std::string, std::string>> lines;
  std::size_t width = 0;
  for (const auto& [name, value] : object.items()) {
    const std::string text = value.is_string()
                                 ? value.get<std::string>()
                                 : value.dump(-1, ' ', false, json::error_handler_t::replace);
    lines.emplace_back(ui::to_one_line(name), ui::to_one_line(text));
    width = std::max(width, lines.back().first.size());
  }
  for (const auto& [name, text] : lines)
    say(out, "{:<{}}  {}\n", name + ":", width + 1, text);
}

}  // namespace cfy::app
