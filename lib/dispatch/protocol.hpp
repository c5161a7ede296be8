// The words of the operation protocol: an operation is a function of a message. Snapshot in, delta
// out, events along the way. The same structs travel in-process, to a worker process as JSON lines,
// and later to other hosts. README.md of this room documents each message.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace cfy::dispatch {

using nlohmann::json;

inline constexpr int kProtocolVersion = 1;

/// A node and one of its instances, as the operation sees them. An operation works on a snapshot
/// of the moment it started.
struct Subject {
  json node;      ///< {id, name, type, type_hierarchy, properties, number_of_instances}
  json instance;  ///< {id, node_id, index, host_id, state, version, runtime_properties,
                  ///<  system_properties, relationships: [{type, type_hierarchy, target_id,
                  ///<  target: Subject-like {node, instance}}], scaling_groups}
};

/// What to run and all it may know.
struct OperationRequest {
  std::string execution_id, task_id;
  std::uint32_t attempt = 0;  ///< 0 at the first try: Cloudify's retry_number
  std::string plugin;         ///< plugin's name in the blueprint
  std::string plugin_path;    ///< the .so
  std::string function;       ///< "script_runner.tasks.run"
  json inputs = json::object();
  /// "node-instance": `self` is set. "relationship-instance": `source` and `target` are.
  /// "deployment": none.
  std::string context_type;
  std::optional<Subject> self, source, target;
  /// The rest of the operation context under Cloudify's names: workflow_id, blueprint {id},
  /// deployment {id, ...}, operation {name, retry_number, max_retries, relationship},
  /// plugin {name, properties, ...}, workflow_parameters, ... (facts.md section 12).
  json context = json::object();
  std::string resources_root;  ///< folder of the blueprint: resources and scripts are found here
  std::string workdir;         ///< a folder of the deployment that operations may write to
  std::optional<double> timeout_s;
  bool timeout_recoverable = false;
  /// Values of secrets that the runner hides: what is recorded without it must not show them.
  std::vector<std::string> secrets;
};

enum class Status { ok, failed, recoverable, retry, cancelled };

/// Why an operation did not succeed.
struct OperationError {
  std::string type;     ///< "NonRecoverableError", "OperationRetry", "WorkerDied", ...
  std::string message;  ///< one sentence, shown to the user
  std::string output;   ///< last lines of stderr, or empty
  json causes = json::array();
};

/// Changes of runtime properties against the snapshot's version: top-level keys set and removed.
struct Delta {
  std::string instance_id;
  std::int64_t version = 0;  ///< of the snapshot that it changes
  json set = json::object();
  std::vector<std::string> removed = {};

  bool is_empty() const { return set.empty() && removed.empty(); }
};

/// How an operation ended. Deltas count whatever the status says.
struct OperationResult {
  Status status = Status::ok;
  json value;  ///< null: the operation returned nothing
  std::vector<Delta> deltas = {};
  OperationError error;                 ///< unless status is ok
  std::optional<double> retry_after_s;  ///< recoverable, retry: wanted delay
};

/// While it runs an operation asks for the runtime properties of an instance as they are stored
/// now; what it changed is stored first.
struct PropertyRequest {
  Delta delta;  ///< empty: it only wants to read
};
struct PropertyAnswer {
  enum class Status {
    ok,
    conflict,  ///< somebody else changed the same properties since; nothing was stored
    failed,    ///< nothing was stored, `message` says why
  };
  Status status = Status::ok;
  std::string message;  ///< unless ok
  /// As they are stored now; unless it failed.
  std::int64_t version = 0;
  json runtime_properties = json::object();
};

/// While it runs an operation asks for the instances of a node as they are stored now.
struct InstancesRequest {
  std::string node_id;
};
struct InstancesAnswer {
  std::string message;             ///< why there is no answer; empty: there is
  json instances = json::array();  ///< [{id, index, state}], by index
};

/// Sent while the operation runs.
struct LogMessage {
  enum class Piece { none, more, last };

  std::string level, logger, text;
  /// A line that is too long for one message comes in pieces: secrets are looked for across them.
  Piece piece = Piece::none;
  /// Of a piece: what is shown before it ("<out> "); pieces with the same one are of the same line.
  std::string lead = {};
};
/// Lines of output, which come in heaps: one message for all that came together.
struct LogBatch {
  std::string level, logger;
  std::vector<std::string> texts;
};
struct EventMessage {
  std::string text;  ///< ctx.send_event
};

json to_json(const OperationRequest& request);
json to_json(const OperationResult& result);
json to_json(const Delta& delta);
json to_json(const PropertyAnswer& answer);
json to_json(const InstancesAnswer& answer);
/// Errors: invalid, naming the member that is not as it must be, or the versions that differ.
base::Result<OperationRequest> request_from_json(const json& message);
base::Result<OperationResult> result_from_json(const json& message);
base::Result<Delta> delta_from_json(const json& message);
base::Result<PropertyAnswer> property_answer_from_json(const json& message);
base::Result<InstancesAnswer> instances_answer_from_json(const json& message);

/// The keys that changed between two objects of runtime properties, nested changes included.
Delta make_delta(const json& before, const json& after, std::string instance_id,
                 std::int64_t version);

}  // namespace cfy::dispatch
