#include "exec/event_log.hpp"

#include <iterator>
#include <utility>

namespace cfy::exec {

void EventLog::take(const event::Event& event) {
  event::Event masked = event;
  if (mask_ != nullptr) mask_->apply(masked);
  const std::lock_guard lock(mutex_);
  if (shown_ != nullptr) shown_->take(masked);
  waiting_.push_back(std::move(masked));
}

base::Result<void> EventLog::write(store::Store& store) {
  std::vector<event::Event> events;
  {
    const std::lock_guard lock(mutex_);
    events.swap(waiting_);
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
