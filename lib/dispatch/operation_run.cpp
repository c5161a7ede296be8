// The host side of one call. The mutex serialises threads of the operation, as host.hpp promises.
#include "dispatch/operation_run.hpp"

#include <exception>
#include <mutex>

#include "base/text.hpp"

namespace cfy::dispatch {
namespace {

using plugin::SubjectRole;

const char* role_name(SubjectRole role) {
  switch (role) {
    case SubjectRole::self:
      return "self";
    case SubjectRole::source:
      return "source";
    case SubjectRole::target:
      return "target";
  }
  return "?";
}

class RequestHost : public plugin::OperationHost {
 public:
  RequestHost(const OperationRequest& request, const OperationStream& stream,
              const std::atomic<bool>& cancelled)
      : request_(request),
        stream_(stream),
        cancelled_(cancelled),
        context_json_(to_json(request).dump(-1, ' ', false, json::error_handler_t::replace)) {}

  const std::string& context_json() const override { return context_json_; }

  void log(std::string_view level, std::string_view logger, std::string_view text) override {
    const std::lock_guard lock(mutex_);
    stream_.on_log({std::string(level), std::string(logger), base::to_valid_utf8(text)});
  }

  void send_event(std::string_view text) override {
    const std::lock_guard lock(mutex_);
    stream_.on_event({base::to_valid_utf8(text)});
  }

  base::Result<void> set_runtime_properties(SubjectRole role, json properties) override {
    if (!subject(role))
      return base::make_error(base::ErrorKind::invalid,
                              "this operation has no {} whose runtime properties could be set",
                              role_name(role));
    if (!properties.is_object())
      return base::make_error(base::ErrorKind::invalid, "runtime properties must be a dict, not {}",
                              properties.type_name());
    const std::lock_guard lock(mutex_);
    changed_[role] = std::move(properties);
    return {};
  }

  void set_result(json value) override {
    const std::lock_guard lock(mutex_);
    value_ = std::move(value);
  }

  bool has_cancel_request() const override { return cancelled_; }

  OperationResult take_result(CallOutcome outcome) {
    const std::lock_guard lock(mutex_);
    OperationResult result{.status = outcome.status,
                           .value = std::move(value_),
                           .error = std::move(outcome.error),
                           .retry_after_s = outcome.retry_after_s};
    for (const auto& [role, properties] : changed_) {
      const json& instance = subject(role)->instance;
      Delta delta = make_delta(instance.value("runtime_properties", json::object()), properties,
                               instance.value("id", std::string()), instance.value("version", 0));
      if (!delta.is_empty()) result.deltas.push_back(std::move(delta));
    }
    return result;
  }

 private:
  const std::optional<Subject>& subject(SubjectRole role) const {
    if (role == SubjectRole::source) return request_.source;
    return role == SubjectRole::target ? request_.target : request_.self;
  }

  const OperationRequest& request_;
  const OperationStream& stream_;
  const std::atomic<bool>& cancelled_;
  const std::string context_json_;
  std::mutex mutex_;
  std::map<SubjectRole, json> changed_;
  json value_;
};

}  // namespace

OperationResult run_operation(const OperationRequest& request, OperationCaller& caller,
                              const OperationStream& stream, const std::atomic<bool>& cancelled) {
  RequestHost host(request, stream, cancelled);
  CallOutcome outcome;
  try {
    outcome = caller.call(request, host);
  } catch (const std::exception& error) {
    // The plugin room lets none through; what still comes is an exception like any other.
    outcome = {.status = Status::recoverable,
               .error = {.type = "Exception", .message = error.what(), .output = {}}};
  }
  return host.take_result(std::move(outcome));
}

}  // namespace cfy::dispatch
