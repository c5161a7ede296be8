#include "exec/event_log.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace cfy::exec {

void EventLog::take(const event::Event& event) {
  event::Event masked = event;
  if (mask_ != nullptr) mask_->apply(masked);
  const std::lock_guard lock(mutex_);
  if (shown_ != nullptr) shown_->take(masked);
  waiting_.push_back(std::move(masked));
  if (on_batch_ && waiting_.size() % kBatch == 0) on_batch_();
}

void EventLog::on_batch(std::function<void()> callback) {
  const std::lock_guard lock(mutex_);
  on_batch_ = std::move(callback);
}

bool EventLog::is_congested() const {
  return waiting() >= kCongested;
}

std::size_t EventLog::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

base::Result<void> EventLog::write(store::Store& store, std::size_t limit) {
  std::vector<event::Event> events;
  {
    const std::lock_guard lock(mutex_);
    const auto end =
        waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(limit, waiting_.size()));
    events.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
  }
  if (events.empty()) return {};
  auto written = store.events().append(events);
  if (written) return {};
  const std::lock_guard lock(mutex_);
  waiting_.insert(waiting_.begin(), std::make_move_iterator(events.begin()),
                  std::make_move_iterator(events.end()));
  return written;
}

}  // namespace cfy::exec
