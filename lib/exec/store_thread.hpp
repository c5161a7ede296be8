// StoreThread: what a run does with the store beside the turns of its coordinator, on a thread and
// a connection of its own: it writes the events that no turn takes along, it writes down a cancel
// that the run has heard, and it looks for one that another process has asked for. So nobody who
// has to answer at once waits for the database.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "exec/event_log.hpp"
#include "exec/interfaces.hpp"
#include "store/store.hpp"

namespace cfy::exec {

class StoreThread {
 public:
  struct Setup {
    std::unique_ptr<store::Store> store;
    std::string execution_id;
    EventLog* events = nullptr;  ///< borrowed
    /// What the row says, whenever it was looked at. On the thread.
    std::function<void(std::string_view status)> on_status;
  };

  /// Nothing happens before start().
  explicit StoreThread(Setup setup);
  ~StoreThread() { stop(); }
  StoreThread(const StoreThread&) = delete;
  StoreThread& operator=(const StoreThread&) = delete;

  /// Errors: state (no thread is left).
  base::Result<void> start();
  /// What was to be noted is; on_status is not called any more.
  void stop();
  /// Look at the row soon. Any thread.
  void look();
  /// Write soon that a cancel was asked for. Any thread.
  void note_cancel(store::CancelDegree degree);

 private:
  void run();
  void write_batches(std::unique_lock<std::mutex>& lock);

  Setup setup_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  bool is_to_look_ = false, has_batch_ = false, is_stopping_ = false;
  std::optional<store::CancelDegree> to_note_;
  std::thread thread_;
};

}  // namespace cfy::exec
