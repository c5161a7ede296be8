// EventLog: where all events of an execution meet, and where secrets are hidden in them. Hands each
// to whoever shows them and keeps it until somebody writes it down together with what it tells of.
// Knows no coordinator.
#pragma once

#include <deque>
#include <functional>
#include <mutex>

#include "base/error.hpp"
#include "event/event.hpp"
#include "event/secret_mask.hpp"
#include "store/store.hpp"

namespace cfy::exec {

/// take() may be called from any thread.
class EventLog final : public event::Sink {
 public:
  /// So many make a transaction of their own: few enough that nobody waits long for the database.
  static constexpr std::size_t kBatch = 256;
  /// Who makes more than what is waiting then has to wait (is_congested()).
  static constexpr std::size_t kCongested = 2048;

  /// @param shown  gets each event, one at a time, and does not block; borrowed; may be nullptr
  /// @param mask   hides secrets before anything is shown or kept; borrowed; may be nullptr
  explicit EventLog(event::Sink* shown, const event::SecretMask* mask = nullptr)
      : shown_(shown), mask_(mask) {}

  /// Call back whenever there is a batch to be written, from the thread that brings the last event
  /// of it; it must not call back into this. nullptr: nobody wants to know any more.
  void on_batch(std::function<void()> callback);

  void take(const event::Event& event) override;

  /// More comes than the store takes: whoever can hold the operations' output back is to do so.
  bool is_congested() const;
  std::size_t waiting() const;

  /// Writers hold this while they write, taken before the database's own lock: so events reach
  /// the store in the order in which they happened, whoever writes.
  [[nodiscard]] std::unique_lock<std::mutex> lock_writing() { return std::unique_lock(writing_); }
  /// Append what was not written yet, the oldest first and `limit` at most, in the store's open
  /// transaction or in one of its own. The caller holds lock_writing(). On an error the events stay
  /// for the next time.
  base::Result<void> write(store::Store& store, std::size_t limit = SIZE_MAX);

 private:
  event::Sink* shown_;
  const event::SecretMask* mask_;
  std::mutex writing_;
  mutable std::mutex mutex_;  // guards shown_ and what follows
  std::function<void()> on_batch_;
  std::deque<event::Event> waiting_;
};

}  // namespace cfy::exec
