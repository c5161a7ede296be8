// One loop does it all, on the operation's thread: output, ctx, and the end of the process. So a
// ctx call and a line of output never meet, and nothing needs a lock.
#include "script_run.hpp"

#include <algorithm>
#include <cerrno>
#include <deque>

#include <fmt/format.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/text.hpp"
#include "ctx_resolve.hpp"
#include "http_endpoint.hpp"
#include "output_reader.hpp"
#include "process/child.hpp"
#include "process/loop.hpp"

extern char** environ;

namespace cfy::script {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKeptLines = 10;
constexpr std::size_t kNamedSizes = 3;

template <typename T>
T value_or_throw(base::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message());
  return std::move(result).value();
}

// The folder of the `ctx` program: that of this program, in the build tree as installed.
std::string ctx_folder() {
  std::error_code ignored;
  return fs::read_symlink("/proc/self/exe", ignored).parent_path().string();
}

class Environment {
 public:
  Environment() {
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string_view text = *entry;
      const std::size_t equals = text.find('=');
      if (equals != std::string_view::npos)
        values_[std::string(text.substr(0, equals))] = text.substr(equals + 1);
    }
  }
  void set(const std::string& name, const std::string& value) { values_[name] = value; }
  void remove(const std::string& name) { values_.erase(name); }
  std::string get(const std::string& name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::string() : found->second;
  }
  std::vector<std::string> entries() const {
    std::vector<std::string> entries;
    for (const auto& [name, value] : values_)
      entries.push_back(name + "=" + value);
    return entries;
  }

 private:
  std::map<std::string, std::string> values_;
};

// Modules for scripts in Python. Last: a module of the user's own comes first.
std::string python_path(const std::string& already) {
  const fs::path modules = fs::path(ctx_folder()) / "../lib/cfy-run/python";
  return already + (already.empty() ? "" : ":") + modules.lexically_normal().string();
}

std::vector<std::string> make_environment(const ScriptSettings& settings, const std::string& url) {
  Environment environment;
  if (environment.get("TMPDIR").empty())
    environment.set("TMPDIR", fs::temp_directory_path().string());
  for (const auto& [name, size] : settings.left_out)
    environment.remove(name);  // of whoever started this program: it would be taken for the input
  for (const auto& [name, value] : settings.environment)
    environment.set(name, value);
  if (!url.empty()) environment.set("CTX_SOCKET_URL", url);
  const std::string path = environment.get("PATH");
  environment.set("PATH", ctx_folder() + (path.empty() ? "" : ":" + path));
  environment.set("PYTHONPATH", python_path(environment.get("PYTHONPATH")));
  return environment.entries();
}

void warn_of_left_out(const ScriptSettings& settings, CtxHost& host) {
  for (const auto& [name, size] : settings.left_out) {
    const std::string way =
        settings.offers_ctx ? fmt::format("the script gets it by: ctx operation inputs {}", name)
                            : "and with ctx_proxy_type none the script has no ctx to ask";
    host.log("warning",
             fmt::format("input '{}' is not in the environment: it has {} bytes, and a variable "
                         "has room for {}; {}",
                         name, size, room_for_value(name), way));
  }
}

