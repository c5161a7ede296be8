// EventLog: where all events of an execution meet, and where secrets are hidden in them. Shows each
// at once and keeps it until somebody writes it down together with what it tells of. Knows no
// coordinator.
#pragma once

#include <mutex>
#include <vector>

#include "base/error.hpp"
#include "event/event.hpp"
#include "event/secret_mask.hpp"
#include "store/store.hpp"

namespace cfy::exec {

/// take() may be called from any thread.
class EventLog final : public event::Sink {
 public:
  /// @param shown  gets each event, one at a time; borrowed; may be nullptr
  /// @param mask   hides secrets before anything is shown or kept; borrowed; may be nullptr
  explicit EventLog(event::Sink* shown, const event::SecretMask* mask = nullptr)
      : shown_(shown), mask_(mask) {}

  void take(const event::Event& event) override;

  /// Writers hold this while they write, taken before the database's own lock: so events reach
  /// the store in the order in which they happened, whoever writes.
  [[nodiscard]] std::unique_lock<std::mutex> lock_writing() { return std::unique_lock(writing_); }
  /// Append what was not written yet, in the store's open transaction or in one of its own.
  /// The caller holds lock_writing(). On an error the events stay for the next time.
  base::Result<void> write(store::Store& store);

 private:
  event::Sink* shown_;
  const event::SecretMask* mask_;
  std::mutex writing_;
  std::mutex mutex_;  // guards waiting_ and shown_
  std::vector<event::Event> waiting_;
};

}  // namespace cfy::exec
