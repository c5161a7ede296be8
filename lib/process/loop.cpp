// The loop of loop.hpp. Watches are found by a number that is never used twice, so that an event
// still in the batch for a descriptor that was closed and opened again reaches nobody.
#include "process/loop.hpp"

#include <array>
#include <cerrno>
#include <utility>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace cfy::process {
namespace {

constexpr std::uint64_t kWakeId = 0;

bool control(int epoll, int operation, int fd, std::uint32_t events, std::uint64_t id) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = id;
  return ::epoll_ctl(epoll, operation, fd, &event) == 0;
}

}  // namespace

base::Result<std::unique_ptr<Loop>> Loop::make() {
  UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) return base::errno_error(errno, "making an epoll descriptor");
  UniqueFd wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake) return base::errno_error(errno, "making an eventfd");
  if (!control(epoll.get(), EPOLL_CTL_ADD, wake.get(), EPOLLIN, kWakeId))
    return base::errno_error(errno, "watching an eventfd");
  return std::unique_ptr<Loop>(new Loop(std::move(epoll), std::move(wake)));
}

Loop::Loop(UniqueFd epoll, UniqueFd wake) : epoll_(std::move(epoll)), wake_(std::move(wake)) {}

WatchId Loop::watch(int fd, std::uint32_t events, WatchCallback callback) {
  const std::uint64_t id = ++last_id_;
  // Fails only for what cannot be polled or is watched already: mistakes of the program.
  CFY_ASSERT(control(epoll_.get(), EPOLL_CTL_ADD, fd, events, id));
  watches_.emplace(id, std::make_shared<Watch>(Watch{fd, std::move(callback)}));
  return WatchId{id};
}

void Loop::change(WatchId id, std::uint32_t events) {
  const auto found = watches_.find(std::uint64_t(id));
  if (found == watches_.end()) return;
  CFY_ASSERT(control(epoll_.get(), EPOLL_CTL_MOD, found->second->fd, events, std::uint64_t(id)));
}

void Loop::unwatch(WatchId id) {
  const auto found = watches_.find(std::uint64_t(id));
  if (found == watches_.end()) return;
  control(epoll_.get(), EPOLL_CTL_DEL, found->second->fd, 0, 0);
  watches_.erase(found);
}

TimerId Loop::add_timer(std::chrono::milliseconds delay, Task task) {
  const std::uint64_t id = ++last_id_;
  const Due due = std::chrono::steady_clock::now() + delay;
  timers_.emplace(std::pair(due, id), std::move(task));
  timer_dues_.emplace(id, due);
  return TimerId{id};
}

void Loop::cancel_timer(TimerId id) {
  const auto found = timer_dues_.find(std::uint64_t(id));
  if (found == timer_dues_.end()) return;
  timers_.erase({found->second, found->first});
  timer_dues_.erase(found);
}

void Loop::post(Task task) {
  const std::lock_guard lock(mutex_);
  posts_.push_back(std::move(task));
  if (posts_.size() == 1) wake();
}

void Loop::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  wake();
}

void Loop::wake() {
  const std::uint64_t one = 1;
  // Fails only when the counter is full, and then the loop is awake anyway.
  [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
}

int Loop::timeout_ms() const {
  if (timers_.empty()) return -1;
  const auto wait = timers_.begin()->first.first - std::chrono::steady_clock::now();
  if (wait.count() <= 0) return 0;
  // Rounded up: waking a little early would spin until the timer is due.
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(wait).count();
  constexpr std::int64_t kLongest = 3'600'000;  // one hour, then look again
  return static_cast<int>(std::min<std::int64_t>(ms, kLongest));
}

void Loop::run_due_timers() {
  const Due now = std::chrono::steady_clock::now();
  while (!timers_.empty() && timers_.begin()->first.first <= now) {
    auto timer = timers_.extract(timers_.begin());
    timer_dues_.erase(timer.key().second);
    timer.mapped()();
  }
}

bool Loop::run_posts() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(wake_.get(), &count, sizeof count);
  std::vector<Task> posts;
  bool stopping = false;
  {
    const std::lock_guard lock(mutex_);
    posts.swap(posts_);
    stopping = std::exchange(stopping_, false);
  }
  for (Task& task : posts)
    task();
  return !stopping;
}

void Loop::run() {
  std::array<epoll_event, 64> events;
  for (;;) {
    const int count = ::epoll_wait(epoll_.get(), events.data(), int(events.size()), timeout_ms());
    CFY_ASSERT(count >= 0 || errno == EINTR);
    bool woken = false;
    for (int i = 0; i < count; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      if (event.data.u64 == kWakeId) {
        woken = true;
        continue;
      }
      const auto found = watches_.find(event.data.u64);
      if (found == watches_.end()) continue;  // removed by a callback of this batch
      const std::shared_ptr<Watch> keep = found->second;
      keep->callback(event.events);
    }
    run_due_timers();
    if (woken && !run_posts()) return;
  }
}

}  // namespace cfy::process
