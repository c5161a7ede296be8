// JSON of messages.hpp.
#include "dispatch/messages.hpp"

#include "base/json_text.hpp"
#include "base/text.hpp"
#include "dispatch/fields.hpp"

namespace cfy::dispatch {
namespace {

std::string dump(const json& message) {
  return message.dump(-1, ' ', false, json::error_handler_t::replace);
}

json of_call(const char* type, CallId call) {
  return {{"type", type}, {"call", std::uint64_t(call)}};
}

constexpr const char *kMore = "more", *kLast = "last";

struct Writer {
  json operator()(const RunMessage& message) const {
    json line = of_call("run", message.call);
    line["request"] = to_json(message.request);
    return line;
  }
  json operator()(const CancelMessage&) const { return {{"type", "cancel"}}; }
  json operator()(const ConfirmMessage& message) const { return of_call("confirm", message.call); }
  json operator()(const QuitMessage&) const { return {{"type", "quit"}}; }
  json operator()(const AnswerMessage& message) const {
    json line = of_call("answer", message.call);
    line["answer"] = to_json(message.answer);
    return line;
  }
  json operator()(const InstancesMessage& message) const {
    json line = of_call("instances", message.call);
    line["answer"] = to_json(message.answer);
    return line;
  }

  json operator()(const HelloMessage& message) const {
    return {{"type", "hello"}, {"v", kProtocolVersion}, {"pid", message.pid}};
  }
  json operator()(const StartedMessage& message) const { return of_call("started", message.call); }
  json operator()(const Of<LogMessage>& message) const {
    json line = of_call("log", message.call);
    line["level"] = message.content.level;
    line["logger"] = message.content.logger;
    line["text"] = message.content.text;
    if (message.content.piece != LogMessage::Piece::none) {
      line["piece"] = message.content.piece == LogMessage::Piece::more ? kMore : kLast;
      line["lead"] = message.content.lead;
    }
    return line;
  }
  json operator()(const Of<LogBatch>& message) const {
    json line = of_call("logs", message.call);
    line["level"] = message.content.level;
    line["logger"] = message.content.logger;
    line["texts"] = message.content.texts;
    return line;
  }
  json operator()(const Of<PropertyRequest>& message) const {
    json line = of_call("properties", message.call);
    line["delta"] = to_json(message.content.delta);
    return line;
  }
  json operator()(const Of<InstancesRequest>& message) const {
    json line = of_call("instances", message.call);
    line["node_id"] = message.content.node_id;
    return line;
  }
  json operator()(const Of<EventMessage>& message) const {
    json line = of_call("event", message.call);
    line["text"] = message.content.text;
    return line;
  }
  json operator()(const Of<Delta>& message) const {
    json line = of_call("delta", message.call);
    line["delta"] = to_json(message.content);
    return line;
  }
  json operator()(const Of<OperationResult>& message) const {
    json line = of_call("result", message.call);
    line["result"] = to_json(message.content);
    return line;
  }
};

base::Error not_a_message(std::string_view line, std::string_view why) {
  constexpr std::size_t kShown = 80;
  return base::make_error(base::ErrorKind::invalid, "not a message of the protocol ({}): {}{}", why,
                          base::to_valid_utf8(line.substr(0, kShown)),
                          line.size() > kShown ? "..." : "");
}

base::Result<RunnerMessage> read_runner_message(const json& message) {
  Fields fields("message", message);
  const std::string type = fields.needed_text("type");
  const auto call = CallId(static_cast<std::uint64_t>(fields.number("call")));
  if (!fields.ok()) return fields.error();
  if (type == "cancel") return RunnerMessage(CancelMessage{});
  if (type == "quit") return RunnerMessage(QuitMessage{});
  if (type == "confirm") return RunnerMessage(ConfirmMessage{call});
  if (type == "answer") {
    auto answer = property_answer_from_json(fields.any("answer"));
    if (!answer) return std::move(answer).error();
    return RunnerMessage(AnswerMessage{call, std::move(*answer)});
  }
  if (type == "instances") {
    auto answer = instances_answer_from_json(fields.any("answer"));
    if (!answer) return std::move(answer).error();
    return RunnerMessage(InstancesMessage{call, std::move(*answer)});
  }
  if (type != "run") return base::make_error(base::ErrorKind::invalid, "unknown type '{}'", type);
  auto request = request_from_json(fields.any("request"));
  if (!request) return std::move(request).error();
  return RunnerMessage(RunMessage{call, std::move(*request)});
}

template <typename Content>
base::Result<WorkerMessage> wrap(CallId call, base::Result<Content> content) {
  if (!content) return std::move(content).error();
  return WorkerMessage(Of<Content>{call, std::move(*content)});
}

base::Result<WorkerMessage> read_hello(Fields& fields) {
  if (fields.any("v") != json(kProtocolVersion))
    return base::make_error(base::ErrorKind::invalid,
                            "the worker speaks protocol version {}, the runner {}",
                            fields.any("v").dump(), kProtocolVersion);
  return WorkerMessage(HelloMessage{fields.number("pid")});
}

base::Result<WorkerMessage> read_logs(CallId call, Fields& fields) {
  LogBatch batch{fields.text("level"), fields.text("logger"), {}};
  for (const json& text : fields.array("texts")) {
    if (!text.is_string()) fields.refuse("texts", "an array of texts");
    if (text.is_string()) batch.texts.push_back(text.get<std::string>());
  }
  if (!fields.ok()) return fields.error();
  return WorkerMessage(Of<LogBatch>{call, std::move(batch)});
}

base::Result<WorkerMessage> read_log(CallId call, Fields& fields) {
  LogMessage log{fields.text("level"), fields.text("logger"), fields.text("text")};
  log.lead = fields.text("lead");
  const std::string piece = fields.text("piece");
  if (piece == kMore)
    log.piece = LogMessage::Piece::more;
  else if (piece == kLast)
    log.piece = LogMessage::Piece::last;
  else if (!piece.empty())
    fields.refuse("piece", "'more' or 'last'");
  if (!fields.ok()) return fields.error();
  return WorkerMessage(Of<LogMessage>{call, std::move(log)});
}

base::Result<WorkerMessage> read_worker_message(const json& message) {
  Fields fields("message", message);
  const std::string type = fields.needed_text("type");
  const auto call = CallId(static_cast<std::uint64_t>(fields.number("call")));
  if (type == "hello") return read_hello(fields);
  if (type == "started") return WorkerMessage(StartedMessage{call});
  if (type == "result") return wrap(call, result_from_json(fields.any("result")));
  if (type == "delta") return wrap(call, delta_from_json(fields.any("delta")));
  if (type == "properties") {
    auto delta = delta_from_json(fields.any("delta"));
    if (!delta) return std::move(delta).error();
    return WorkerMessage(Of<PropertyRequest>{call, {std::move(*delta)}});
  }
  if (type == "instances") {
    InstancesRequest request{fields.needed_text("node_id")};
    if (!fields.ok()) return fields.error();
    return WorkerMessage(Of<InstancesRequest>{call, std::move(request)});
  }
  if (type == "logs") return read_logs(call, fields);
  if (type == "log") return read_log(call, fields);
  EventMessage event{fields.text("text")};
  if (!fields.ok()) return fields.error();
  if (type == "event") return WorkerMessage(Of<EventMessage>{call, std::move(event)});
  return base::make_error(base::ErrorKind::invalid, "unknown type '{}'", type);
}

template <typename Message>
base::Result<Message> parse(std::string_view line, base::Result<Message> (*read)(const json&)) {
  const auto parsed = base::parse_json(line, base::kDeepestOwnJson);
  if (!parsed) return not_a_message(line, "it " + parsed.error().message());
  auto message = read(*parsed);
  if (!message) return not_a_message(line, message.error().message());
  return message;
}

}  // namespace

std::string to_line(const RunnerMessage& message) {
  return dump(std::visit(Writer{}, message));
}
std::string to_line(const WorkerMessage& message) {
  return dump(std::visit(Writer{}, message));
}

base::Result<RunnerMessage> parse_runner_line(std::string_view line) {
  return parse<RunnerMessage>(line, read_runner_message);
}

base::Result<WorkerMessage> parse_worker_line(std::string_view line) {
  return parse<WorkerMessage>(line, read_worker_message);
}

}  // namespace cfy::dispatch
