#include "store/updates.hpp"

#include "store/row_shapes.hpp"
#include "store/transaction.hpp"

namespace cfy::store {

using base::ErrorKind;
using base::make_error;
using base::Result;

namespace {

#define CFY_UPDATE_COLUMNS                                                                     \
  "id, deployment_id, execution_id, status, blueprint_before, inputs_before, changes, added, " \
  "links, changed, standing, created_ms, ended_ms FROM updates "

Update read_update(Query& row) {
  row.identify("updates", 0);
  Update update;
  update.id = row.text(0);
  update.deployment_id = row.text(1);
  update.execution_id = row.text(2);
  update.status = row.text(3);
  update.blueprint_before = row.text(4);
  update.inputs_before = row.object(5);
  update.changes = row.object(6);
  update.added = row.shaped(7, is_texts);
  update.links = row.shaped(8, is_links);
  update.changed = row.shaped(9, is_texts);
  update.standing = row.shaped(10, is_texts);
  update.created_ms = row.integer(11);
  update.ended_ms = row.optional_integer(12);
  return update;
}

}  // namespace

Result<void> Updates::create(const Update& update) {
  auto step = Step::begin(database_);
  if (!step) return step.error();
  {
    Query query = database_.query(
        "UPDATE updates SET status = 'continued', ended_ms = ?2 "
        "WHERE deployment_id = ?1 AND status = 'started'");
    if (auto done = query.bind(update.deployment_id, update.created_ms).run(); !done) return done;
  }
  {
    Query query = database_.query(
        "INSERT INTO updates (id, deployment_id, execution_id, status, blueprint_before,"
        " inputs_before, changes, added, links, changed, standing, created_ms, ended_ms)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
    query.bind(update.id, update.deployment_id, update.execution_id, update.status,
               update.blueprint_before, as_json(update.inputs_before), as_json(update.changes),
               as_json(update.added), as_json(update.links), as_json(update.changed),
               as_json(update.standing), update.created_ms, update.ended_ms);
    if (auto done = query.run(); !done) return done;
  }
  return step->commit();
}

Result<std::vector<Update>> Updates::list(const std::string& deployment_id) {
  Query query =
      database_.query("SELECT " CFY_UPDATE_COLUMNS "WHERE deployment_id = ?1 ORDER BY number");
  query.bind(deployment_id);
  return read_all(query, read_update);
}

Result<std::optional<Update>> Updates::find_started(const std::string& deployment_id) {
  Query query = database_.query("SELECT " CFY_UPDATE_COLUMNS
                                "WHERE deployment_id = ?1 AND status = 'started'");
  query.bind(deployment_id);
  return read_first(query, read_update);
}

Result<void> Updates::finish(const std::string& id, std::int64_t wall_ms) {
  Query query = database_.query(
      "UPDATE updates SET status = 'finished', ended_ms = ?2 WHERE id = ?1 AND status = 'started'");
  if (auto done = query.bind(id, wall_ms).run(); !done) return done;
  if (database_.changed_rows() == 0)
    return make_error(ErrorKind::conflict, "update {} is not started, or has ended already", id);
  return {};
}

}  // namespace cfy::store
