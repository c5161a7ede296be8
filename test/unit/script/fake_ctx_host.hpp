// A CtxHost over plain values that notes what is asked of it.
#pragma once

#include "script/ctx_host.hpp"
#include "script/ctx_resolve.hpp"

namespace cfy::test {

class FakeCtxHost : public script::CtxHost {
 public:
  using json = nlohmann::json;
  explicit FakeCtxHost(json request) : request_(std::move(request)) {
    for (const auto& [role, key] :
         {std::pair(script::Role::self, "self"), std::pair(script::Role::source, "source"),
          std::pair(script::Role::target, "target")})
      if (request_.contains(key))
        properties_[role] = request_[key]["instance"]["runtime_properties"];
  }

  const json& request() const override { return request_; }
  json& runtime_properties(script::Role role) override { return properties_.at(role); }
  void update(script::Role) override { trace += "update;"; }
  void keep_changes() override {}
  void refresh(script::Role, bool force) override { trace += force ? "drop;" : "refresh;"; }
  std::string host_ip(script::Role role) override {
    return properties_.at(role).value("ip", std::string("10.0.0.1"));
  }
  void log(const std::string& level, const std::string& text) override {
    trace += level + ":" + text + ";";
  }
  void log_lines(const std::string& level, const std::vector<std::string>& lines) override {
    for (const std::string& line : lines)
      log(level, line);
  }
  void log_piece(const std::string& level, const std::string& lead, const std::string& piece,
                 bool goes_on) override {
    log(level, lead + piece + (goes_on ? " ..." : ""));
  }
  void send_event(const std::string& text) override { trace += "event:" + text + ";"; }
  void want_retry(const std::string& message, std::optional<double> after) override {
    trace += "retry:" + message + ":" + (after ? json(*after).dump() : "default") + ";";
  }
  script::Verdict& verdict() override { return verdict_; }
  bool has_cancel_request() override { return true; }
  json get_operation() override { return {{"id", "t1"}}; }
  json get_execution() override { return {{"id", "e1"}, {"status", "started"}}; }
  std::string get_resource(const std::string& path) override { return "content of " + path; }
  std::string download_resource(const std::string& path, const std::string& target) override {
    return target.empty() ? "/tmp/copy of " + path : target;
  }

  std::string get_resource_and_render(const std::string& path, const json& variables) override {
    return path + " with " + variables.dump();
  }
  std::string download_resource_and_render(const std::string& path, const std::string& target,
                                           const json& variables) override {
    return target + ":" + path + " with " + variables.dump();
  }
  std::string download_directory(const std::string& path, const std::string& target) override {
    return target + ":" + path;
  }
  std::string plugin_prefix() override { return "/opt/script"; }
  std::string plugin_workdir() override { return "/work/plugins/script"; }
  void note_access_error(const std::string& message) override { access_error = message; }

  /// What the endpoint answers to these arguments.
  json ask(const json& args) { return script::answer(*this, json{{"args", args}}.dump()); }

  std::string trace, access_error;

 private:
  json request_;
  std::map<script::Role, json> properties_;
  script::Verdict verdict_;
};

}  // namespace cfy::test
