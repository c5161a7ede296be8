// The rows of the state database as plain data, under Cloudify's field names. No SQL here.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace cfy::store {

using nlohmann::json;

struct Deployment {
  std::string id;
  std::string blueprint_id;
  std::string blueprint_path;  ///< absolute
  json inputs = json::object();
  json plan;                   ///< the deployment plan as JSON (plan/to_json.hpp)
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

/// pending, started, cancelling, force_cancelling, kill_cancelling, cancelled, terminated, failed.
struct Execution {
  std::string id, deployment_id, workflow_id;
  std::string status = "pending";
  json parameters = json::object();
  std::string error;
  json result;
  bool is_dry_run = false;
  std::int64_t created_ms = 0;
  std::optional<std::int64_t> started_ms, ended_ms;
  std::int64_t runner_pid = 0;           ///< 0: no runner yet
  std::int64_t runner_started_ticks = 0; ///< /proc/PID/stat starttime: tells a reused pid
};

/// A task of a stored graph.
struct Operation {
  std::string id, execution_id;
  std::string name;
  std::string state = "pending";
  std::uint32_t attempt = 0;
  json parameters = json::object();    ///< what is needed to run it again
  std::vector<std::string> dependencies;
  json result;
  std::string error;
  std::optional<std::int64_t> started_ms, ended_ms;
};

}  // namespace cfy::store
