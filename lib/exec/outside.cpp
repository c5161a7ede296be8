#include "exec/outside.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include "base/text.hpp"
#include "deploy/outside_uses.hpp"
#include "exec/run_storage.hpp"
#include "exec/stored_deployment.hpp"

namespace cfy::exec {
namespace {

using functions::Answer;
using functions::Fault;

// Deployments that use each other's capabilities in a circle would never come to an end.
constexpr int kMostDeploymentsInARow = 20;

Fault fault(std::string message) {
  return {"FunctionEvaluationError", std::move(message)};
}

std::string shown(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

Fault no_such_capability(const StoredDeployment& other, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& [known, capability] : other.plan.capabilities)
    names.push_back(known);
  const std::string hint = base::did_you_mean(name, names);
  return fault(fmt::format("deployment '{}' has no capability '{}'; {}", other.row.id, name,
                           !hint.empty()   ? hint
                           : names.empty() ? "its blueprint declares none"
                                           : "it has: " + base::join(names, ", ")));
}

}  // namespace

Answer Outside::secret(const std::string& name) {
  auto value = secrets_.find(name, &store_);
  if (!value) return fault(value.error().message());
  if (*value) return json(**std::move(value));
  return Fault{"UnknownSecretError", fmt::format("secret '{}' does not exist; {}", name,
                                                 deploy::how_to_give_secret(name))};
}

Answer Outside::capability(const json& path) {
  const std::string id = shown(path[0]), name = shown(path[1]);
  if (depth_ >= kMostDeploymentsInARow)
    return fault(
        fmt::format("get_capability: deployments ask each other in a circle: '{}' of '{}' needs "
                    "what needs it",
                    name, id));
  const auto other = load_stored_deployment(store_, id);
  if (!other) return fault(fmt::format("get_capability: {}", other.error().message()));
  const auto found = other->plan.capabilities.find(name);
  if (found == other->plan.capabilities.end()) return no_such_capability(*other, name);

  ++depth_;
  RunStorage storage(other->plan, *other->book, other->row, this);
  functions::Context context;
  context.scope = functions::Scope::capabilities;
  context.path = fmt::format("capability '{}' of deployment '{}'", name, id);
  Answer value = functions::Evaluator(storage, functions::Stage::runtime)
                     .evaluate(found->second.value, context);
  --depth_;
  if (!value.ok()) {
    // Circles name their innermost place; the way there would only repeat itself.
    if (depth_ == 0)
      value.fault->message = fmt::format("{}: {}", context.path, value.fault->message);
    return value;
  }
  return functions::follow_capability(value.value, path, 2);
}

Answer Outside::environment_capability(const plan::Plan& plan, const json& path) {
  const auto label = plan.labels.find("csys-obj-parent");
  const json parents = label == plan.labels.end() ? json() : label->value("values", json());
  if (!parents.is_array() || parents.empty() || !parents.front().is_string())
    return fault(
        "get_environment_capability: this deployment has no parent; its blueprint names one with "
        "the label csys-obj-parent");
  json whole = json::array({parents.front()});
  whole.insert(whole.end(), path.begin(), path.end());
  return capability(whole);
}

base::Result<bool> Outside::is_consumer(const std::string& id, const std::string& deployment_id) {
  const auto other = load_stored_deployment(store_, id);
  if (!other) return other.error();
  RunStorage storage(other->plan, *other->book, other->row, this);
  for (const json& use : other->plan.inter_deployment_functions) {
    const json& target = use.at("target_deployment");
    if (target.at(0) == deployment_id) return true;
    if (!target.at(0).is_null()) continue;
    // The name is a function that only the running deployment can answer; one that it cannot
    // answer now uses nothing.
    const json& from = use.at("context");
    functions::Context context;
    context.self = from.value("self", "");
    context.source = from.value("source", "");
    context.target = from.value("target", "");
    const auto name = storage.evaluate(target.at(1), context);
    if (name && *name == deployment_id) return true;
  }
  return false;
}

Answer Outside::consumers(const std::string& deployment_id, const std::string& property) {
  if (depth_ >= kMostDeploymentsInARow) return fault("get_consumers goes round in a circle");
  const auto all = store_.deployments().list();
  if (!all) return fault(all.error().message());
  json ids = json::array();
  ++depth_;
  for (const store::Deployment& one : *all) {
    if (one.id == deployment_id) continue;
    const auto uses = is_consumer(one.id, deployment_id);
    if (uses && *uses) ids.push_back(one.id);
  }
  --depth_;
  // A deployment's name is its id here.
  return property == "count" ? json(ids.size()) : ids;
}

std::string local_user() {
  const passwd* user = getpwuid(geteuid());
  return user != nullptr && user->pw_name != nullptr ? user->pw_name : std::to_string(geteuid());
}

}  // namespace cfy::exec
