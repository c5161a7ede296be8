#include "plugin/reply.hpp"

#include <array>
#include <cmath>

#include <nlohmann/json.hpp>

#include "base/json_text.hpp"
#include "base/text.hpp"
#include "plugin/c_text.hpp"

namespace cfy::plugin {
namespace {

// Errors of these types say all there is to say in their message.
constexpr std::array<std::string_view, 10> kOwnTypes = {"NonRecoverableError",
                                                        "RecoverableError",
                                                        "OperationRetry",
                                                        "WorkflowFailed",
                                                        "ExecutionCancelled",
                                                        "HttpException",
                                                        "CommandExecutionException",
                                                        "TimeoutException",
                                                        "PluginInstallationError",
                                                        "StorageConflictError"};

bool is_own_type(std::string_view type) {
  for (const std::string_view own : kOwnTypes)
    if (type == own) return true;
  return type.empty();
}

}  // namespace

bool is_known_status(cfy_status status) {
  return status >= CFY_OK && status <= CFY_INVALID;
}

// A captureless lambda inside the class may reach its private members, a free function may not.
Reply::Reply() : cfy_reply{sizeof(cfy_reply), nullptr, nullptr} {
  set_result = [](cfy_reply* reply, cfy_str result) {
    static_cast<Reply*>(reply)->result_ = std::string(view(result));
  };
  set_error = [](cfy_reply* reply, const cfy_error* error) {
    Reply& self = *static_cast<Reply*>(reply);
    self.error_type_ = base::to_valid_utf8(view(error->type));
    self.message_ = base::to_valid_utf8(view(error->message));
    self.retry_after_s_.reset();
    if (std::isfinite(error->retry_after_s) && error->retry_after_s >= 0)
      self.retry_after_s_ = error->retry_after_s;
  };
}

base::Result<nlohmann::json> Reply::result() const {
  if (!result_ || result_->empty()) return nlohmann::json();
  auto value = base::parse_json(*result_);
  if (!value)
    return base::make_error(base::ErrorKind::plugin, "the function gave a result that {}: {}",
                            value.error().message(), base::to_valid_utf8(result_->substr(0, 80)));
  return value;
}

std::string Reply::message(cfy_status status) const {
  if (!is_known_status(status))
    return fmt::format("the function returned {}, which is no status of the ABI", status);
  if (message_.empty() && error_type_.empty())
    return fmt::format("the function returned status {} without saying why", status);
  if (is_own_type(error_type_)) return message_;
  return error_type_ + ": " + message_;
}

}  // namespace cfy::plugin
