// Requests and results as JSON and back, with every member checked on the way in. Unknown members
// are passed over: a newer minor program may send more.
#include "dispatch/protocol.hpp"

#include <array>
#include <utility>

#include "dispatch/fields.hpp"

namespace cfy::dispatch {
namespace {

constexpr std::array<std::pair<Status, const char*>, 5> kStatusNames{
    {{Status::ok, "ok"},
     {Status::failed, "failed"},
     {Status::recoverable, "recoverable"},
     {Status::retry, "retry"},
     {Status::cancelled, "cancelled"}}};

json subject_to_json(const std::optional<Subject>& subject) {
  if (!subject) return nullptr;
  return {{"node", subject->node}, {"instance", subject->instance}};
}

std::optional<Subject> read_subject(Fields& fields, const char* key) {
  const json& value = fields.any(key);
  if (value.is_null()) return std::nullopt;
  Fields members(key, value);
  Subject subject{.node = members.object("node"), .instance = members.object("instance")};
  if (!members.ok()) fields.refuse(key, "an object with the objects 'node' and 'instance'");
  return subject;
}

std::vector<std::string> read_texts(Fields& fields, const char* key) {
  std::vector<std::string> texts;
  for (const json& text : fields.array(key)) {
    if (!text.is_string()) fields.refuse(key, "an array of texts");
    if (text.is_string()) texts.push_back(text.get<std::string>());
  }
  return texts;
}

json error_to_json(const OperationError& error) {
  return {{"type", error.type},
          {"message", error.message},
          {"output", error.output},
          {"causes", error.causes}};
}

OperationError read_error(Fields& fields) {
  const json& value = fields.any("error");
  if (value.is_null()) return {};
  Fields members("error", value);
  OperationError error{.type = members.text("type"),
                       .message = members.text("message"),
                       .output = members.text("output"),
                       .causes = members.array("causes")};
  if (!members.ok()) fields.refuse("error", "an object {type, message, output, causes}");
  return error;
}

Status read_status(Fields& fields) {
  const std::string name = fields.needed_text("status");
  for (const auto& [status, status_name] : kStatusNames)
    if (name == status_name) return status;
  fields.refuse("status", "one of ok, failed, recoverable, retry, cancelled");
  return Status::failed;
}

}  // namespace

json to_json(const OperationRequest& request) {
  json message{{"v", kProtocolVersion},
               {"execution_id", request.execution_id},
               {"task_id", request.task_id},
               {"attempt", request.attempt},
               {"plugin", request.plugin},
               {"plugin_path", request.plugin_path},
               {"function", request.function},
               {"inputs", request.inputs},
               {"context_type", request.context_type},
               {"self", subject_to_json(request.self)},
               {"source", subject_to_json(request.source)},
               {"target", subject_to_json(request.target)},
               {"context", request.context},
               {"resources_root", request.resources_root},
               {"workdir", request.workdir},
               {"timeout", request.timeout_s ? json(*request.timeout_s) : json()},
               {"timeout_recoverable", request.timeout_recoverable}};
  if (!request.secrets.empty()) message["secrets"] = request.secrets;
  return message;
}

base::Result<OperationRequest> request_from_json(const json& message) {
  Fields fields("request", message);
  if (fields.any("v") != json(kProtocolVersion))
    return base::make_error(base::ErrorKind::invalid,
                            "request: protocol version {} is needed, this is {}", kProtocolVersion,
                            fields.any("v").dump());
  OperationRequest request;
  request.execution_id = fields.text("execution_id");
  request.task_id = fields.text("task_id");
  const std::int64_t attempt = fields.number("attempt");
  if (attempt < 0 || attempt > UINT32_MAX) fields.refuse("attempt", "0 or more");
  request.attempt = static_cast<std::uint32_t>(attempt);
  request.plugin = fields.text("plugin");
  request.plugin_path = fields.text("plugin_path");
  request.function = fields.needed_text("function");
  request.inputs = fields.object("inputs");
  request.context_type = fields.text("context_type");
  request.self = read_subject(fields, "self");
  request.source = read_subject(fields, "source");
  request.target = read_subject(fields, "target");
  request.context = fields.object("context");
  request.resources_root = fields.text("resources_root");
  request.workdir = fields.text("workdir");
  request.timeout_s = fields.seconds("timeout");
  request.timeout_recoverable = fields.truth("timeout_recoverable");
  request.secrets = read_texts(fields, "secrets");
  if (!fields.ok()) return fields.error();
  return request;
}

json to_json(const Delta& delta) {
  return {{"instance_id", delta.instance_id},
          {"version", delta.version},
          {"set", delta.set},
          {"removed", delta.removed}};
}

base::Result<Delta> delta_from_json(const json& message) {
  Fields fields("delta", message);
  Delta delta;
  delta.instance_id = fields.needed_text("instance_id");
  delta.version = fields.number("version");
  delta.set = fields.object("set");
  delta.removed = read_texts(fields, "removed");
  if (!fields.ok()) return fields.error();
  return delta;
}

json to_json(const OperationResult& result) {
  json message{{"v", kProtocolVersion}, {"value", result.value}, {"deltas", json::array()}};
  for (const auto& [status, name] : kStatusNames)
    if (status == result.status) message["status"] = name;
  for (const Delta& delta : result.deltas)
    message["deltas"].push_back(to_json(delta));
  if (result.status != Status::ok) message["error"] = error_to_json(result.error);
  if (result.retry_after_s) message["retry_after"] = *result.retry_after_s;
  return message;
}

base::Result<OperationResult> result_from_json(const json& message) {
  Fields fields("result", message);
  OperationResult result;
  result.status = read_status(fields);
  result.value = fields.any("value");
  for (const json& one : fields.array("deltas")) {
    auto delta = delta_from_json(one);
    if (!delta) return std::move(delta).error();
    result.deltas.push_back(std::move(*delta));
  }
  result.error = read_error(fields);
  result.retry_after_s = fields.seconds("retry_after");
  if (!fields.ok()) return fields.error();
  return result;
}

json to_json(const PropertyAnswer& answer) {
  const char* status = answer.status == PropertyAnswer::Status::ok         ? "ok"
                       : answer.status == PropertyAnswer::Status::conflict ? "conflict"
                                                                           : "failed";
  return {{"status", status},
          {"message", answer.message},
          {"version", answer.version},
          {"runtime_properties", answer.runtime_properties}};
}

base::Result<PropertyAnswer> property_answer_from_json(const json& message) {
  Fields fields("answer", message);
  const std::string status = fields.needed_text("status");
  PropertyAnswer answer;
  if (status == "conflict")
    answer.status = PropertyAnswer::Status::conflict;
  else if (status == "failed")
    answer.status = PropertyAnswer::Status::failed;
  else if (status != "ok")
    fields.refuse("status", "one of ok, conflict, failed");
  answer.message = fields.text("message");
  answer.version = fields.number("version");
  answer.runtime_properties = fields.object("runtime_properties");
  if (!fields.ok()) return fields.error();
  return answer;
}

json to_json(const InstancesAnswer& answer) {
  return {{"message", answer.message}, {"instances", answer.instances}};
}

base::Result<InstancesAnswer> instances_answer_from_json(const json& message) {
  Fields fields("answer", message);
  InstancesAnswer answer{fields.text("message"), fields.array("instances")};
  if (!fields.ok()) return fields.error();
  return answer;
}

Delta make_delta(const json& before, const json& after, std::string instance_id,
                 std::int64_t version) {
  Delta delta;
  delta.instance_id = std::move(instance_id);
  delta.version = version;
  for (const auto& [key, value] : after.items()) {
    const auto old = before.find(key);
    if (old == before.end() || *old != value) delta.set[key] = value;
  }
  for (const auto& [key, value] : before.items())
    if (!after.contains(key)) delta.removed.push_back(key);
  return delta;
}

}  // namespace cfy::dispatch
