// Who is in a group is read from /proc; pidfds tell when they are gone, so nothing is polled. A
// process that joins meanwhile (a fork) is found by the next look, when all known ones have ended.
#include "process/termination.hpp"

#include <algorithm>

#include <signal.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace cfy::process {
namespace {

// How many processes to wait for at a time: one descriptor each, the others by the next look.
constexpr std::size_t kWatchedAtATime = 32;
// A process that survives SIGKILL this long hangs inside the kernel; waiting helps nobody.
constexpr std::chrono::seconds kGiveUp{3};

bool contains(const std::vector<pid_t>& groups, pid_t group) {
  return std::find(groups.begin(), groups.end(), group) != groups.end();
}

}  // namespace

Termination::Termination(Loop& loop, ProcessScanner& scanner, FindGroups find_groups,
                         std::chrono::milliseconds grace, std::function<void()> on_done)
    : loop_(loop),
      scanner_(scanner),
      find_groups_(std::move(find_groups)),
      grace_(grace),
      on_done_(std::move(on_done)) {
  look_soon();
}

Termination::~Termination() {
  loop_.cancel_timer(timer_);
  scanner_.cancel(scan_);
  for (const auto& [pidfd, entry] : watched_)
    loop_.unwatch(entry.second);
}

void Termination::look_soon() {
  if (scan_ != ScanId::none) return;
  scan_ = scanner_.request([this](const ProcessTable& table) {
    scan_ = ScanId::none;
    look(table);
  });
}

void Termination::look(const ProcessTable& table) {
  const std::vector<pid_t> groups = find_groups_(table);
  signal_new(groups);
  if (timer_ == TimerId::none) timer_ = loop_.add_timer(grace_, [this] { on_grace_over(); });
  if (!watched_.empty()) return;
  bool is_any_left = false;
  for (const ProcessEntry& entry : table.entries()) {
    if (watched_.size() >= kWatchedAtATime) break;
    if (entry.is_zombie || !contains(groups, entry.group)) continue;
    is_any_left = true;
    watch(entry.pid);
  }
  if (!is_any_left) return finish();
  if (watched_.empty()) look_soon();
}

void Termination::signal_new(const std::vector<pid_t>& groups) {
  for (const pid_t group : groups) {
    const bool is_new = !contains(signalled_, group);
    if (is_new) signalled_.push_back(group);
    // Again and again: what was forked between the last look and the signal has not got it.
    if (is_new || killing_) ::kill(-group, killing_ ? SIGKILL : SIGTERM);
    if (is_new) ::kill(-group, SIGCONT);  // a stopped process could not act on SIGTERM
  }
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
  if (watched_.empty()) look_soon();
}

void Termination::on_grace_over() {
  if (killing_) return finish();
  killing_ = true;
  timer_ = loop_.add_timer(kGiveUp, [this] { on_grace_over(); });
  for (const pid_t group : signalled_)
    ::kill(-group, SIGKILL);
  look_soon();
}

void Termination::finish() {
  loop_.cancel_timer(timer_);
  scanner_.cancel(scan_);
  // The callback may destroy this object.
  const std::function<void()> done = std::move(on_done_);
  done();
}

Termination::FindGroups these_groups(std::vector<pid_t> groups) {
  return [groups = std::move(groups)](const ProcessTable& table) mutable {
    // One that is gone is not asked for again: its number may be somebody else's by then.
    std::erase_if(groups, [&](pid_t group) {
      return std::none_of(table.entries().begin(), table.entries().end(),
                          [&](const ProcessEntry& entry) { return entry.group == group; });
    });
    return groups;
  };
}

}  // namespace cfy::process
