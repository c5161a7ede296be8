#include "store/operations.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <unordered_map>

#include "store/row_shapes.hpp"
#include "store/transaction.hpp"

namespace cfy::store {

using base::Error;
using base::ErrorKind;
using base::make_error;
using base::Result;

namespace {

#define CFY_OPERATION_COLUMN_NAMES                                                               \
  "key, id, type, name, state, attempt, dependencies, parameters, started_ms, ended_ms, error, " \
  "result, task_key, subgraph, batch, is_late, is_for_this_run, is_undo"
#define CFY_OPERATION_COLUMNS CFY_OPERATION_COLUMN_NAMES " FROM operations "

std::int64_t first_row_id(GraphId graph) {
  return static_cast<std::int64_t>(graph) << 32;
}
std::int64_t row_id(OperationKey key) {
  return first_row_id(key.graph) + key.number;
}

// By hand, as a million lists of two numbers should not become a million JSON trees.
std::string to_text(const std::vector<std::uint32_t>& numbers) {
  std::string text = "[";
  for (const std::uint32_t number : numbers) {
    if (text.size() > 1) text += ',';
    text += std::to_string(number);
  }
  return text += ']';
}

std::vector<std::uint32_t> numbers_from(std::string_view text) {
  std::vector<std::uint32_t> numbers;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    std::uint32_t number = 0;
    const auto [next, code] = std::from_chars(at, end, number);
    if (code == std::errc()) numbers.push_back(number);
    at = code == std::errc() ? next : at + 1;
  }
  return numbers;
}

Operation read_operation(Query& row) {
  row.identify("operations", 1);
  Operation operation;
  operation.number = static_cast<std::uint32_t>(row.integer(0) & 0xFFFFFFFF);
  operation.id = row.text(1);
  operation.type = row.text(2);
  operation.name = row.text(3);
  operation.state = row.text(4);
  operation.attempt = static_cast<std::uint32_t>(row.integer(5));
  operation.dependencies = numbers_from(row.text_view(6));
  operation.parameters = row.shaped(7, is_task_parameters);
  operation.started_ms = row.optional_integer(8);
  operation.ended_ms = row.optional_integer(9);
  operation.error = row.text(10);
  operation.result = row.json(11);
  operation.task_key = row.text(12);
  if (const auto subgraph = row.optional_integer(13))
    operation.subgraph = static_cast<std::uint32_t>(*subgraph);
  operation.batch = static_cast<std::uint32_t>(row.integer(14));
  operation.is_late = row.integer(15) != 0;
  operation.is_for_this_run = row.integer(16) != 0;
  operation.is_undo = row.integer(17) != 0;
  return operation;
}

std::uint32_t number_in(std::string_view task_id) {
  std::uint32_t number = 0;
  const auto dash = task_id.rfind('-');
  if (dash != std::string_view::npos)
    std::from_chars(task_id.data() + dash + 1, task_id.data() + task_id.size(), number);
  return number;
}

// Whoever goes from a task outwards would never come to an end.
bool has_cycle_of_subgraphs(const std::vector<Operation>& rows) {
  std::unordered_map<std::uint32_t, std::uint32_t> outer;
  for (const Operation& row : rows)
    if (row.subgraph) outer.emplace(row.number, *row.subgraph);
  std::unordered_map<std::uint32_t, std::uint32_t> seen_from;
  for (const auto& [start, first] : outer)
    for (std::uint32_t at = start;;) {
      const auto [seen, is_new] = seen_from.try_emplace(at, start);
      if (!is_new && seen->second == start) return true;
      const auto next = outer.find(at);
      if (!is_new || next == outer.end()) break;
      at = next->second;
    }
  return false;
}

Error unknown(OperationKey key) {
  return make_error(ErrorKind::not_found, "there is no operation {} in graph {}", key.number,
                    static_cast<std::int64_t>(key.graph));
}

}  // namespace

Result<GraphId> Operations::create_graph(const std::string& execution_id, const std::string& name,
                                         std::int64_t wall_ms) {
  auto step = Step::begin(database_);
  if (!step) return step.error();
  const auto existing = list_graphs(execution_id);
  if (!existing) return existing.error();
  for (const StoredGraph& graph : *existing)
    if (graph.name == name)
      return make_error(ErrorKind::conflict, "execution {} has a graph '{}' already", execution_id,
                        name);
  {
    Query query = database_.query(
        "INSERT INTO graphs (execution, name, created_ms)"
        " SELECT number, ?2, ?3 FROM executions WHERE id = ?1");
    if (auto done = query.bind(execution_id, name, wall_ms).run(); !done) return done.error();
  }
  if (database_.changed_rows() == 0)
    return make_error(ErrorKind::not_found, "there is no execution '{}'", execution_id);
  const auto graph = static_cast<GraphId>(database_.last_row_id());
  if (auto done = step->commit(); !done) return done.error();
  return graph;
}

