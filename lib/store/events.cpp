#include "store/events.hpp"

#include <algorithm>

#include "store/transaction.hpp"

namespace cfy::store {

using base::ErrorKind;
using base::make_error;
using base::Result;
using event::Event;

namespace {

std::int64_t first_key(std::int64_t execution) {
  return execution << 32;
}

using Text = std::optional<std::string_view>;

// Most texts of most events are empty; null takes one byte.
Text unless_empty(const std::string& text) {
  return text.empty() ? Text() : Text(text);
}

Result<void> insert(Database& database, std::int64_t key, const Event& event) {
  const event::Context& c = event.context;
  std::optional<std::int64_t> current, total;
  if (c.task_current_retries >= 0) {
    current = c.task_current_retries;
    total = c.task_total_retries;
  }
  std::optional<JsonText> causes, additional;
  if (!c.task_error_causes.is_null()) causes = as_json(c.task_error_causes);
  if (!c.additional.is_null()) additional = as_json(c.additional);
  Query query = database.query(
      "INSERT INTO events (key, wall_ms, is_log, event_type, level, logger, text, node_id,"
      " node_name, operation, plugin, task_id, task_name, task_target, task_queue, source_id,"
      " source_name, target_id, target_name, task_current_retries, task_total_retries,"
      " task_error_causes, additional_context) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
      "?11,"
      " ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)");
  query.bind(key, event.wall_ms, event.kind == Event::Kind::log, unless_empty(event.event_type),
             unless_empty(event.level), unless_empty(event.logger), event.text,
             unless_empty(c.node_id), unless_empty(c.node_name), unless_empty(c.operation),
             unless_empty(c.plugin), unless_empty(c.task_id), unless_empty(c.task_name),
             unless_empty(c.task_target), unless_empty(c.task_queue), unless_empty(c.source_id),
             unless_empty(c.source_name), unless_empty(c.target_id), unless_empty(c.target_name),
             current, total, causes, additional);
  return query.run();
}

StoredEvent read_event(Query& row) {
  StoredEvent stored;
  row.identify("events", 0);
  stored.sequence = row.integer(0) & 0xFFFFFFFF;
  Event& event = stored.event;
  event::Context& c = event.context;
  event.wall_ms = row.integer(1);
  event.kind = row.integer(2) != 0 ? Event::Kind::log : Event::Kind::event;
  std::string* const texts[] = {&event.event_type, &event.level,   &event.logger,  &event.text,
                                &c.node_id,        &c.node_name,   &c.operation,   &c.plugin,
                                &c.task_id,        &c.task_name,   &c.task_target, &c.task_queue,
                                &c.source_id,      &c.source_name, &c.target_id,   &c.target_name};
  int column = 3;
  for (std::string* text : texts)
    *text = row.text(column++);
  c.task_current_retries = row.optional_integer(column++).value_or(-1);
  c.task_total_retries = row.integer(column++);
  c.task_error_causes = row.json(column++);
  c.additional = row.json(column++);
  c.execution_id = row.text(column++);
  c.workflow_id = row.text(column++);
  c.deployment_id = row.text(column++);
  c.blueprint_id = row.text(column++);
  return stored;
}

}  // namespace

Result<std::int64_t> Events::execution_number(const std::string& execution_id) {
  if (last_execution_.first == execution_id) return last_execution_.second;
  Query query = database_.query("SELECT number FROM executions WHERE id = ?1");
  query.bind(execution_id);
  const auto found = read_first(query, [](Query& row) { return row.integer(0); });
  if (!found) return found.error();
  if (!found->has_value())
    return make_error(ErrorKind::not_found, "there is no execution '{}'", execution_id);
  last_execution_ = {execution_id, **found};
  return **found;
}

Result<std::int64_t> Events::last_key(std::int64_t execution) {
  Query query = database_.query("SELECT max(key) FROM events WHERE key < ?1");
  query.bind(first_key(execution + 1));
  const auto found = read_first(query, [](Query& row) { return row.integer(0); });
  if (!found) return found.error();
  return std::max(found->value_or(0), first_key(execution));
}

Result<void> Events::append(std::span<const Event> events) {
  auto step = Step::begin(database_);
  if (!step) return step.error();
  std::int64_t last_execution = 0, key = 0;
  for (const Event& event : events) {
    const auto execution = execution_number(event.context.execution_id);
    if (!execution) return execution.error();
    if (*execution != last_execution) {
      const auto last = last_key(*execution);
      if (!last) return last.error();
      last_execution = *execution;
      key = *last;
    }
    if (auto done = insert(database_, ++key, event); !done) return done;
  }
  return step->commit();
}

Result<std::vector<StoredEvent>> Events::read_after(const std::string& execution_id,
                                                    std::int64_t sequence, std::size_t limit) {
  Query query = database_.query(
      "SELECT v.key, v.wall_ms, v.is_log, v.event_type, v.level, v.logger, v.text, v.node_id,"
      " v.node_name, v.operation, v.plugin, v.task_id, v.task_name, v.task_target, v.task_queue,"
      " v.source_id, v.source_name, v.target_id, v.target_name, v.task_current_retries,"
      " v.task_total_retries, v.task_error_causes, v.additional_context, e.id, e.workflow_id, "
      "d.id, d.blueprint_id "
      "FROM executions e JOIN deployments d ON d.id = e.deployment_id "
      "JOIN events v ON v.key > (e.number << 32) + ?2 AND v.key < (e.number + 1) << 32 "
      "WHERE e.id = ?1 ORDER BY v.key LIMIT ?3");
  query.bind(execution_id, sequence, limit);
  return read_all(query, read_event);
}

}  // namespace cfy::store
