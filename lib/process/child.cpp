// posix_spawn does the delicate part: libc knows best how to start a process from a program with
// threads. What it cannot say well (which of program and folder is missing) is looked up
// afterwards.
#include "process/child.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <mutex>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace cfy::process {
namespace {

std::vector<char*> to_c_array(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  // posix_spawn takes char* const[] for history's sake; it changes nothing.
  for (const std::string& text : texts)
    pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// A parent (a daemon, some shells) may have left SIGCHLD ignored: the kernel would then reap our
// children itself and their exit status would be lost.
void keep_children_reapable() {
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction action {};
    if (::sigaction(SIGCHLD, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) {
      action.sa_handler = SIG_DFL;
      ::sigaction(SIGCHLD, &action, nullptr);
    }
  });
}

class Attributes {
 public:
  explicit Attributes(bool new_session) {
    ::posix_spawnattr_init(&value_);
    sigset_t signals;
    ::sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&value_, &signals);
    ::sigfillset(&signals);
    ::posix_spawnattr_setsigdefault(&value_, &signals);
    ::posix_spawnattr_setpgroup(&value_, 0);
    const int group = new_session ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP;
    ::posix_spawnattr_setflags(
        &value_, static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group));
  }
  ~Attributes() { ::posix_spawnattr_destroy(&value_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  const posix_spawnattr_t* get() const { return &value_; }

 private:
  posix_spawnattr_t value_;
};

class FileActions {
 public:
  FileActions() { ::posix_spawn_file_actions_init(&value_); }
  ~FileActions() { ::posix_spawn_file_actions_destroy(&value_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  const posix_spawn_file_actions_t* get() const { return &value_; }

  void change_folder(const std::string& folder) {
    ::posix_spawn_file_actions_addchdir_np(&value_, folder.c_str());
  }

  base::Result<void> pass(const std::vector<PassedFd>& fds) {
    int highest = 2;
    for (const PassedFd& fd : fds)
      highest = std::max(highest, fd.theirs);
    for (int theirs = 0; theirs <= highest; ++theirs) {
      const auto is_given = [&](const PassedFd& fd) { return fd.theirs == theirs; };
      if (std::any_of(fds.begin(), fds.end(), is_given)) continue;
      if (theirs <= 2) ::posix_spawn_file_actions_addopen(&value_, theirs, "/dev/null", O_RDWR, 0);
      if (theirs > 2) ::posix_spawn_file_actions_addclose(&value_, theirs);
    }
    for (const PassedFd& fd : fds) {
      // Copied above all targets first, so that no dup2 overwrites what a later one needs.
      UniqueFd copy(::fcntl(fd.ours, F_DUPFD_CLOEXEC, highest + 1));
      if (!copy) return base::errno_error(errno, "copying a descriptor for a child");
      ::posix_spawn_file_actions_adddup2(&value_, copy.get(), fd.theirs);
      copies_.push_back(std::move(copy));
    }
    // What a plugin opened without close-on-exec does not travel either.
    ::posix_spawn_file_actions_addclosefrom_np(&value_, highest + 1);
    return {};
  }

 private:
  posix_spawn_file_actions_t value_;
  std::vector<UniqueFd> copies_;
};

base::Error spawn_error(int error, const SpawnOptions& options) {
  std::error_code ignored;
  if (options.working_folder && !std::filesystem::is_directory(*options.working_folder, ignored))
    return base::make_error(base::ErrorKind::not_found, "cannot start '{}': no folder '{}'",
                            options.argv[0], *options.working_folder);
  if (error == ENOENT || error == ENOTDIR)
    return base::make_error(base::ErrorKind::not_found, "cannot start '{}': no such program",
                            options.argv[0]);
  if (error == E2BIG)
    return base::make_error(base::ErrorKind::invalid,
                            "cannot start '{}': its arguments and environment are too large",
                            options.argv[0]);
  return base::errno_error(error, fmt::format("cannot start '{}'", options.argv[0]));
}

ExitStatus to_status(const siginfo_t& info) {
  return {.by_signal = info.si_code != CLD_EXITED, .value = info.si_status};
}

}  // namespace

base::Result<Child> spawn(const SpawnOptions& options) {
  CFY_ASSERT(!options.argv.empty());
  keep_children_reapable();
  FileActions actions;
  if (options.working_folder) actions.change_folder(*options.working_folder);
  if (auto passed = actions.pass(options.fds); !passed) return std::move(passed).error();
  const Attributes attributes(options.new_session);
  const std::vector<char*> argv = to_c_array(options.argv);
  std::vector<char*> environment;
  if (options.environment) environment = to_c_array(*options.environment);

  pid_t pid = 0;
  const int error = ::posix_spawnp(&pid, argv[0], actions.get(), attributes.get(), argv.data(),
                                   options.environment ? environment.data() : environ);
  if (error != 0) return spawn_error(error, options);
  // Nobody else reaps our children, so the pid still means the child, ended or not.
  UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!pidfd) {
    const int reason = errno;
    ::kill(-pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    return base::errno_error(reason, fmt::format("watching '{}'", options.argv[0]));
  }
  return Child(pid, std::move(pidfd));
}

Child::~Child() {
  if (pidfd_) poll();
}

Child::Child(Child&& other) noexcept
    : pid_(other.pid_), pidfd_(std::move(other.pidfd_)), status_(other.status_) {}

std::optional<ExitStatus> Child::poll() {
  return status_ ? status_ : reap(WNOHANG);
}

ExitStatus Child::wait() {
  const auto status = status_ ? status_ : reap(0);
  CFY_ASSERT(status.has_value());  // without WNOHANG there is always an answer
  return *status;
}

std::optional<ExitStatus> Child::reap(int options) {
  siginfo_t info{};
  int result = 0;
  do {
    result = ::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &info, WEXITED | options);
  } while (result != 0 && errno == EINTR);
  if (result == 0 && info.si_pid == 0) return std::nullopt;
  // ECHILD: other code of this process (a plugin) waited for all children and took the status.
  status_ = result == 0 ? to_status(info) : ExitStatus{.by_signal = false, .value = 255};
  return status_;
}

bool Child::signal_group(int signal) const {
  return ::kill(-pid_, signal) == 0;
}

}  // namespace cfy::process
