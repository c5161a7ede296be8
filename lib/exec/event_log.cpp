#include "exec/event_log.hpp"

#include <iterator>

namespace cfy::exec {

void EventLog::take(const event::Event& event) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(event);
  if (shown_ != nullptr) shown_->take(event);
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
