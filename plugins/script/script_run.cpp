// One loop does it all, on the operation's thread: output, ctx, and the end of the process. So a
// ctx call and a line of output never meet, and nothing needs a lock.
#include "script_run.hpp"

#include <array>
#include <cerrno>
#include <deque>

#include <fmt/format.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/text.hpp"
#include "ctx_resolve.hpp"
#include "http_endpoint.hpp"
#include "process/child.hpp"
#include "process/line_buffer.hpp"
#include "process/loop.hpp"

extern char** environ;

namespace cfy::script {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestLine = 64 * 1024;
constexpr std::size_t kKeptLines = 10;
constexpr std::size_t kLongestVariable = 128 * 1024;  // of Linux: "NAME=VALUE" and its end

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
  for (const auto& [name, value] : settings.environment) {
    if (name.size() + value.size() + 2 > kLongestVariable)
      throw BadSettings(
          fmt::format("'{}' has {} bytes, and a variable of the environment has room "
                      "for {}; let the script ask for it: ctx operation inputs {}",
                      name, value.size(), kLongestVariable - name.size() - 2, name));
    environment.set(name, value);
  }
  if (!url.empty()) environment.set("CTX_SOCKET_URL", url);
  const std::string path = environment.get("PATH");
  environment.set("PATH", ctx_folder() + (path.empty() ? "" : ":" + path));
  environment.set("PYTHONPATH", python_path(environment.get("PYTHONPATH")));
  return environment.entries();
}

// One of the script's two streams.
class OutputReader {
 public:
  using OnLines = std::function<void(std::vector<std::string>)>;

  OutputReader(process::Loop& loop, process::UniqueFd fd, OnLines on_lines)
      : loop_(loop), fd_(std::move(fd)), on_lines_(std::move(on_lines)), lines_(kLongestLine) {
    process::set_nonblocking(fd_.get());
    watch_ = loop_.watch(fd_.get(), EPOLLIN, [this](std::uint32_t) {
      if (!read_piece()) loop_.unwatch(watch_);
    });
  }
  ~OutputReader() { loop_.unwatch(watch_); }
  OutputReader(const OutputReader&) = delete;
  OutputReader& operator=(const OutputReader&) = delete;

  /// What is there now.
  void read_available() {
    // A child in the background may write faster than we read: only what fits a pipe can have been
    // there.
    constexpr int kMostPieces = 32;
    for (int pieces = 0; pieces < kMostPieces && read_piece() && got_some_; ++pieces) {
    }
  }
  /// The same, and a last line without its end.
  void finish() {
    read_available();
    lines_.finish([this](std::string_view line) { add(line); });
    give();
  }

 private:
  // False: the stream has ended.
  bool read_piece() {
    std::array<char, 64 * 1024> piece;
    const ssize_t got = ::read(fd_.get(), piece.data(), piece.size());
    got_some_ = got > 0;
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    lines_.feed({piece.data(), static_cast<std::size_t>(got)},
                [this](std::string_view line) { add(line); });
    give();
    return got > 0;
  }
  void add(std::string_view line) {
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    collected_.push_back(base::to_valid_utf8(line));
  }
  void give() {
    if (!collected_.empty()) on_lines_(std::exchange(collected_, {}));
  }

  process::Loop& loop_;
  process::UniqueFd fd_;
  OnLines on_lines_;
  std::vector<std::string> collected_;  // of one piece
  process::LineBuffer lines_;
  process::WatchId watch_ = process::WatchId::none;
  bool got_some_ = false;
};

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
    return answer(host_, body).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
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
    if (script_.content_fd() >= 0) options.fds.push_back({script_.content_fd(), kContentFd});
    process::Child child = value_or_throw(process::spawn(options));

    const bool is_both = settings_.stderr_to_stdout;
    add_reader(std::move(out.read_end), "<out> ", settings_.log_stdout, is_both);
    if (!is_both) add_reader(std::move(err.read_end), "<err> ", settings_.log_stderr, true);
    return child;
  }

  void add_reader(process::UniqueFd fd, const char* prefix, bool log, bool keep) {
    readers_.push_back(std::make_unique<OutputReader>(
        *loop_, std::move(fd), [this, prefix, log, keep](std::vector<std::string> lines) {
          if (keep) keep_last(lines);
          if (!log) return;
          for (std::string& line : lines)
            line.insert(0, prefix);
          host_.log_lines("info", lines);
        }));
  }

  void keep_last(const std::vector<std::string>& lines) {
    for (const std::string& line : lines)
      if (!line.empty()) last_lines_.push_back(line);
    if (last_lines_.size() > kKeptLines)
      last_lines_.erase(last_lines_.begin(), last_lines_.end() - kKeptLines);
  }

  const ScriptFile& script_;
  const ScriptSettings& settings_;
  CtxHost& host_;
  std::unique_ptr<process::Loop> loop_;
  std::unique_ptr<HttpEndpoint> endpoint_;
  std::vector<std::unique_ptr<OutputReader>> readers_;
  std::deque<std::string> last_lines_;
};

}  // namespace

ScriptEnd run_script(const ScriptFile& script, const ScriptSettings& settings, CtxHost& host) {
  return Run(script, settings, host).run();
}

}  // namespace cfy::script
