// CtxHost: what the operation offers to `ctx`. The plugin implements it over cfy::OperationContext,
// tests over nothing.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "verdict.hpp"

namespace cfy::script {

enum class Role { self, source, target };

/// The context has what was asked for, but not for this kind of operation, or not to be written.
/// Another try of the same script would fail in the same way.
class AccessError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

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
  /// What was changed by now counts, whatever becomes of the operation.
  virtual void keep_changes() = 0;
  /// Read them as they are stored now; changes that were not saved are an error, unless forced.
  virtual void refresh(Role role, bool force) = 0;
  virtual std::string host_ip(Role role) = 0;
  virtual void log(const std::string& level, const std::string& text) = 0;
  /// The same for lines that came together.
  virtual void log_lines(const std::string& level, const std::vector<std::string>& lines) = 0;
  /// A piece of a line that is too long to be held. @param goes_on  more of it follows
  virtual void log_piece(const std::string& level, const std::string& lead,
                         const std::string& piece, bool goes_on) = 0;
  virtual void send_event(const std::string& text) = 0;
  /// Mark the operation for another try; the script goes on.
  virtual void want_retry(const std::string& message, std::optional<double> retry_after_s) = 0;
  virtual Verdict& verdict() = 0;
  virtual bool has_cancel_request() = 0;
  /// As OperationContext gives them.
  virtual nlohmann::json get_operation() = 0;
  virtual nlohmann::json get_execution() = 0;
  /// The content of a file beside the blueprint.
  virtual std::string get_resource(const std::string& path) = 0;
  /// A copy of it that belongs to the script.
  /// @param target  relative to the folder that the script runs in; empty: see OperationContext
  /// @return `target`, or the path of the copy when that is empty
  virtual std::string download_resource(const std::string& path, const std::string& target) = 0;
  /// The same for templates. @param variables  a dict, or null
  virtual std::string get_resource_and_render(const std::string& path,
                                              const nlohmann::json& variables) = 0;
  virtual std::string download_resource_and_render(const std::string& path,
                                                   const std::string& target,
                                                   const nlohmann::json& variables) = 0;
  virtual std::string download_directory(const std::string& path, const std::string& target) = 0;
  virtual std::string plugin_prefix() = 0;
  virtual std::string plugin_workdir() = 0;
  /// The script asked for what it may not have; should it fail before its next good call, that is
  /// why. Empty: that was a good call.
  virtual void note_access_error(const std::string& message) = 0;
};

}  // namespace cfy::script
