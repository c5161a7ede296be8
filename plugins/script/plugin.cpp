// The plugin `script`: script_runner.tasks.run runs a script as an operation.
#include <algorithm>
#include <filesystem>

#include <cfy/plugin.hpp>
#include <fmt/format.h>

#include "base/text.hpp"
#include "script/script_run.hpp"

namespace {

using cfy::json;
using cfy::script::Role;
using cfy::script::Verdict;

class OperationCtxHost : public cfy::script::CtxHost {
 public:
  /// @param folder  that the script runs in; empty: where this process does
  OperationCtxHost(cfy::OperationContext& ctx, std::filesystem::path folder)
      : ctx_(ctx), folder_(std::move(folder)) {}

  const json& request() const override { return ctx_.request(); }
  json& runtime_properties(Role role) override { return instance(role).runtime_properties(); }
  void update(Role role) override { instance(role).update(); }
  void keep_changes() override { ctx_.keep_changes(); }
  void log(const std::string& level, const std::string& text) override {
    ctx_.logger().log(level, text);
  }
  void log_lines(const std::string& level, const std::vector<std::string>& lines) override {
    ctx_.log_lines(level, lines);
  }
  void log_piece(const std::string& level, const std::string& lead, const std::string& piece,
                 bool goes_on) override {
    ctx_.log_piece(level, lead, piece, goes_on);
  }
  void send_event(const std::string& text) override { ctx_.send_event(text); }
  void want_retry(const std::string& message, std::optional<double> retry_after_s) override {
    ctx_.operation().retry(message, retry_after_s);
  }
  bool has_cancel_request() override { return ctx_.has_cancel_request(); }
  json get_operation() override { return ctx_.get_operation(); }
  json get_execution() override { return ctx_.get_execution(); }
  Verdict& verdict() override { return verdict_; }
  const Verdict& verdict() const { return verdict_; }

  void refresh(Role role, bool force) override { instance(role).refresh(force); }
  std::string host_ip(Role role) override { return instance(role).host_ip(); }
  std::string get_resource(const std::string& path) override {
    return need_text(path, ctx_.get_resource(path), "download-resource");
  }
  std::string download_resource(const std::string& path, const std::string& target) override {
    return shown(target, ctx_.download_resource(path, placed(target)));
  }
  std::string get_resource_and_render(const std::string& path, const json& variables) override {
    return need_text(path, ctx_.get_resource_and_render(path, variables),
                     "download-resource-and-render");
  }
  std::string download_resource_and_render(const std::string& path, const std::string& target,
                                           const json& variables) override {
    return shown(target, ctx_.download_resource_and_render(path, placed(target), variables));
  }
  std::string download_directory(const std::string& path, const std::string& target) override {
    return shown(target, ctx_.download_directory(path, placed(target)));
  }
  std::string plugin_prefix() override { return ctx_.plugin().prefix(); }
  std::string plugin_workdir() override { return ctx_.plugin().workdir(); }
  void note_access_error(const std::string& message) override { access_error_ = message; }
  /// Empty: there was none.
  const std::string& access_error() const { return access_error_; }

 private:
  // Where the script means by `target`: it need not run in our folder.
  std::string placed(const std::string& target) const {
    return target.empty() ? target : (folder_ / target).string();
  }
  // The script is answered by the path that it gave, if it did.
  static std::string shown(const std::string& target, const std::string& path) {
    return target.empty() ? path : target;
  }
  // JSON carries text alone, and what it cannot carry is not to arrive as something else.
  static std::string need_text(const std::string& path, std::string content,
                               const char* other_word) {
    if (!cfy::base::is_valid_utf8(content))
      throw std::runtime_error(
          fmt::format("resource '{}' is not a text in UTF-8: use ctx {}, which copies any file",
                      path, other_word));
    return content;
  }
  cfy::OperationInstance instance(Role role) const {
    if (role == Role::source) return ctx_.source().instance();
    return role == Role::target ? ctx_.target().instance() : ctx_.instance();
  }

  cfy::OperationContext& ctx_;
  std::filesystem::path folder_;
  Verdict verdict_;
  std::string access_error_;
};

std::string describe_failure(const std::string& script, const cfy::script::ScriptEnd& end) {
  std::string text = fmt::format("{} {}: {}", script, end.status.by_signal ? "crashed" : "failed",
                                 to_string(end.status));
  const auto& lines = end.last_error_lines;
  if (lines.empty()) return text;
  constexpr std::size_t kShown = 3;
  const std::size_t shown = std::min(lines.size(), kShown);
  text += shown == 1 ? ", last line of stderr: " : ", last lines of stderr: ";
  for (std::size_t at = lines.size() - shown; at < lines.size(); ++at)
    text += fmt::format("{}\"{}\"", at + shown == lines.size() ? "" : " ", lines[at]);
  return text;
}

// What the script said by ctx counts more than its exit status, but a value that it returned does
// not make up for a failure.
json conclude(const std::string& script, const cfy::script::ScriptEnd& end,
              const OperationCtxHost& host) {
  const Verdict& verdict = host.verdict();
  switch (verdict.kind()) {
    case Verdict::Kind::contradictory:
    case Verdict::Kind::aborted:
      throw cfy::NonRecoverable(verdict.message());
    case Verdict::Kind::retried:
      throw cfy::Retry(verdict.message(), verdict.retry_after_s());
    case Verdict::Kind::none:
    case Verdict::Kind::returned:
      break;
  }
  if (!end.status.is_success() && !host.access_error().empty())
    throw cfy::NonRecoverable(describe_failure(script, end) + "; " + host.access_error());
  if (!end.status.is_success()) throw cfy::Recoverable(describe_failure(script, end));
  return verdict.value();
}

// "cannot start '/usr/bin/nosuch'" alone does not say which of many scripts asks for it.
cfy::script::ScriptEnd run_named(const cfy::script::ScriptFile& script,
                                 const cfy::script::ScriptSettings& settings,
                                 OperationCtxHost& host) {
  try {
    return run_script(script, settings, host);
  } catch (const cfy::script::BadSettings&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("cannot run {}: {}", script.shown(), error.what()));
  }
}

json run(cfy::OperationContext& ctx) {
  try {
    const auto settings = cfy::script::read_settings(ctx.inputs().all());
    const cfy::script::ScriptFile script(settings, ctx.resources_root(), ctx.workdir());
    OperationCtxHost host(ctx, settings.working_folder.value_or(""));
    const auto end = run_named(script, settings, host);
    return conclude(script.shown(), end, host);
  } catch (const cfy::script::BadSettings& error) {
    throw cfy::NonRecoverable(error.what());
  } catch (const cfy::Error&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw cfy::Recoverable(error.what());  // of this machine: it may be better next time
  }
}

}  // namespace

CFY_PLUGIN("script", "1.0.0", cfy::operation<run>("script_runner.tasks.run", cfy::resumable));
