// Verdict: what a script said about the outcome of its operation, by ctx returns, abort-operation
// and retry-operation. One per run.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

namespace cfy::script {

/// The script is to end now, by the client's exit code; `what` is shown to it.
class StopOperation : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Verdict {
 public:
  enum class Kind { none, returned, aborted, retried, contradictory };

  /// Each throws std::runtime_error when there is a verdict already: from then on the verdict is
  /// `contradictory`, whose message() names both.
  void return_value(nlohmann::json value);
  /// A call of one of the three that cannot be understood: from then on the verdict is
  /// `contradictory`, as what the script wanted is not known.
  void misunderstand(const std::string& error);
  [[noreturn]] void abort(std::string message);
  [[noreturn]] void retry(std::string message, std::optional<double> retry_after_s);

  Kind kind() const { return kind_; }
  const nlohmann::json& value() const { return value_; }
  const std::string& message() const { return message_; }
  std::optional<double> retry_after_s() const { return retry_after_s_; }

 private:
  void take(Kind kind, const char* command);

  Kind kind_ = Kind::none;
  const char* command_ = "";
  nlohmann::json value_;
  std::string message_;
  std::optional<double> retry_after_s_;
};

}  // namespace cfy::script