Result<std::vector<StoredGraph>> Operations::list_graphs(const std::string& execution_id) {
  Query query = database_.query(
      "SELECT g.number, g.name, g.created_ms FROM graphs g "
      "JOIN executions e ON e.number = g.execution WHERE e.id = ?1 ORDER BY g.number");
  query.bind(execution_id);
  return read_all(query, [](Query& row) {
    return StoredGraph{static_cast<GraphId>(row.integer(0)), row.text(1), row.integer(2)};
  });
}

Result<void> Operations::add(GraphId graph, const Operation& operation) {
  const std::string dependencies = to_text(operation.dependencies);
  std::optional<JsonText> result;
  if (!operation.result.is_null()) result = as_json(operation.result);
  Query query = database_.query(
      "INSERT INTO operations (key, id, type, name, state, attempt, dependencies, parameters,"
      " started_ms, ended_ms, error, result, task_key, subgraph, batch, is_late, is_for_this_run,"
      " is_undo)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)");
  query.bind(row_id({graph, operation.number}), operation.id, operation.type, operation.name,
             operation.state, operation.attempt, dependencies, as_json(operation.parameters),
             operation.started_ms, operation.ended_ms, operation.error, result, operation.task_key,
             operation.subgraph, operation.batch, operation.is_late, operation.is_for_this_run,
             operation.is_undo);
  return query.run();
}

Result<std::vector<Operation>> Operations::list(GraphId graph) {
  Query query =
      database_.query("SELECT " CFY_OPERATION_COLUMNS "WHERE key >= ?1 AND key < ?2 ORDER BY key");
  const std::int64_t first = first_row_id(graph);
  query.bind(first, first + (std::int64_t{1} << 32));
  auto rows = read_all(query, read_operation);
  if (rows && has_cycle_of_subgraphs(*rows))
    return database_.damage_error(
        fmt::format("subgraphs in the table 'operations' lie in each other (graph {})",
                    static_cast<std::int64_t>(graph)));
  return rows;
}

Result<std::vector<Operation>> Operations::list(const std::string& execution_id) {
  const auto graphs = list_graphs(execution_id);
  if (!graphs) return graphs.error();
  std::vector<Operation> all;
  for (const StoredGraph& graph : *graphs) {
    auto operations = list(graph.id);
    if (!operations) return operations;
    std::move(operations->begin(), operations->end(), std::back_inserter(all));
  }
  return all;
}

Result<std::optional<Operation>> Operations::find(OperationKey key) {
  Query query = database_.query("SELECT " CFY_OPERATION_COLUMNS "WHERE key = ?1");
  query.bind(row_id(key));
  return read_first(query, read_operation);
}

Result<std::optional<std::pair<OperationKey, Operation>>> Operations::find_task(
    const std::string& execution_id, const std::string& task_id) {
  using Found = std::optional<std::pair<OperationKey, Operation>>;
  const auto graphs = list_graphs(execution_id);
  if (!graphs) return graphs.error();
  for (const StoredGraph& graph : *graphs) {
    const OperationKey key{graph.id, number_in(task_id)};
    auto row = find(key);
    if (!row) return std::move(row).error();
    if (*row && (*row)->id == task_id) return Found(std::pair(key, **std::move(row)));
  }
  return Found();
}

Result<void> Operations::set_state(OperationKey key, std::string_view state, std::uint32_t attempt,
                                   std::int64_t wall_ms) {
  std::optional<std::int64_t> started_ms;
  if (state == "started") started_ms = wall_ms;
  Query query = database_.query(
      "UPDATE operations SET state = ?2, attempt = ?3, started_ms = coalesce(?4, started_ms)"
      " WHERE key = ?1");
  if (auto done = query.bind(row_id(key), state, attempt, started_ms).run(); !done) return done;
  if (database_.changed_rows() == 0) return unknown(key);
  return {};
}

