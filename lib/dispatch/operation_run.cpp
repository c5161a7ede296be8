// The host side of one call. The mutex serialises threads of the operation, as host.hpp promises.
#include "dispatch/operation_run.hpp"

#include <exception>
#include <mutex>
#include <set>

#include "base/text.hpp"
#include "dispatch/template_context.hpp"
#include "templates/render.hpp"

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

  void log_lines(std::string_view level, std::string_view logger,
                 const std::vector<std::string_view>& lines) override {
    LogBatch batch{std::string(level), std::string(logger), {}};
    batch.texts.reserve(lines.size());
    for (const std::string_view line : lines)
      batch.texts.push_back(base::to_valid_utf8(line));
    const std::lock_guard lock(mutex_);
    if (stream_.on_logs) return stream_.on_logs(std::move(batch));
    for (std::string& text : batch.texts)
      stream_.on_log({batch.level, batch.logger, std::move(text)});
  }

  void log_piece(std::string_view level, std::string_view logger, std::string_view lead,
                 std::string_view text, bool goes_on) override {
    const auto piece = goes_on ? LogMessage::Piece::more : LogMessage::Piece::last;
    const std::lock_guard lock(mutex_);
    stream_.on_log({std::string(level), std::string(logger), base::to_valid_utf8(text), piece,
                    base::to_valid_utf8(lead)});
  }

  void send_event(std::string_view text) override {
    const std::lock_guard lock(mutex_);
    stream_.on_event({base::to_valid_utf8(text)});
  }

  base::Result<void> set_runtime_properties(SubjectRole role, json properties) override {
    if (auto checked = check(role, properties); !checked) return checked;
    const std::lock_guard lock(mutex_);
    changed_[role] = std::move(properties);
    tell_change(role);
    return {};
  }

  base::Result<plugin::StoredProperties> update(SubjectRole role, json properties) override {
    if (auto checked = check(role, properties); !checked) return std::move(checked).error();
    {
      const std::lock_guard lock(mutex_);
      changed_[role] = properties;
    }
    const std::lock_guard asking(asking_mutex_);
    const auto contested = contested_.find(role);
    const Base base = contested == contested_.end() ? base_of(role) : contested->second;
    Delta delta = make_delta(base.properties, properties, id_of(role), base.version);
    if (delta.is_empty()) return ask(role, {.instance_id = id_of(role)});
    return ask(role, std::move(delta));
  }

  base::Result<plugin::StoredProperties> refresh(SubjectRole role) override {
    if (!subject(role))
      return base::make_error(base::ErrorKind::invalid, "this operation has no {} to refresh",
                              role_name(role));
    const std::lock_guard asking(asking_mutex_);
    return ask(role, {.instance_id = id_of(role), .version = base_of(role).version});
  }

  base::Result<json> node_instances(SubjectRole role) override {
    if (!subject(role))
      return base::make_error(base::ErrorKind::invalid,
                              "this operation has no {} whose node has instances", role_name(role));
    const std::lock_guard asking(asking_mutex_);
    std::optional<InstancesAnswer> answer;
    if (stream_.on_instances)
      answer = stream_.on_instances({subject(role)->node.value("id", std::string())});
    if (!answer)
      return base::Error(base::ErrorKind::failed,
                         "the execution that knows the instances has gone");
    if (!answer->message.empty())
      return base::Error(base::ErrorKind::failed, std::move(answer->message));
    return std::move(answer->instances);
  }

  base::Result<std::string> render(std::string_view name, std::string_view text,
                                   json variables) override {
    if (variables.is_null()) variables = json::object();
    if (!variables.is_object())
      return base::Error(base::ErrorKind::invalid, "template variables must be a dict");
    if (variables.contains("ctx"))
      return base::Error(base::ErrorKind::invalid,
                         "the template variable 'ctx' is always the operation's context and cannot "
                         "be passed");
    {
      const std::lock_guard lock(mutex_);
      variables["ctx"] =
          template_context(request_, [this](SubjectRole role) { return properties_now(role); });
    }
    return templates::render(name, text, variables);
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
    for (const auto& [role, properties] : changed_)
      if (Delta delta = change_of(role); !delta.is_empty())
        result.deltas.push_back(std::move(delta));
    return result;
  }

 private:
  base::Result<void> check(SubjectRole role, const json& properties) const {
    if (!subject(role))
      return base::make_error(base::ErrorKind::invalid,
                              "this operation has no {} whose runtime properties could be set",
                              role_name(role));
    if (!properties.is_object())
      return base::make_error(base::ErrorKind::invalid, "runtime properties must be a dict, not {}",
                              properties.type_name());
    return {};
  }

  // What is stored, as far as this operation knows: from the request, then from the last answer.
  struct Base {
    std::int64_t version = 0;
    json properties = json::object();
  };

  Base base_of(SubjectRole role) const {
    if (const auto known = stored_.find(role); known != stored_.end()) return known->second;
    const json& instance = subject(role)->instance;
    return {instance.value("version", std::int64_t{0}),
            instance.value("runtime_properties", json::object())};
  }
  std::string id_of(SubjectRole role) const {
    return subject(role)->instance.value("id", std::string());
  }

  // Without the lock of logs and events, which go on meanwhile.
  base::Result<plugin::StoredProperties> ask(SubjectRole role, Delta delta) {
    std::optional<PropertyAnswer> answer;
    if (stream_.on_properties) answer = stream_.on_properties({delta});
    const std::lock_guard lock(mutex_);
    if (!answer) {
      // The runner has gone: what changed is recorded with the result.
      const auto changed = changed_.find(role);
      return plugin::StoredProperties{.runtime_properties =
                                          delta.is_empty() || changed == changed_.end()
                                              ? base_of(role).properties
                                              : changed->second};
    }
    if (answer->status == PropertyAnswer::Status::failed)
      return base::Error(base::ErrorKind::failed, std::move(answer->message));
    // A conflict is the ground for the next update alone: should there be none, what the operation
    // changed must meet the same conflict when it ends.
    const bool has_conflict = answer->status == PropertyAnswer::Status::conflict;
    (has_conflict ? contested_ : stored_)[role] = {answer->version, answer->runtime_properties};
    if (!has_conflict) {
      changed_.erase(role);
      contested_.erase(role);
      if (told_.count(role) > 0) tell_change(role);
    }
    return plugin::StoredProperties{has_conflict, std::move(answer->message),
                                    std::move(answer->runtime_properties)};
  }

  // All that the operation has changed and that is not stored. Under the lock.
  Delta change_of(SubjectRole role) const {
    const Base base = base_of(role);
    return make_delta(base.properties, properties_now(role), id_of(role), base.version);
  }
  void tell_change(SubjectRole role) {
    told_.insert(role);
    if (stream_.on_change) stream_.on_change(change_of(role));
  }

  // As they will be stored if nothing else happens. Under the lock.
  json properties_now(SubjectRole role) const {
    const auto changed = changed_.find(role);
    return changed == changed_.end() ? base_of(role).properties : changed->second;
  }

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
  std::set<SubjectRole> told_;  // whose changes the other side knows of
  std::map<SubjectRole, Base> stored_, contested_;
  std::mutex asking_mutex_;  // one request at a time: answers carry no number
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
