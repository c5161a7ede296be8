#include "exec/operation_runner.hpp"

#include <tuple>
#include <utility>

namespace cfy::exec {
namespace {

std::uint64_t number(dispatch::CallId id) {
  return static_cast<std::uint64_t>(id);
}

// Why an operation could not even be asked: as an operation's failure, so that it is judged,
// retried and reported like any other.
dispatch::OperationResult refusal(const base::Error& error) {
  const bool is_recoverable = error.kind() == base::ErrorKind::failed;
  dispatch::OperationResult result;
  result.status = is_recoverable ? dispatch::Status::recoverable : dispatch::Status::failed;
  result.error.type = is_recoverable ? "RecoverableError" : "NonRecoverableError";
  result.error.message = error.message();
  return result;
}

}  // namespace

void OperationRunner::start(const OperationStart& start, OperationSink& sink) {
  auto request = requests_.make(start);
  if (!request) {
    sink.on_operation_result(start.task, start.attempt, refusal(request.error()));
    return;
  }
  dispatch::CallId id{};
  {
    const std::lock_guard lock(mutex_);
    id = dispatch::CallId{++last_call_};
    calls_.emplace(number(id), Call{start.task, start.attempt, &sink,
                                    requests_.event_context(*start.operation, start.task_id)});
  }
  transport_.start(id, *std::move(request), *this);
}

event::Event OperationRunner::make_event(dispatch::CallId id, std::string text) {
  event::Event event;
  event.wall_ms = clock_.wall_ms();
  event.text = std::move(text);
  const std::lock_guard lock(mutex_);
  if (const auto call = calls_.find(number(id)); call != calls_.end())
    event.context = call->second.context;
  return event;
}

void OperationRunner::on_begun(dispatch::CallId id, const dispatch::BegunCall& begun) {
  std::unique_lock lock(mutex_);
  const auto found = calls_.find(number(id));
  if (found == calls_.end()) return;
  const auto [task, attempt, sink] =
      std::tuple(found->second.task, found->second.attempt, found->second.sink);
  lock.unlock();
  sink->on_operation_begun(task, attempt, begun);
}

void OperationRunner::on_log(dispatch::CallId id, dispatch::LogMessage message) {
  if (message.piece != dispatch::LogMessage::Piece::none) hold_open_end(id, message);
  const bool is_all_held =
      message.piece == dispatch::LogMessage::Piece::more && message.text.empty();
  if (!is_all_held) show_log(id, std::move(message));
}

// The text becomes what can be shown of it: with what was held of the piece before, without an end
// that may be the beginning of a secret.
void OperationRunner::hold_open_end(dispatch::CallId id, dispatch::LogMessage& piece) {
  if (mask_ == nullptr) return;
  const std::lock_guard lock(mutex_);
  const auto call = calls_.find(number(id));
  if (call == calls_.end()) return;
  if (auto held = call->second.held.extract(piece.lead)) piece.text.insert(0, held.mapped().text);
  if (piece.piece == dispatch::LogMessage::Piece::last) return;
  auto [shown, rest] = mask_->beginning(piece.text);
  piece.text = std::move(rest);
  call->second.held.insert_or_assign(piece.lead, piece);
  piece.text = std::move(shown);
}

// Of lines that the operation did not live to end.
void OperationRunner::show_held(dispatch::CallId id) {
  std::map<std::string, dispatch::LogMessage> held;
  {
    const std::lock_guard lock(mutex_);
    if (const auto call = calls_.find(number(id)); call != calls_.end())
      held = std::exchange(call->second.held, {});
  }
  for (auto& [lead, rest] : held)
    if (!rest.text.empty()) show_log(id, std::move(rest));
}

void OperationRunner::show_log(dispatch::CallId id, dispatch::LogMessage message) {
  event::Event event = make_event(id, std::move(message.lead) + message.text);
  event.kind = event::Event::Kind::log;
  event.level = std::move(message.level);
  event.logger = std::move(message.logger);
  events_.take(event);
}

void OperationRunner::on_event(dispatch::CallId id, dispatch::EventMessage message) {
  event::Event event = make_event(id, std::move(message.text));
  event.event_type = "plugin_event";
  events_.take(event);
}

void OperationRunner::on_properties(dispatch::CallId id, dispatch::PropertyRequest request,
                                    dispatch::PropertyReply reply) {
  std::unique_lock lock(mutex_);
  const auto call = calls_.find(number(id));
  if (call == calls_.end()) return reply(unanswerable());
  OperationSink* sink = call->second.sink;
  const std::string task_id = call->second.context.task_id;
  lock.unlock();
  sink->on_property_request(task_id, std::move(request), std::move(reply));
}

void OperationRunner::on_instances(dispatch::CallId id, dispatch::InstancesRequest request,
                                   dispatch::InstancesReply reply) {
  std::unique_lock lock(mutex_);
  const auto call = calls_.find(number(id));
  if (call == calls_.end()) return reply(unknown_instances());
  OperationSink* sink = call->second.sink;
  lock.unlock();
  sink->on_instances_request(std::move(request), std::move(reply));
}

void OperationRunner::on_result(dispatch::CallId id, dispatch::OperationResult result) {
  show_held(id);
  Call call;
  {
    const std::lock_guard lock(mutex_);
    const auto found = calls_.find(number(id));
    if (found == calls_.end()) return;
    call = std::move(found->second);
    calls_.erase(found);
    unconfirmed_.insert_or_assign(call.context.task_id, id);
  }
  if (mask_ != nullptr) {
    // The value stays as it is: the workflow may need it. What people read does not.
    result.error.message = mask_->text(result.error.message);
    result.error.output = mask_->text(result.error.output);
    mask_->apply(result.error.causes);
  }
  call.sink->on_operation_result(call.task, call.attempt, std::move(result));
}

void OperationRunner::confirm(const std::string& task_id) {
  dispatch::CallId call{};
  {
    const std::lock_guard lock(mutex_);
    const auto found = unconfirmed_.find(task_id);
    if (found == unconfirmed_.end()) return;
    call = found->second;
    unconfirmed_.erase(found);
  }
  transport_.confirm(call);
}

}  // namespace cfy::exec
