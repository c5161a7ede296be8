#include "exec/task_events.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/json_text.hpp"

namespace cfy::exec {
namespace {

using event::Event;
using plugin::InstanceId;

std::string_view last_part(std::string_view dotted) {
  const auto dot = dotted.rfind('.');
  return dot == std::string_view::npos ? dotted : dotted.substr(dot + 1);
}

}  // namespace

std::string format_seconds(double seconds) {
  return fmt::format("{:g}", seconds);
}

std::string result_tail(const json& result) {
  return result.is_null() ? std::string() : " - " + base::to_python_text(result);
}

std::string task_event_text(TaskEventText text) {
  if (text.attempt > 0)
    text.tail += text.total_retries < 0
                     ? fmt::format(" [retry {}]", text.attempt)
                     : fmt::format(" [retry {}/{}]", text.attempt, text.total_retries);
  return fmt::format("{} {} '{}'{}", text.is_subgraph ? "Subgraph" : "Task", text.verb, text.name,
                     text.tail);
}

TaskEvents::TaskEvents(event::Context base, const Snapshots& snapshots, const TaskTable& table,
                       const base::Clock& clock, event::Sink* sink, bool is_dry_run,
                       const event::SecretMask* mask)
    : base_(std::move(base)),
      snapshots_(snapshots),
      table_(table),
      clock_(clock),
      sink_(sink),
      is_dry_run_(is_dry_run),
      mask_(mask) {}

void TaskEvents::started(TaskId task) const {
  // In a dry run only the successes are told.
  if (sink_ != nullptr && table_.sends_events(task) && !is_dry_run_)
    send(task, "task_started", "started", "", nullptr);
}

void TaskEvents::succeeded(TaskId task, const json& result) const {
  if (sink_ == nullptr || !table_.sends_events(task)) return;
  std::string tail = is_dry_run_ ? " (dry run)" : "";
  tail += result_tail(result);
  send(task, "task_succeeded", "succeeded", std::move(tail), nullptr);
}

void TaskEvents::failed(TaskId task, std::string_view error, const json& causes) const {
  if (sink_ != nullptr) send(task, "task_failed", "failed", fmt::format(" -> {}", error), causes);
}

void TaskEvents::rescheduled(TaskId task, std::string_view message) const {
  if (sink_ != nullptr && table_.sends_events(task))
    send(task, "task_rescheduled", "rescheduled", fmt::format(" -> {}", message), nullptr);
}

void TaskEvents::send(TaskId task, std::string_view type, std::string_view verb, std::string tail,
                      const json& causes) const {
  const std::uint32_t attempt = table_.attempt(task);
  const std::int64_t total = table_.policy(task).total_retries;
  Event event;
  event.wall_ms = clock_.wall_ms();
  event.event_type = type;
  event.context = context_of(task);
  event.context.task_current_retries = attempt;
  event.context.task_total_retries = total;
  event.context.task_error_causes = causes;
  event.text = task_event_text({verb, table_.name(task), std::move(tail), attempt, total,
                                table_.kind(task) == TaskKind::subgraph});
  sink_->take(event);
}

void TaskEvents::custom(const plugin::CustomEvent& task) const {
  if (sink_ == nullptr) return;
  Event event;
  event.wall_ms = clock_.wall_ms();
  event.event_type = task.event_type;
  event.context = base_;
  event.context.additional = task.additional_context;
  if (task.instance && task.relationship)
    add_relationship(event.context, *task.instance, *task.relationship);
  else if (task.instance)
    add_instance(event.context, *task.instance);
  event.text = task.text;
  sink_->take(event);
}

void TaskEvents::log(std::optional<InstanceId> instance, std::string_view level,
                     std::string_view text) const {
  if (sink_ == nullptr) return;
  Event event;
  event.kind = Event::Kind::log;
  event.wall_ms = clock_.wall_ms();
  event.level = level;
  event.context = base_;
  event.logger = base_.workflow_id;
  if (instance && snapshots_.current().has(*instance)) {
    add_instance(event.context, *instance);
    event.logger = event.context.node_id;
  }
  event.text = text;
  sink_->take(event);
}

std::string TaskEvents::task_id(TaskId task) const {
  return fmt::format("{}-{}", base_.execution_id, table_.number(task));
}

std::string TaskEvents::subject(std::optional<InstanceId> instance,
                                std::optional<std::uint32_t> relationship) const {
  if (!instance) return {};
  std::string text(snapshots_.current().instance(*instance).id);
  if (relationship)
    text += fmt::format("->{}", snapshots_.current().target(*instance, *relationship).id);
  return text + ' ';
}

// Texts of events may hold parameters. The same text is masked in the same way in a resumed run.
std::string TaskEvents::masked(std::string text) const {
  return mask_ == nullptr ? std::move(text) : mask_->text(text);
}

std::string TaskEvents::key(TaskId task) const {
  const TaskKind kind = table_.kind(task);
  std::string key = fmt::format("{} ", name_of(kind));
  if (kind == TaskKind::operation) {
    const OperationTask& operation = table_.operation(task);
    key += subject(operation.instance, operation.relationship) + operation.name;
    if (operation.relationship)
      key +=
          operation.side == plugin::RelationshipSide::source ? " at the source" : " at the target";
  } else if (kind == TaskKind::event) {
    const plugin::CustomEvent& event = table_.event(task);
    key += subject(event.instance, event.relationship) + event.event_type + " '" +
           masked(event.text) + "'";
  } else if (kind == TaskKind::state) {
    key += subject(table_.state(task).instance, {}) + table_.state(task).state;
  } else {
    if (kind == TaskKind::local) key += subject(table_.local(task).instance, {});
    key += table_.name(task);
  }
  return key;
}

std::string TaskEvents::label(TaskId task) const {
  switch (table_.kind(task)) {
    case TaskKind::operation: {
      const OperationTask& operation = table_.operation(task);
      if (!operation.instance) return operation.name;
      const auto id = snapshots_.current().instance(*operation.instance).id;
      const auto name = last_part(operation.name);
      if (!operation.relationship) return fmt::format("{}.{}", id, name);
      const auto target =
          snapshots_.current().target(*operation.instance, *operation.relationship).id;
      return fmt::format("{}->{}|{}", id, target, name);
    }
    case TaskKind::local: {
      const auto instance = table_.local(task).instance;
      if (!instance) break;
      return fmt::format("{}.{}", snapshots_.current().instance(*instance).id, table_.name(task));
    }
    case TaskKind::event:
      return fmt::format("event '{}'", masked(table_.event(task).text));
    case TaskKind::state: {
      const StateTask& state = table_.state(task);
      const std::string_view id = snapshots_.current().instance(state.instance).id;
      if (state.state.empty()) return fmt::format("state of {}", id);
      return fmt::format("{} to '{}'", id, state.state);
    }
    default:
      break;
  }
  return std::string(table_.name(task));
}

event::Context TaskEvents::context_of(TaskId task) const {
  event::Context context = base_;
  context.task_id = task_id(task);
  context.task_name = table_.name(task);
  if (table_.kind(task) == TaskKind::local) {
    if (const auto instance = table_.local(task).instance) add_instance(context, *instance);
  } else if (table_.kind(task) == TaskKind::operation) {
    const OperationTask& operation = table_.operation(task);
    context.operation = operation.name;
    context.plugin = operation.operation->plugin;
    if (operation.relationship)
      add_relationship(context, *operation.instance, *operation.relationship);
    else if (operation.instance)
      add_instance(context, *operation.instance);
  }
  return context;
}

void TaskEvents::add_instance(event::Context& context, InstanceId instance) const {
  context.node_id = snapshots_.current().instance(instance).id;
  context.node_name = snapshots_.current().node_of(instance).id;
}

void TaskEvents::add_relationship(event::Context& context, InstanceId instance,
                                  std::uint32_t relationship) const {
  context.source_id = snapshots_.current().instance(instance).id;
  context.source_name = snapshots_.current().node_of(instance).id;
  const plugin::InstanceView& target = snapshots_.current().target(instance, relationship);
  context.target_id = target.id;
  context.target_name = snapshots_.current().nodes()[static_cast<std::uint32_t>(target.node)].id;
}

}  // namespace cfy::exec
