// OperationSession: one call of an operation function, as the C++ face keeps it: the request as
// JSON, the runtime properties that are being changed, and a wish to be run again.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <cfy/detail/boundary.hpp>

namespace cfy::detail {

/// A node and an instance the operation speaks of, and their runtime properties before and now.
struct SubjectData {
  std::int32_t role = CFY_ROLE_SELF;
  json node, instance;
  json saved = json::object();
  json runtime_properties = json::object();
};

/// The value at `key`, or null.
inline const json& member(const json& object, const char* key) {
  static const json kNull;
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() ? *found : kNull;
}
inline std::string member_text(const json& object, const char* key) {
  const json& value = member(object, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}
inline std::int64_t member_number(const json& object, const char* key, std::int64_t otherwise) {
  const json& value = member(object, key);
  return value.is_number_integer() ? value.get<std::int64_t>() : otherwise;
}

/// What check_drift found at an instance, or null.
inline const json& find_drift(const json& instance) {
  return member(member(instance, "system_properties"), "configuration_drift");
}

class OperationSession {
 public:
  struct WantedRetry {
    std::string message;
    std::optional<double> retry_after;
  };

  OperationSession(const cfy_operation_host* host, cfy_operation* call)
      : host_(host),
        call_(call),
        request_(parse(host->context_json(call))),
        self_(read_subject("self", CFY_ROLE_SELF)),
        source_(read_subject("source", CFY_ROLE_SOURCE)),
        target_(read_subject("target", CFY_ROLE_TARGET)) {}
  OperationSession(const OperationSession&) = delete;
  OperationSession& operator=(const OperationSession&) = delete;

  const json& request() const { return request_; }
  const json& context() const { return member(request_, "context"); }
  std::optional<SubjectData>& self() { return self_; }
  std::optional<SubjectData>& source() { return source_; }
  std::optional<SubjectData>& target() { return target_; }

  void log(std::string_view level, std::string_view logger, std::string_view line) const {
    host_->log(call_, str(level), str(logger), str(line));
  }
  void log_lines(std::string_view level, std::string_view logger,
                 const std::vector<std::string>& lines) const {
    std::vector<cfy_str> views;
    views.reserve(lines.size());
    for (const std::string& line : lines)
      views.push_back(str(line));
    host_->log_lines(call_, str(level), str(logger), {views.data(), views.size()});
  }
  void log_piece(std::string_view level, std::string_view logger, std::string_view lead,
                 std::string_view piece, bool goes_on) const {
    host_->log_piece(call_, str(level), str(logger), str(lead), str(piece), goes_on ? 1 : 0);
  }
  void send_event(std::string_view line) const { host_->send_event(call_, str(line)); }
  bool has_cancel_request() const { return host_->has_cancel_request(call_) != 0; }

  void want_retry(WantedRetry wanted) { wanted_retry_ = std::move(wanted); }
  const std::optional<WantedRetry>& wanted_retry() const { return wanted_retry_; }

  /// Hand the runtime properties to the host if they changed, nested changes included.
  void save(SubjectData& subject) const {
    if (subject.runtime_properties == subject.saved) return;
    if (!subject.runtime_properties.is_object())
      throw NonRecoverable("runtime properties must be a dict, got " +
                           std::string(subject.runtime_properties.type_name()));
    const std::string now = dump(subject.runtime_properties);
    if (host_->set_runtime_properties(call_, subject.role, str(now)) != CFY_OK)
      throw NonRecoverable(text(host_->last_error(call_)));
    subject.saved = subject.runtime_properties;
  }
  /// The same for good, at once. False: somebody else changed the same properties; `latest` is what
  /// they are now, and what the next call is compared with.
  bool store(SubjectData& subject, json& latest) const {
    const std::string now = dump(subject.runtime_properties);
    cfy_str stored{};
    const cfy_status status = host_->update_instance(call_, subject.role, str(now), &stored);
    if (status != CFY_OK && status != CFY_RECOVERABLE)
      throw NonRecoverable(text(host_->last_error(call_)));
    latest = parse(stored);
    return status == CFY_OK;
  }
  std::string last_error() const { return text(host_->last_error(call_)); }
  void reload(SubjectData& subject) const {
    cfy_str stored{};
    if (host_->refresh_instance(call_, subject.role, &stored) != CFY_OK)
      throw NonRecoverable(last_error());
    take(subject, parse(stored));
  }
  /// [{id, index, state}] of the subject's node.
  json node_instances(const SubjectData& subject) const {
    cfy_str found{};
    if (host_->node_instances(call_, subject.role, &found) != CFY_OK)
      throw Recoverable(last_error());
    return parse(found);
  }
  static void take(SubjectData& subject, json stored) {
    subject.saved = stored;
    subject.runtime_properties = std::move(stored);
  }

  std::string render(std::string_view name, std::string_view content, const json& variables) {
    save_all();  // the template's ctx shows them
    const std::string passed = variables.is_null() ? "{}" : dump(variables);
    cfy_str rendered{};
    if (host_->render(call_, str(name), str(content), str(passed), &rendered) != CFY_OK)
      throw NonRecoverable(last_error());
    return text(rendered);
  }

  void save_all() {
    for (auto* subject : {&self_, &source_, &target_})
      if (*subject) save(**subject);
  }

 private:
  std::optional<SubjectData> read_subject(const char* key, std::int32_t role) const {
    const json& data = member(request_, key);
    if (!data.is_object()) return std::nullopt;
    SubjectData subject;
    subject.role = role;
    subject.node = member(data, "node");
    subject.instance = member(data, "instance");
    const json& properties = member(subject.instance, "runtime_properties");
    if (properties.is_object()) subject.saved = subject.runtime_properties = properties;
    return subject;
  }

  const cfy_operation_host* host_;
  cfy_operation* call_;
  json request_;
  std::optional<SubjectData> self_, source_, target_;
  std::optional<WantedRetry> wanted_retry_;
};

}  // namespace cfy::detail
