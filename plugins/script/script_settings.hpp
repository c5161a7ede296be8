// ScriptSettings: what the inputs of a script operation say, checked. No I/O.
#pragma once

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace cfy::script {

/// The inputs make no sense: trying again would not help.
class BadSettings : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// How many bytes the value of the environment variable may have.
inline std::size_t room_for_value(const std::string& name) {
  constexpr std::size_t kLongestEntry = 128 * 1024;  // of Linux: "NAME=VALUE" and its end
  return kLongestEntry - std::min(kLongestEntry, name.size() + 2);
}

struct ScriptSettings {
  /// One of the two.
  std::string script_path, script_source;
  /// NAME and value of all other inputs, then those of process.env, which win.
  std::vector<std::pair<std::string, std::string>> environment;
  /// NAME and size of inputs that are too long for the environment and not in it.
  std::vector<std::pair<std::string, std::size_t>> left_out;
  std::optional<std::string> working_folder;
  std::string arguments;       ///< for the shell
  std::string command_prefix;  ///< the program that runs the script, for the shell
  bool log_stdout = true, log_stderr = true, stderr_to_stdout = false;
  std::optional<bool> eval_python;
  bool offers_ctx = true;        ///< unless ctx_proxy_type is none
  std::string ssl_certificates;  ///< trusted when the script is fetched
};

/// Throws BadSettings.
ScriptSettings read_settings(const nlohmann::json& inputs);

/// How a value looks in an environment variable: lists, maps and truth values as JSON, null as
/// None, numbers and texts as they are.
std::string to_environment_value(const nlohmann::json& value);

}  // namespace cfy::script
