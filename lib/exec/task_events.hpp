// TaskEvents: the events that tasks send (facts of the event stream: texts, context). Knows no
// graph and no states.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "event/event.hpp"
#include "event/secret_mask.hpp"
#include "exec/snapshot.hpp"
#include "exec/task_table.hpp"

namespace cfy::exec {

/// Makes events and gives them to the sink. Cheap when there is no sink. Safe from any thread as
/// far as the sink is.
class TaskEvents {
 public:
  /// @param mask  hides secrets in keys and labels; nullptr: there are none
  TaskEvents(event::Context base, const Snapshots& snapshots, const TaskTable& table,
             const base::Clock& clock, event::Sink* sink, bool is_dry_run,
             const event::SecretMask* mask);

  void started(TaskId task) const;
  void succeeded(TaskId task, const json& result) const;
  /// Sent even for tasks that otherwise send no events.
  void failed(TaskId task, std::string_view error, const json& causes) const;
  void rescheduled(TaskId task, std::string_view message) const;
  /// What an event task is there for.
  void custom(const plugin::CustomEvent& event) const;
  void log(std::optional<plugin::InstanceId> instance, std::string_view level,
           std::string_view text) const;

  const std::string& execution_id() const { return base_.execution_id; }
  std::string task_id(TaskId task) const;
  /// What the task is, apart from its order among others that are the same: "operation web_1
  /// cloudify.interfaces.lifecycle.create". A resumed run finds it again by this.
  std::string key(TaskId task) const;
  /// "web_x81k2a.create", "web_x->db_y|establish", or the task's name: tells tasks apart.
  std::string label(TaskId task) const;

 private:
  void send(TaskId task, std::string_view type, std::string_view verb, std::string tail,
            const json& causes) const;
  event::Context context_of(TaskId task) const;
  std::string subject(std::optional<plugin::InstanceId> instance,
                      std::optional<std::uint32_t> relationship) const;
  void add_instance(event::Context& context, plugin::InstanceId instance) const;
  void add_relationship(event::Context& context, plugin::InstanceId instance,
                        std::uint32_t relationship) const;
  std::string masked(std::string text) const;

  event::Context base_;
  const Snapshots& snapshots_;
  const TaskTable& table_;
  const base::Clock& clock_;
  event::Sink* sink_;
  bool is_dry_run_;
  const event::SecretMask* mask_;
};

/// "Task succeeded 'script_runner.tasks.run' - 7 [retry 1/5]": what an event of a task says.
struct TaskEventText {
  std::string_view verb, name;
  std::string tail;  ///< " - 7", " -> error"
  std::uint32_t attempt = 0;
  std::int64_t total_retries = 0;
  bool is_subgraph = false;
};
std::string task_event_text(TaskEventText text);
/// " - 7", or nothing for null.
std::string result_tail(const json& result);

/// "12" or "0.5": seconds without needless zeros.
std::string format_seconds(double seconds);

}  // namespace cfy::exec
