#include "store/modifications.hpp"

#include "store/row_shapes.hpp"
#include "store/transaction.hpp"

namespace cfy::store {

using base::Error;
using base::ErrorKind;
using base::make_error;
using base::Result;

namespace {

#define CFY_MODIFICATION_COLUMNS                                                         \
  "id, deployment_id, execution_id, status, changes, added, removed, instances_before, " \
  "created_ms, ended_ms FROM modifications "

Modification read_modification(Query& row) {
  row.identify("modifications", 0);
  Modification modification;
  modification.id = row.text(0);
  modification.deployment_id = row.text(1);
  modification.execution_id = row.text(2);
  modification.status = row.text(3);
  modification.changes = row.shaped(4, is_count_changes);
  modification.added = row.shaped(5, is_texts);
  modification.removed = row.shaped(6, is_texts);
  modification.instances_before = row.shaped(7, is_kept_instances);
  modification.created_ms = row.integer(8);
  modification.ended_ms = row.optional_integer(9);
  return modification;
}

Error unknown_modification(const std::string& id) {
  return make_error(ErrorKind::not_found,
                    "there is no modification '{}'; 'cfy-run modifications list' shows all", id);
}

}  // namespace

Result<void> Modifications::create(const Modification& modification) {
  auto step = Step::begin(database_);
  if (!step) return step.error();
  auto started = find_started(modification.deployment_id);
  if (!started) return started.error();
  if (*started)
    return make_error(ErrorKind::conflict,
                      "a modification of deployment '{}' is started already: {} (by execution {}); "
                      "finish it, or undo it with 'cfy-run modifications rollback {}'",
                      modification.deployment_id, (*started)->id, (*started)->execution_id,
                      (*started)->id);
  {
    Query query = database_.query(
        "INSERT INTO modifications (id, deployment_id, execution_id, status, changes, added,"
        " removed, instances_before, created_ms, ended_ms)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    query.bind(modification.id, modification.deployment_id, modification.execution_id,
               modification.status, as_json(modification.changes), as_json(modification.added),
               as_json(modification.removed), as_json(modification.instances_before),
               modification.created_ms, modification.ended_ms);
    if (auto done = query.run(); !done) return done;
  }
  return step->commit();
}

Result<Modification> Modifications::get(const std::string& id) {
  Query query = database_.query("SELECT " CFY_MODIFICATION_COLUMNS "WHERE id = ?1");
  query.bind(id);
  auto found = read_first(query, read_modification);
  if (!found) return found.error();
  if (!found->has_value()) return unknown_modification(id);
  return **std::move(found);
}

Result<Modification> Modifications::find(const std::string& prefix) {
  if (prefix.empty())
    return Error(ErrorKind::usage, "a modification id, or its beginning, is missing");
  // The last code point there is comes after everything that begins with the prefix.
  Query query = database_.query("SELECT " CFY_MODIFICATION_COLUMNS
                                "WHERE id >= ?1 AND id < ?1 || char(1114111) ORDER BY number");
  query.bind(prefix);
  auto found = read_all(query, read_modification);
  if (!found) return found.error();
  if (found->empty()) return unknown_modification(prefix);
  if (found->size() > 1)
    return make_error(ErrorKind::usage,
                      "'{}' could be any of {} modifications; give more of its id", prefix,
                      found->size());
  return std::move(found->front());
}

Result<std::vector<Modification>> Modifications::list(
    const std::optional<std::string>& deployment_id) {
  if (deployment_id) {
    Query query = database_.query("SELECT " CFY_MODIFICATION_COLUMNS
                                  "WHERE deployment_id = ?1 ORDER BY number");
    query.bind(*deployment_id);
    return read_all(query, read_modification);
  }
  Query query = database_.query("SELECT " CFY_MODIFICATION_COLUMNS "ORDER BY number");
  return read_all(query, read_modification);
}

Result<std::optional<Modification>> Modifications::find_started(const std::string& deployment_id) {
  Query query = database_.query("SELECT " CFY_MODIFICATION_COLUMNS
                                "WHERE deployment_id = ?1 AND status = 'started'");
  query.bind(deployment_id);
  return read_first(query, read_modification);
}

Result<void> Modifications::end(const std::string& id, std::string_view status,
                                std::int64_t wall_ms) {
  auto step = Step::begin(database_);
  if (!step) return step.error();
  const auto now = get(id);
  if (!now) return now.error();
  if (now->status != "started")
    return make_error(ErrorKind::conflict, "modification {} has ended already: it is {}", id,
                      now->status);
  {
    Query query =
        database_.query("UPDATE modifications SET status = ?2, ended_ms = ?3 WHERE id = ?1");
    if (auto done = query.bind(id, status, wall_ms).run(); !done) return done;
  }
  return step->commit();
}

}  // namespace cfy::store
