// CtxHost: what the operation offers to `ctx`. The plugin implements it over cfy::OperationContext,
// tests over nothing.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "verdict.hpp"

namespace cfy::script {

enum class Role { self, source, target };

/// Functions that fail throw std::exception; its text goes to the script.
class CtxHost {
 public:
  virtual ~CtxHost() = default;
  /// The operation's request, as documented in cfy/plugin.h.
  virtual const nlohmann::json& request() const = 0;
  /// To be read and changed. Only for roles that the request has.
  virtual nlohmann::json& runtime_properties(Role role) = 0;
  /// Save the runtime properties now, not only when the operation ends.
  virtual void update(Role role) = 0;
  virtual void log(const std::string& level, const std::string& text) = 0;
  virtual void send_event(const std::string& text) = 0;
  /// Mark the operation for another try; the script goes on.
  virtual void want_retry(const std::string& message, std::optional<double> retry_after_s) = 0;
  virtual Verdict& verdict() = 0;
  /// The content of a file beside the blueprint.
  virtual std::string get_resource(const std::string& path) = 0;
  /// A copy of it that belongs to the script. @param target  empty: a new temporary file
  /// @return its path
  virtual std::string download_resource(const std::string& path, const std::string& target) = 0;
};

}  // namespace cfy::script
