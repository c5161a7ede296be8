// Event: one thing that happened in an execution, as plain data (facts.md section 14). Operations,
// the coordinator and workflows make them; sinks show, print or store them. Knows no sink.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace cfy::event {

/// What the event speaks of. Empty texts are left out of the JSON record.
struct Context {
  std::string blueprint_id, deployment_id, execution_id, workflow_id;
  std::string node_id;  ///< the node instance's id (Cloudify's word for it here)
  std::string node_name;
  std::string operation;  ///< "cloudify.interfaces.lifecycle.create"
  std::string plugin;
  std::string task_id, task_name, task_target, task_queue;
  std::string source_id, source_name, target_id, target_name;  ///< of relationship operations
  std::int64_t task_current_retries = -1;                      ///< -1: not an event of a task
  std::int64_t task_total_retries = 0;                         ///< -1: endless
  nlohmann::json task_error_causes;                            ///< null when there are none
  /// What a workflow adds to the record of its own event; null, or an object. Does not replace what
  /// stands above.
  nlohmann::json additional;
};

struct Event {
  enum class Kind { event, log };
  Kind kind = Kind::event;
  std::int64_t wall_ms = 0;  ///< since 1970 UTC
  std::string event_type;    ///< events: workflow_started, task_failed, ... (facts.md section 14)
  std::string level;         ///< logs: debug, info, warning, error, critical
  std::string logger;        ///< logs: name of the logger
  Context context;
  std::string text;
};

/// Takes events in the order they happened. One caller at a time.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void take(const Event& event) = 0;
};

/// The record of facts.md section 14, with Cloudify's keys. Bytes of the text that are not UTF-8
/// are written as \xNN.
nlohmann::json to_json(const Event& event);
/// The other way. What is missing or of another type in `record`, an object, is left empty.
Event from_json(const nlohmann::json& record);

}  // namespace cfy::event
