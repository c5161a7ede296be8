// Who is in a group is read from /proc; pidfds tell when they are gone, so nothing is polled. A
// process that joins meanwhile (a fork) is found by the next look, when all known ones have ended.
#include "process/termination.hpp"

#include <algorithm>

#include <signal.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "process/process_table.hpp"

namespace cfy::process {
namespace {

// How many processes to wait for at a time: one descriptor each, the others by the next look.
constexpr std::size_t kWatchedAtATime = 32;
// A process that survives SIGKILL this long hangs inside the kernel; waiting helps nobody.
constexpr std::chrono::seconds kGiveUp{3};

}  // namespace

Termination::Termination(Loop& loop, std::vector<pid_t> groups, std::chrono::milliseconds grace,
                         std::function<void()> on_done)
    : loop_(loop), groups_(std::move(groups)), on_done_(std::move(on_done)) {
  signal_groups(SIGTERM);
  signal_groups(SIGCONT);  // a stopped process could not act on SIGTERM
  timer_ = loop_.add_timer(grace, [this] { on_grace_over(); });
  first_look_ = loop_.add_timer(std::chrono::milliseconds(0), [this] { look_again(); });
}

Termination::~Termination() {
  loop_.cancel_timer(timer_);
  loop_.cancel_timer(first_look_);
  for (const auto& [pidfd, entry] : watched_)
    loop_.unwatch(entry.second);
}

void Termination::signal_groups(int signal) {
  for (const pid_t group : groups_)
    ::kill(-group, signal);
}

void Termination::look_again() {
  // The cheap question first: it also counts zombies, so only a "no" is an answer.
  std::erase_if(groups_, [](pid_t group) { return ::kill(-group, 0) != 0; });
  if (groups_.empty()) return finish();
  if (killing_) signal_groups(SIGKILL);  // what was forked between the last look and the signal
  for (const ProcessEntry& entry : list_processes()) {
    if (watched_.size() >= kWatchedAtATime) break;
    const bool is_ours = std::find(groups_.begin(), groups_.end(), entry.group) != groups_.end();
    if (is_ours && !entry.is_zombie) watch(entry.pid);
  }
  if (watched_.empty()) finish();
}

void Termination::watch(pid_t pid) {
  UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!pidfd) return;  // gone since the look
  const int fd = pidfd.get();
  const WatchId id = loop_.watch(fd, EPOLLIN, [this, fd](std::uint32_t) { on_exit(fd); });
  watched_.emplace(fd, std::pair(std::move(pidfd), id));
}

void Termination::on_exit(int pidfd) {
  const auto found = watched_.find(pidfd);
  loop_.unwatch(found->second.second);
  watched_.erase(found);
  if (watched_.empty()) look_again();
}

void Termination::on_grace_over() {
  if (killing_) return finish();
  killing_ = true;
  signal_groups(SIGKILL);
  timer_ = loop_.add_timer(kGiveUp, [this] { on_grace_over(); });
  if (watched_.empty()) look_again();
}

void Termination::finish() {
  loop_.cancel_timer(timer_);
  loop_.cancel_timer(first_look_);
  // The callback may destroy this object.
  const std::function<void()> done = std::move(on_done_);
  done();
}

}  // namespace cfy::process
