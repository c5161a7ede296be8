// Reply: where a function of a plugin puts its result or its error, and what the program makes of
// both. Lives for one call.
#pragma once

#include <optional>
#include <string>

#include <cfy/plugin.h>
#include <nlohmann/json_fwd.hpp>

#include "base/error.hpp"

namespace cfy::plugin {

class Reply : public cfy_reply {
 public:
  Reply();
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;

  /// The result of a call that returned CFY_OK; null when none was set. Errors: plugin (the text is
  /// not JSON).
  base::Result<nlohmann::json> result() const;
  bool has_result() const { return result_.has_value(); }

  /// The error of a call that returned `status`, in one sentence: the type is named unless it is
  /// one of the SDK's own. Says so when the plugin gave none, or when there is no such status.
  std::string message(cfy_status status) const;
  const std::string& error_type() const { return error_type_; }
  /// Wanted delay, in seconds.
  std::optional<double> retry_after_s() const { return retry_after_s_; }

 private:
  std::optional<std::string> result_;
  std::string error_type_, message_;
  std::optional<double> retry_after_s_;
};

/// CFY_OK to CFY_INVALID.
bool is_known_status(cfy_status status);

}  // namespace cfy::plugin
