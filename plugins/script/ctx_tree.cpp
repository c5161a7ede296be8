// Which words ctx knows, and what each of them does.
#include "ctx_tree.hpp"

#include <utility>

#include <cfy/operation.hpp>

#include "base/json_text.hpp"
#include "call_arguments.hpp"
#include "json_member.hpp"
#include "log_message.hpp"

namespace cfy::script {
namespace {

using nlohmann::json;

std::function<CtxNode()> value_of(const json& value) {
  return [&value] { return CtxValue{&value}; };
}

template <typename Function>
std::function<CtxNode()> function(Function call) {
  return [call] { return CtxFunction{call}; };
}

const char* role_key(Role role) {
  if (role == Role::source) return "source";
  return role == Role::target ? "target" : "self";
}

CtxNode make_node(const json& node) {
  CtxObject object{.members = {}, .forbidden = {}, .values = &node};
  const json& properties = member(node, "properties");
  object.members["properties"] = [&properties] {
    return CtxMapping{&properties, nullptr, "node properties"};
  };
  if (!node.contains("name")) object.members["name"] = value_of(member(node, "id"));
  return object;
}

CtxNode make_instance(CtxHost& host, Role role) {
  CtxObject object{.members = {},
                   .forbidden = {},
                   .values = &member(member(host.request(), role_key(role)), "instance")};
  object.members["runtime_properties"] = [&host, role] {
    json& properties = host.runtime_properties(role);
    return CtxMapping{&properties, &properties, "runtime properties"};
  };
  // For keys that are no path, such as "a.b", and to leave no null behind.
  object.members["set_runtime_property"] = function([&host, role](const CtxArguments& arguments) {
    CallArguments call("instance set-runtime-property", arguments, {"key", "value"});
    host.runtime_properties(role)[call.needed_text(0)] = call.value(1);
    return json();
  });
  object.members["delete_runtime_property"] =
      function([&host, role](const CtxArguments& arguments) {
        CallArguments call("instance delete-runtime-property", arguments, {"key"});
        host.runtime_properties(role).erase(call.needed_text(0));
        return json();
      });
  object.members["node"] = [&node = member(member(host.request(), role_key(role)), "node")] {
    return make_node(node);
  };
  object.members["drift"] = value_of(detail::find_drift(*object.values));
  object.members["host_ip"] =
      function([&host, role](const CtxArguments&) { return host.host_ip(role); });
  object.members["refresh"] = function([&host, role](const CtxArguments& arguments) {
    CallArguments call("instance refresh", arguments, {"force"});
    host.refresh(role, call.truth(0));
    return json();
  });
  object.members["update"] = function([&host, role](const CtxArguments&) {
    host.update(role);
    return json();
  });
  return object;
}

CtxNode make_subject(CtxHost& host, Role role) {
  CtxObject object;
  const json& node = member(member(host.request(), role_key(role)), "node");
  object.members["node"] = [&node] { return make_node(node); };
  object.members["instance"] = [&host, role] { return make_instance(host, role); };
  return object;
}

CtxNode make_logger(CtxHost& host) {
  CtxObject object;
  using Level = std::pair<const char*, const char*>;  // as it is called; as it is meant
  for (const auto& [name, level] :
       {Level("debug", "debug"), Level("info", "info"), Level("warning", "warning"),
        Level("warn", "warning"), Level("error", "error"), Level("exception", "error"),
        Level("critical", "critical"), Level("fatal", "critical")})
    object.members[name] = function([&host, level = level](const CtxArguments& arguments) {
      std::vector<json> all = arguments.positional;
      if (!arguments.named.is_null()) all.push_back(arguments.named);
      host.log(level, make_log_message(all));
      return json();
    });
  return object;
}

CtxNode make_operation(CtxHost& host) {
  const json& operation = member(member(host.request(), "context"), "operation");
  CtxObject object{.members = {}, .forbidden = {}, .values = &operation};
  if (!member(operation, "retry_number").is_number())
    object.members["retry_number"] = value_of(member(host.request(), "attempt"));
  object.members["inputs"] = value_of(member(host.request(), "inputs"));
  object.members["retry"] = function([&host](const CtxArguments& arguments) {
    CallArguments call("operation retry", arguments, {"message", "retry_after"});
    host.want_retry(call.text(0, "the operation asks to be run again"), call.seconds(1));
    return json();
  });
  return object;
}

// Runtime properties of all instances this one has relationships to: all of them, or one by its
// key: ctx capabilities KEY.
CtxNode make_capabilities(const json& instance) {
  return CtxFunction{[capabilities = Capabilities(instance)](const CtxArguments& arguments) {
    CallArguments call("capabilities", arguments, {"key"});
    const std::string key = call.text(0, "get_all");
    return key == "get_all" || key == "get-all" ? capabilities.get_all() : capabilities[key];
  }};
}

CtxNode make_plugin(CtxHost& host) {
  CtxObject object{.members = {},
                   .forbidden = {},
                   .values = &member(member(host.request(), "context"), "plugin")};
  object.members["prefix"] =
      function([&host](const CtxArguments&) { return json(host.plugin_prefix()); });
  object.members["workdir"] =
      function([&host](const CtxArguments&) { return json(host.plugin_workdir()); });
  return object;
}

void add_verdicts(CtxHost& host, CtxObject& root) {
  root.members["returns"] = function([&host](const CtxArguments& arguments) {
    // Not by CallArguments: a map is a value here, not named arguments.
    if (arguments.positional.size() > 1) throw std::runtime_error("ctx returns takes one value");
    host.verdict().return_value(arguments.positional.empty() ? arguments.named
                                                             : arguments.positional[0]);
    return json();
  });
  root.members["retry_operation"] = function([&host](const CtxArguments& arguments) -> json {
    CallArguments call("retry-operation", arguments, {"message", "retry_after"});
    host.verdict().retry(call.text(0, ""), call.seconds(1));
  });
  root.members["abort_operation"] = function([&host](const CtxArguments& arguments) -> json {
    CallArguments call("abort-operation", arguments, {"message"});
    host.verdict().abort(call.text(0, ""));
  });
}

void add_resources(CtxHost& host, CtxObject& root) {
  root.members["get_resource"] = function([&host](const CtxArguments& arguments) -> json {
    CallArguments call("get-resource", arguments, {"resource_path"});
    return host.get_resource(call.needed_text(0));
  });
  root.members["download_resource"] = function([&host](const CtxArguments& arguments) -> json {
    CallArguments call("download-resource", arguments, {"resource_path", "target_path"});
    return host.download_resource(call.needed_text(0), call.text(1, ""));
  });
  root.members["download_directory"] = function([&host](const CtxArguments& arguments) -> json {
    CallArguments call("download-directory", arguments, {"resource_path", "target_path"});
    return host.download_directory(call.needed_text(0), call.text(1, ""));
  });
}

std::string kind_of(const json& request) {
  if (!member(request, "self").is_null()) return "node";
  return member(request, "source").is_null() ? "deployment" : "relationship";
}

void add_renderings(CtxHost& host, CtxObject& root) {
  root.members["get_resource_and_render"] =
      function([&host](const CtxArguments& arguments) -> json {
        CallArguments call("get-resource-and-render", arguments,
                           {"resource_path", "template_variables"});
        return host.get_resource_and_render(call.needed_text(0), call.value(1));
      });
  root.members["download_resource_and_render"] =
      function([&host](const CtxArguments& arguments) -> json {
        CallArguments call("download-resource-and-render", arguments,
                           {"resource_path", "target_path", "template_variables"});
        return host.download_resource_and_render(call.needed_text(0), call.text(1, ""),
                                                 call.value(2));
      });
}

// Those of the end that the operation runs for.
void add_capabilities_of_side(const json& request, CtxObject& root) {
  const json& side = member(member(member(request, "context"), "operation"), "relationship");
  const json& subject = member(request, side == "target" ? "target" : "source");
  root.members["capabilities"] = [&subject] {
    return make_capabilities(member(subject, "instance"));
  };
}

// What the operation may ask about its run.
void add_facts(CtxHost& host, CtxObject& root) {
  root.members["has_cancel_request"] =
      function([&host](const CtxArguments&) { return json(host.has_cancel_request()); });
  root.members["get_operation"] =
      function([&host](const CtxArguments&) { return host.get_operation(); });
  root.members["get_execution"] = function([&host](const CtxArguments& arguments) {
    CallArguments call("get-execution", arguments, {"execution_id"});
    json execution = host.get_execution();
    if (!call.value(0).is_null() && call.value(0) != execution["id"])
      throw std::runtime_error("an operation knows the execution it is part of, and no other one");
    return execution;
  });
  root.members["get_config"] = function([](const CtxArguments& arguments) {
    CallArguments("get-config", arguments, {"name", "scope"});
    return OperationContext::get_config();
  });
  root.members["get_managers"] = function([](const CtxArguments& arguments) {
    CallArguments("get-managers", arguments, {"network"});
    return OperationContext::get_managers();
  });
  root.members["get_brokers"] = function([](const CtxArguments& arguments) {
    CallArguments("get-brokers", arguments, {"network"});
    return OperationContext::get_brokers();
  });
}

void add_subjects(CtxHost& host, CtxObject& root) {
  const json& request = host.request();
  if (request.contains("self") && !request["self"].is_null()) {
    const json& self = request["self"];
    root.members["node"] = [&self] { return make_node(member(self, "node")); };
    root.members["instance"] = [&host] { return make_instance(host, Role::self); };
    root.members["capabilities"] = [&self] { return make_capabilities(member(self, "instance")); };
  }
  for (const Role role : {Role::source, Role::target}) {
    const std::string key = role_key(role);
    if (!member(request, role_key(role)).is_null())
      root.members[key] = [&host, role] { return make_subject(host, role); };
    else
      root.forbidden[key] = "ctx " + key +
                            " is for operations of a relationship, and this one is of a " +
                            kind_of(request);
  }
  if (root.members.count("node") > 0) return;
  const bool has_sides = !member(request, "source").is_null();
  if (has_sides) add_capabilities_of_side(request, root);
  for (const std::string key : {"node", "instance", "capabilities"}) {
    if (root.members.count(key) > 0) continue;
    root.forbidden[key] =
        "ctx " + key + " is for operations of a node, and this one is of a " + kind_of(request);
    if (has_sides) root.forbidden[key] += ": use ctx source " + key + " or ctx target " + key;
  }
}

}  // namespace

CtxObject make_ctx_tree(CtxHost& host) {
  const json& request = host.request();
  CtxObject root{.members = {}, .forbidden = {}, .values = &member(request, "context")};
  root.members["type"] = value_of(member(request, "context_type"));
  root.members["execution_id"] = value_of(member(request, "execution_id"));
  root.members["task_id"] = value_of(member(request, "task_id"));
  root.members["operation"] = [&host] { return make_operation(host); };
  root.members["plugin"] = [&host] { return make_plugin(host); };
  root.members["logger"] = [&host] { return make_logger(host); };
  root.members["send_event"] = function([&host](const CtxArguments& arguments) {
    CallArguments call("send-event", arguments, {"event"});
    host.send_event(call.needed_text(0));
    return json();
  });
  add_subjects(host, root);
  add_facts(host, root);
  add_verdicts(host, root);
  add_resources(host, root);
  add_renderings(host, root);
  return root;
}

}  // namespace cfy::script
