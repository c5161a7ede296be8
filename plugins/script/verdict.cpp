// The one-per-run rule of verdict.hpp.
#include "verdict.hpp"

namespace cfy::script {

void Verdict::take(Kind kind, const char* command) {
  if (kind_ == Kind::none) {
    kind_ = kind;
    command_ = command;
    return;
  }
  if (kind_ != Kind::contradictory)
    message_ = std::string("the script called ctx ") + command + " after ctx " + command_ +
               ": only one of returns, retry-operation and abort-operation may be called, once";
  kind_ = Kind::contradictory;
  throw std::runtime_error(message_);
}

void Verdict::return_value(nlohmann::json value) {
  take(Kind::returned, "returns");
  value_ = std::move(value);
}

void Verdict::misunderstand(const std::string& error) {
  if (kind_ == Kind::contradictory) return;
  kind_ = Kind::contradictory;
  message_ = error;
}

void Verdict::abort(std::string message) {
  take(Kind::aborted, "abort-operation");
  message_ = message.empty() ? "the script called ctx abort-operation without a message"
                             : std::move(message);
  throw StopOperation(message_);
}

void Verdict::retry(std::string message, std::optional<double> retry_after_s) {
  take(Kind::retried, "retry-operation");
  message_ = std::move(message);
  retry_after_s_ = retry_after_s;
  throw StopOperation(message_);
}

}  // namespace cfy::script
