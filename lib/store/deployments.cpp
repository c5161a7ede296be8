#include "store/deployments.hpp"

#include "base/text.hpp"
#include "store/transaction.hpp"

namespace cfy::store {

using base::ErrorKind;
using base::make_error;
using base::Result;

namespace {

Deployment read_summary(Query& row) {
  row.identify("deployments", 0);
  Deployment deployment;
  deployment.id = row.text(0);
  deployment.blueprint_id = row.text(1);
  deployment.blueprint_path = row.text(2);
  deployment.inputs = row.object(3);
  deployment.created_ms = row.integer(4);
  deployment.updated_ms = row.integer(5);
  deployment.source_digest = row.text(6);
  return deployment;
}

Deployment read_whole(Query& row) {
  Deployment deployment = read_summary(row);
  deployment.plan = row.object(7);
  return deployment;
}

}  // namespace

base::Error Deployments::unknown(const std::string& id) {
  std::vector<std::string> ids;
  if (const auto all = list())
    for (const Deployment& deployment : *all)
      ids.push_back(deployment.id);
  const std::string hint = base::did_you_mean(id, ids);
  return make_error(ErrorKind::not_found, "there is no deployment '{}'{}{}", id,
                    hint.empty() ? "" : "; ", hint);
}

Result<void> Deployments::create(const Deployment& deployment) {
  auto step = Step::begin(database_);
  if (!step) return step.error();
  const auto existing = find_summary(deployment.id);
  if (!existing) return existing.error();
  if (existing->has_value())
    return make_error(ErrorKind::conflict, "the deployment '{}' exists already (blueprint {})",
                      deployment.id, (*existing)->blueprint_path);
  {
    Query query = database_.query(
        "INSERT INTO deployments (id, blueprint_id, blueprint_path, inputs, created_ms, updated_ms,"
        " source_digest, plan) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    query.bind(deployment.id, deployment.blueprint_id, deployment.blueprint_path,
               as_json(deployment.inputs), deployment.created_ms, deployment.updated_ms,
               deployment.source_digest, as_json(deployment.plan));
    if (auto done = query.run(); !done) return done;
  }
  return step->commit();
}

Result<std::optional<Deployment>> Deployments::find(const std::string& id) {
  Query query = database_.query(
      "SELECT id, blueprint_id, blueprint_path, inputs, created_ms, updated_ms, "
      "source_digest, plan FROM deployments WHERE id = ?1");
  query.bind(id);
  return read_first(query, read_whole);
}

Result<std::optional<Deployment>> Deployments::find_summary(const std::string& id) {
  Query query = database_.query(
      "SELECT id, blueprint_id, blueprint_path, inputs, created_ms, updated_ms, source_digest "
      "FROM deployments WHERE id = ?1");
  query.bind(id);
  return read_first(query, read_summary);
}

Result<Deployment> Deployments::get(const std::string& id) {
  auto found = find(id);
  if (!found) return found.error();
  if (!found->has_value()) return unknown(id);
  return **std::move(found);
}

Result<std::vector<Deployment>> Deployments::list() {
  Query query = database_.query(
      "SELECT id, blueprint_id, blueprint_path, inputs, created_ms, updated_ms, source_digest "
      "FROM deployments ORDER BY id");
  return read_all(query, read_summary);
}

Result<void> Deployments::update(const Deployment& deployment) {
  Query query = database_.query(
      "UPDATE deployments SET blueprint_id = ?2, blueprint_path = ?3, inputs = ?4, updated_ms = ?5,"
      " source_digest = ?6, plan = ?7 WHERE id = ?1");
  query.bind(deployment.id, deployment.blueprint_id, deployment.blueprint_path,
             as_json(deployment.inputs), deployment.updated_ms, deployment.source_digest,
             as_json(deployment.plan));
  if (auto done = query.run(); !done) return done;
  if (database_.changed_rows() == 0) return unknown(deployment.id);
  return {};
}

Result<void> Deployments::remove(const std::string& id) {
  Query query = database_.query("DELETE FROM deployments WHERE id = ?1");
  if (auto done = query.bind(id).run(); !done) return done;
  if (database_.changed_rows() == 0) return unknown(id);
  return {};
}

}  // namespace cfy::store