Result<void> Operations::finish(OperationKey key, const OperationEnd& end) {
  Query query = database_.query(
      "UPDATE operations SET state = ?3, result = ?4, error = ?5, ended_ms = ?6 "
      "WHERE key = ?1 AND attempt = ?2 AND state NOT IN ('succeeded', 'failed')");
  return write_end(query, key, end);
}

Result<void> Operations::respond(OperationKey key, const OperationEnd& end) {
  Query query = database_.query(
      "UPDATE operations SET state = ?3, result = ?4, error = ?5, ended_ms = ?6 "
      "WHERE key = ?1 AND attempt = ?2 AND state IN ('pending', 'started')");
  OperationEnd responded = end;
  responded.state = "responded";
  return write_end(query, key, responded);
}

Result<void> Operations::finish_again(OperationKey key, const OperationEnd& end) {
  Query query = database_.query(
      "UPDATE operations SET state = ?3, result = ?4, error = ?5, ended_ms = ?6, attempt = ?2 "
      "WHERE key = ?1");
  return write_end(query, key, end);
}

Result<void> Operations::write_end(Query& query, OperationKey key, const OperationEnd& end) {
  std::optional<JsonText> result;
  if (!end.result.is_null()) result = as_json(end.result);
  query.bind(row_id(key), end.attempt, end.state, result, end.error, end.wall_ms);
  if (auto done = query.run(); !done) return done;
  if (database_.changed_rows() > 0) return {};
  const auto now = find(key);
  if (!now) return now.error();
  if (!now->has_value()) return unknown(key);
  return make_error(ErrorKind::conflict,
                    "operation {} is {} in attempt {} by now; attempt {} came "
                    "too late",
                    (*now)->id, (*now)->state, (*now)->attempt, end.attempt);
}

Result<void> Operations::begin_call(OperationKey key, const Call& call) {
  Query query = database_.query(
      "INSERT OR REPLACE INTO calls (operation, worker_pid, worker_started_ticks, began_ticks)"
      " VALUES (?1, ?2, ?3, ?4)");
  query.bind(row_id(key), call.worker_pid, call.worker_started_ticks, call.began_ticks);
  return query.run();
}

Result<void> Operations::end_call(OperationKey key) {
  Query query = database_.query("DELETE FROM calls WHERE operation = ?1");
  return query.bind(row_id(key)).run();
}

Result<void> Operations::forget_calls(const std::string& execution_id) {
  Query query = database_.query(
      "DELETE FROM calls WHERE operation >> 32 IN (SELECT g.number FROM graphs g"
      " JOIN executions e ON e.number = g.execution WHERE e.id = ?1)");
  return query.bind(execution_id).run();
}

Result<std::vector<std::pair<Operation, Call>>> Operations::list_calls(
    const std::string& execution_id) {
  Query query = database_.query(
      "SELECT " CFY_OPERATION_COLUMN_NAMES
      ", worker_pid, worker_started_ticks, began_ticks FROM calls"
      " JOIN operations ON key = operation WHERE operation >> 32 IN (SELECT g.number FROM graphs g"
      " JOIN executions e ON e.number = g.execution WHERE e.id = ?1) ORDER BY operation");
  query.bind(execution_id);
  return read_all(query, [](Query& row) {
    return std::pair(read_operation(row), Call{row.integer(18), row.integer(19), row.integer(20)});
  });
}

Result<std::vector<std::string>> Operations::executions_with_calls(
    const std::string& deployment_id) {
  Query query = database_.query(
      "SELECT DISTINCT e.id FROM calls c JOIN graphs g ON g.number = c.operation >> 32"
      " JOIN executions e ON e.number = g.execution WHERE e.deployment_id = ?1");
  query.bind(deployment_id);
  return read_all(query, [](Query& row) { return row.text(0); });
}

Result<void> Operations::use_up_undo(OperationKey undo) {
  Query query = database_.query(
      "UPDATE operations SET is_undo = 0 WHERE key = ?1"
      " OR (key > ?1 AND key < ?2 AND subgraph = ?3)");
  query.bind(row_id(undo), first_row_id(undo.graph) + (std::int64_t{1} << 32), undo.number);
  return query.run();
}

Result<void> Operations::reset(OperationKey key) {
  Query query = database_.query(
      "UPDATE operations SET state = 'pending', attempt = 0, started_ms = NULL, ended_ms = NULL,"
      " error = '', result = NULL WHERE key = ?1");
  if (auto done = query.bind(row_id(key)).run(); !done) return done;
  if (database_.changed_rows() == 0) return unknown(key);
  return {};
}

}  // namespace cfy::store
