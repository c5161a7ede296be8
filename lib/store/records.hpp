// The rows of the state database as plain data, under Cloudify's field names. No SQL here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "event/event.hpp"
#include "process/identity.hpp"

namespace cfy::store {

using nlohmann::json;

struct Deployment {
  std::string id;
  std::string blueprint_id;
  std::string blueprint_path;  ///< absolute
  json inputs = json::object();
  /// Of all that the plan was made from: while it stays the same, so does the plan.
  std::string source_digest;
  json plan;  ///< the deployment plan as JSON (plan/to_json.hpp)
  std::int64_t created_ms = 0, updated_ms = 0;
};

struct NodeInstance {
  std::string id, deployment_id, node_id;
  std::uint32_t index = 0;
  std::optional<std::string> host_id;
  std::string state = "uninitialized";
  std::int64_t version = 1;  ///< grows with each store
  json runtime_properties = json::object();
  json system_properties = json::object();
  json relationships = json::array();   ///< [{type, target_name, target_id}]
  json scaling_groups = json::array();  ///< [{name, id}]
};

/// Changes of runtime properties against the version that was read: top-level keys set and removed.
struct PropertiesDelta {
  std::string deployment_id, instance_id;
  std::int64_t version = 0;  ///< of the instance that was read
  json set = json::object();
  std::vector<std::string> removed;
  /// Who changes them, such as "task id/attempt": several deltas of one writer against the same
  /// version do not conflict with each other. May be empty.
  std::string writer;
};

/// pending, started, cancelling, force_cancelling, kill_cancelling, cancelled, terminated, failed.
struct Execution {
  std::string id, deployment_id, workflow_id;
  std::string status = "pending";
  json parameters = json::object();
  std::string error;
  json result;
  bool is_dry_run = false;
  json setup = json::object();  ///< the caller's: how it was started, for resume
  std::int64_t created_ms = 0;
  std::optional<std::int64_t> started_ms, ended_ms;
  process::Identity runner;    ///< pid 0: no runner yet
  std::int64_t lock_file = 0;  ///< RunLocks::file_number() when the runner took its lock
  std::int64_t number = 0;     ///< its place among all; what it is known by in run locks
};

/// Somebody who works on an execution, as it is noted down when the work begins.
struct Runner {
  process::Identity process;
  std::int64_t lock_file = 0;  ///< see Execution
};

/// A task graph of an execution, known by its row.
enum class GraphId : std::int64_t {};

struct StoredGraph {
  GraphId id{};
  std::string name;
  std::int64_t created_ms = 0;
};

/// A task of a stored graph.
struct Operation {
  std::uint32_t number = 0;  ///< its place in the graph; dependencies refer to it
  std::string id;            ///< the task id that events show
  std::string type;          ///< operation, subgraph, local, ...: the caller's words
  std::string name;
  std::string state =
      "pending";  ///< pending, started, responded, rescheduled, succeeded, failed, ignored, skipped
  std::uint32_t attempt = 0;
  std::vector<std::uint32_t> dependencies;  ///< numbers of the tasks it waits for
  json parameters = json::object();         ///< what is needed to run it again
  json result;
  std::string error;
  std::optional<std::int64_t> started_ms, ended_ms;

  std::string task_key;  ///< tells it from others of its subgraph when the graph is built again
  std::optional<std::uint32_t> subgraph;  ///< number of the subgraph that it is a member of
  std::uint32_t batch = 0;                ///< of which execute(): 0, 1, ...
  bool is_late = false;                   ///< added while that ran
  bool is_for_this_run = false;           ///< a resume does not expect it
  /// It undoes another operation, or is a member of what does. A resume finds it, but does not
  /// expect it, until that operation has started.
  bool is_undo = false;
};

/// Where an operation runs that has begun and whose end is not stored.
struct Call {
  std::int64_t worker_pid = 0, worker_started_ticks = 0;
  std::int64_t began_ticks = 0;  ///< clock ticks after boot
};

/// A change of the numbers of instances. Its instances are added when it starts; those it removes
/// go when it is finished.
struct Modification {
  std::string id, deployment_id;
  std::string execution_id;        ///< who started it
  std::string status = "started";  ///< started, finished, rolledback
  json changes = json::object();   ///< {node or group: {instances, removed_ids_..._hint}}
  json added = json::array();      ///< ids of instances
  json removed = json::array();
  json instances_before = json::array();  ///< all instances as they were, for a rollback
  std::int64_t created_ms = 0;
  std::optional<std::int64_t> ended_ms;
};

/// A change of what a deployment is made from. What has to be done for it is kept until it has
/// come to its end, so that a later one can take it over.
struct Update {
  std::string id, deployment_id;
  std::string execution_id;        ///< whose work it is
  std::string status = "started";  ///< started, finished, continued
  std::string blueprint_before;    ///< path
  json inputs_before = json::object();
  json changes = json::object();  ///< for people
  json added = json::array();     ///< ids of instances that are to be installed
  json links = json::object();    ///< {instance: [relationship to be established]}
  json changed = json::array();   ///< ids of instances whose definitions changed
  json standing = json::array();  ///< ids of those that were started when it began
  std::int64_t created_ms = 0;
  std::optional<std::int64_t> ended_ms;
};

/// A secret without its value.
struct SecretRow {
  std::string name;
  std::int64_t created_ms = 0, updated_ms = 0;
};

/// An event with its place in its execution.
struct StoredEvent {
  std::int64_t sequence = 0;  ///< 1, 2, ...
  event::Event event;
};

}  // namespace cfy::store
