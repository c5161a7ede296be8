// Values only: a template calls nothing of ctx.
#include "dispatch/template_context.hpp"

#include <filesystem>
#include <set>

namespace cfy::dispatch {
namespace {

using plugin::SubjectRole;

const json& member(const json& object, const char* key) {
  static const json kNull;
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() ? *found : kNull;
}

// The rule of OperationInstance::host_ip(): of a host its own properties count, as they are now.
json host_ip(const Subject& subject, const json& runtime_properties) {
  const json& host = member(subject.instance, "host");
  const json& machine = member(host, "instance");
  const bool is_host = machine.is_null() || member(machine, "id") == member(subject.instance, "id");
  const json& ip =
      member(is_host ? runtime_properties : member(machine, "runtime_properties"), "ip");
  if (ip.is_string() && ip != "") return ip;
  const json& node = is_host ? subject.node : member(host, "node");
  return member(member(node, "properties"), "ip");
}

// The runtime properties of all instances that this one has relationships to; a key that several
// have is left out, as which is meant nobody knows.
json capabilities(const json& instance) {
  json by_key = json::object();
  std::set<std::string> ambiguous;
  for (const json& relationship : member(instance, "relationships")) {
    const json& properties =
        member(member(member(relationship, "target"), "instance"), "runtime_properties");
    for (const auto& [key, value] : properties.items())
      if (!by_key.emplace(key, value).second) ambiguous.insert(key);
  }
  for (const std::string& key : ambiguous)
    by_key.erase(key);
  return by_key;
}

json subject_context(const Subject& subject, json runtime_properties) {
  json instance = subject.instance;
  instance["host_ip"] = host_ip(subject, runtime_properties);
  instance["runtime_properties"] = std::move(runtime_properties);
  return {{"node", subject.node}, {"instance", std::move(instance)}};
}

}  // namespace

json template_context(const OperationRequest& request,
                      const std::function<json(SubjectRole)>& runtime_properties_of) {
  json context = request.context;
  context["type"] = request.context_type;
  context["execution_id"] = request.execution_id;
  context["task_id"] = request.task_id;
  context["operation"]["inputs"] = request.inputs;
  context["operation"]["retry_number"] = request.attempt;
  context["plugin"]["prefix"] = std::filesystem::path(request.plugin_path).parent_path().string();
  context["plugin"]["workdir"] = request.workdir;
  if (request.self) {
    context.update(subject_context(*request.self, runtime_properties_of(SubjectRole::self)));
    context["capabilities"] = capabilities(request.self->instance);
  }
  if (request.source)
    context["source"] =
        subject_context(*request.source, runtime_properties_of(SubjectRole::source));
  if (request.target)
    context["target"] =
        subject_context(*request.target, runtime_properties_of(SubjectRole::target));
  return context;
}

}  // namespace cfy::dispatch