// "'a' (90000 bytes), 'b' (7 bytes)": the largest values that the script is started with.
std::string name_largest(const ScriptSettings& settings) {
  std::map<std::string, std::size_t> sizes;  // an entry of process.env replaces an input
  for (const auto& [name, value] : settings.environment)
    sizes[fmt::format("'{}'", name)] = value.size();
  if (!settings.arguments.empty()) sizes["process.args"] = settings.arguments.size();
  std::vector<std::pair<std::string, std::size_t>> largest(sizes.begin(), sizes.end());
  std::stable_sort(largest.begin(), largest.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  largest.resize(std::min(largest.size(), kNamedSizes));
  std::vector<std::string> shown;
  for (const auto& [name, size] : largest)
    shown.push_back(fmt::format("{} ({} bytes)", name, size));
  return base::join(shown, ", ");
}

process::Child spawn_script(const process::SpawnOptions& options, const ScriptFile& script,
                            const ScriptSettings& settings) {
  auto child = process::spawn(options);
  if (child) return std::move(child).value();
  if (child.error().kind() == base::ErrorKind::invalid)
    throw BadSettings(fmt::format(
        "cannot run {}: its environment and arguments are larger than the system allows; the "
        "largest are {}",
        script.shown(), name_largest(settings)));
  throw std::runtime_error(child.error().message());
}

class Run {
 public:
  Run(const ScriptFile& script, const ScriptSettings& settings, CtxHost& host)
      : script_(script),
        settings_(settings),
        host_(host),
        loop_(value_or_throw(process::Loop::make())) {
    if (settings.offers_ctx)
      endpoint_ = value_or_throw(HttpEndpoint::make(
          *loop_, [this](const std::string& body) { return answer_call(body); }));
  }

  ScriptEnd run() {
    process::Child child = start();
    const auto watch = loop_->watch(child.pidfd(), EPOLLIN, [&](std::uint32_t) { loop_->stop(); });
    loop_->run();
    loop_->unwatch(watch);
    const process::ExitStatus status = child.wait();
    for (const auto& reader : readers_)
      reader->finish();
    return {status, {last_lines_.begin(), last_lines_.end()}};
  }

 private:
  std::string answer_call(const std::string& body) {
    // What the script printed before it called ctx is logged before what ctx logs.
    for (const auto& reader : readers_)
      reader->read_available();
    const nlohmann::json answered = answer(host_, body);
    host_.keep_changes();
    return answered.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }

  process::Child start() {
    process::SpawnOptions options;
    options.argv = script_.command(settings_);
    options.environment = make_environment(settings_, endpoint_ ? endpoint_->url() : "");
    options.working_folder = settings_.working_folder;
    process::Pipe out = value_or_throw(process::make_pipe());
    process::Pipe err;
    if (!settings_.stderr_to_stdout) err = value_or_throw(process::make_pipe());
    const int err_fd = settings_.stderr_to_stdout ? out.write_end.get() : err.write_end.get();
    options.fds = {{out.write_end.get(), 1}, {err_fd, 2}};
    process::Child child = spawn_script(options, script_, settings_);

    const bool is_both = settings_.stderr_to_stdout;
    add_reader(std::move(out.read_end), "<out> ", settings_.log_stdout, is_both);
    if (!is_both) add_reader(std::move(err.read_end), "<err> ", settings_.log_stderr, true);
    return child;
  }

  void add_reader(process::UniqueFd fd, const std::string& lead, bool log, bool keep) {
    OutputReader::Callbacks callbacks;
    callbacks.on_lines = [this, lead, log, keep](std::vector<std::string> lines) {
      if (keep) keep_last(lines);
      if (!log) return;
      for (std::string& line : lines)
        line.insert(0, lead);
      host_.log_lines("info", lines);
    };
    callbacks.on_piece = [this, lead, log, keep](const std::string& piece, bool goes_on) {
      if (keep) keep_length(piece.size(), goes_on);
      if (log) host_.log_piece("info", lead, piece, goes_on);
    };
    readers_.push_back(std::make_unique<OutputReader>(*loop_, std::move(fd), std::move(callbacks)));
  }

  void keep_last(const std::vector<std::string>& lines) {
    for (const std::string& line : lines)
      if (!line.empty()) last_lines_.push_back(line);
    if (last_lines_.size() > kKeptLines)
      last_lines_.erase(last_lines_.begin(), last_lines_.end() - kKeptLines);
  }

  // A part of it would help nobody, and could be half of a secret.
  void keep_length(std::size_t bytes, bool goes_on) {
    long_line_bytes_ += bytes;
    if (!goes_on)
      keep_last({fmt::format("(a line of {} bytes)", std::exchange(long_line_bytes_, 0))});
  }

  const ScriptFile& script_;
  const ScriptSettings& settings_;
  CtxHost& host_;
  std::unique_ptr<process::Loop> loop_;
  std::unique_ptr<HttpEndpoint> endpoint_;
  std::vector<std::unique_ptr<OutputReader>> readers_;
  std::deque<std::string> last_lines_;
  std::size_t long_line_bytes_ = 0;  // of the stream that is kept
};

}  // namespace

ScriptEnd run_script(const ScriptFile& script, const ScriptSettings& settings, CtxHost& host) {
  warn_of_left_out(settings, host);
  return Run(script, settings, host).run();
}

}  // namespace cfy::script
