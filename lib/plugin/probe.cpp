#include "plugin/probe.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>

#include <cfy/plugin.h>
#include <dlfcn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.hpp"

namespace cfy::plugin {
namespace {

/// Output of the child: a file in memory, as a pipe could fill up and block it.
class OutputFile {
 public:
  OutputFile() : fd_(memfd_create("cfy-plugin-output", MFD_CLOEXEC)) {}
  ~OutputFile() {
    if (fd_ >= 0) close(fd_);
  }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  int fd() const { return fd_; }
  /// The last non-empty line: what the C++ runtime or the plugin said in the end.
  std::string last_line() const {
    std::array<char, 4096> buffer{};
    const off_t size = lseek(fd_, 0, SEEK_END);
    const off_t limit = static_cast<off_t>(buffer.size());
    const ssize_t got = pread(fd_, buffer.data(), buffer.size(), size > limit ? size - limit : 0);
    std::string_view tail(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    while (tail.ends_with('\n'))
      tail.remove_suffix(1);
    const auto start = tail.rfind('\n');
    std::string_view line = start == std::string_view::npos ? tail : tail.substr(start + 1);
    while (line.starts_with(' '))
      line.remove_prefix(1);
    return base::to_valid_utf8(line);
  }

 private:
  int fd_;
};

[[noreturn]] void load_in_child(const char* path, unsigned timeout_s, int output) {
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  for (const int signal_number : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM, SIGTERM})
    std::signal(signal_number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  alarm(timeout_s);
  try {
    if (void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL)) {
      void* symbol = dlsym(library, "cfy_plugin_v1");
      decltype(&cfy_plugin_v1) entry = nullptr;
      std::memcpy(&entry, &symbol, sizeof(entry));
      if (entry != nullptr) entry();
    }
  } catch (...) {
    // The parent sees the same exception, in a place where it can be caught.
  }
  _exit(0);
}

base::Result<void> judge(int status, unsigned timeout_s, const OutputFile& output) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  const std::string line = output.last_line();
  const std::string said = line.empty() ? "" : ": " + line;
  constexpr const char* kAdvice =
      "static initialisers of the plugin, or of a library it uses, run then";
  if (WIFEXITED(status))
    return base::make_error(base::ErrorKind::plugin,
                            "ended the program with exit status {} while it was loaded{}; {}",
                            WEXITSTATUS(status), said, kAdvice);
  const int number = WTERMSIG(status);
  if (number == SIGALRM)
    return base::make_error(base::ErrorKind::plugin, "did not finish loading within {} seconds; {}",
                            timeout_s, kAdvice);
  if (number == SIGABRT)
    return base::make_error(base::ErrorKind::plugin, "threw or aborted while it was loaded{}; {}",
                            said, kAdvice);
  return base::make_error(base::ErrorKind::plugin, "crashed while it was loaded (SIG{}){}; {}",
                          sigabbrev_np(number), said, kAdvice);
}

}  // namespace

base::Result<void> probe_load(const std::filesystem::path& path, unsigned timeout_s) {
  const OutputFile output;
  if (output.fd() < 0) return base::errno_error(errno, "memfd_create");
  const std::string file = path.string();
  const pid_t child = fork();
  if (child < 0) return base::errno_error(errno, "fork");
  if (child == 0) load_in_child(file.c_str(), timeout_s, output.fd());
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return base::errno_error(errno, "waitpid");
  return judge(status, timeout_s, output);
}

}  // namespace cfy::plugin
