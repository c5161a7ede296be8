// Finds uses of get_secret and get_capability.
#include "deploy/outside_uses.hpp"

#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "deploy/places.hpp"
#include "deploy/report.hpp"
#include "schema/function_form.hpp"

namespace cfy::deploy {
namespace {

using functions::Scope;
using plan::json;

using VisitFunction = std::function<void(const schema::FunctionForm&, const std::string& path)>;

// Inner functions before those around them, as they are evaluated.
void visit_functions(const json& value, const std::string& path, const VisitFunction& visit) {
  if (value.is_object()) {
    for (auto member = value.begin(); member != value.end(); ++member)
      visit_functions(*member, path + "." + member.key(), visit);
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i)
      visit_functions(value[i], fmt::format("{}[{}]", path, i), visit);
  }
  if (const auto form = schema::find_function(value)) visit(*form, path);
}

// The instances that a use of get_capability at a place concerns, as contexts.
class Concerned {
 public:
  explicit Concerned(const plan::Plan& plan) {
    for (const plan::NodeInstance& instance : plan.node_instances)
      instances_[instance.node_id].push_back(&instance);
  }

  std::vector<json> contexts(const PlaceInPlan& place) const {
    if (place.node == nullptr) return {json::object()};
    std::vector<json> result;
    const auto found = instances_.find(place.node->id);
    if (found == instances_.end()) return result;
    for (const plan::NodeInstance* instance : found->second) {
      if (place.relationship == nullptr) {
        result.push_back({{"self", instance->id}});
      } else if (const std::string* target = target_of(*instance, *place.relationship)) {
        result.push_back({{"self", instance->id}, {"source", instance->id}, {"target", *target}});
      }
    }
    return result;
  }

 private:
  static const std::string* target_of(const plan::NodeInstance& instance,
                                      const plan::Relationship& relationship) {
    for (const auto& one : instance.relationships)
      if (one.type == relationship.type && one.target_name == relationship.target_id)
        return &one.target_id;
    return nullptr;
  }

  std::unordered_map<std::string_view, std::vector<const plan::NodeInstance*>> instances_;
};

}  // namespace

// No locale: names of variables are ASCII.
std::string secret_variable(std::string_view name) {
  std::string variable(name);
  for (char& c : variable) {
    if (c >= 'a' && c <= 'z')
      c = static_cast<char>(c - 'a' + 'A');
    else if ((c < 'A' || c > 'Z') && (c < '0' || c > '9'))
      c = '_';
  }
  return variable;
}

std::string how_to_give_secret(std::string_view name) {
  return fmt::format(
      "set it with `cfy-run secrets set {}`, or give it in a file with --secrets or in the "
      "environment as CFY_SECRET_{}",
      name, secret_variable(name));
}

void check_secrets(const plan::Plan& plan, const HasSecret& has_secret,
                   base::Diagnostics& diagnostics) {
  std::map<std::string, std::string> names;  // to the first place that uses it
  visit_places(plan, [&](const PlaceInPlan& place, const json& value) {
    visit_functions(value, place.path,
                    [&](const schema::FunctionForm& form, const std::string& path) {
                      if (form.name != "get_secret") return;
                      const json& name = form.arguments->is_array() && !form.arguments->empty()
                                             ? form.arguments->front()
                                             : *form.arguments;
                      if (name.is_string()) names.emplace(name.get<std::string>(), path);
                    });
  });
  for (const auto& [name, path] : names) {
    if (!has_secret) {
      report_fault(plan,
                   {"UnsupportedGetSecretError",
                    fmt::format("secret '{}' is needed, but no secrets are given", name)},
                   path, diagnostics);
    } else if (!has_secret(name)) {
      report_fault(plan,
                   {"UnknownSecretError", fmt::format("secret '{}' does not exist", name),
                    how_to_give_secret(name)},
                   path, diagnostics);
    }
  }
}

json find_inter_deployment_functions(const plan::Plan& plan) {
  json found = json::array();
  const Concerned concerned(plan);
  visit_places(plan, [&](const PlaceInPlan& place, const json& value) {
    visit_functions(value, place.path,
                    [&](const schema::FunctionForm& form, const std::string& path) {
                      if (form.name != "get_capability" || !form.arguments->is_array() ||
                          form.arguments->empty())
                        return;
                      const json& deployment = form.arguments->front();
                      const json name = schema::is_function(deployment) ? json() : deployment;
                      for (json& context : concerned.contexts(place))
                        found.push_back({{"function_identifier", path + ".get_capability"},
                                         {"target_deployment", json::array({name, deployment})},
                                         {"context", std::move(context)}});
                    });
  });
  return found;
}

}  // namespace cfy::deploy
