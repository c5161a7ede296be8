// Mailbox: what other threads tell the coordinator. The only thing that it shares with the threads
// of the pool and of the transport.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "exec/interfaces.hpp"

namespace cfy::exec {

/// A local task returned.
struct LocalDone {
  TaskId task{};
  plugin::LocalResult result;
};
/// An attempt of an operation ended.
struct OperationDone {
  TaskId task{};
  std::uint32_t attempt = 0;
  dispatch::OperationResult result;
};

/// A worker has taken up an attempt of an operation.
struct OperationBegun {
  TaskId task{};
  std::uint32_t attempt = 0;
  dispatch::BegunCall call;
};

/// An operation that runs wants its changes stored, or to read what is stored.
struct PropertyMail {
  std::string task_id;
  dispatch::PropertyRequest request;
  dispatch::PropertyReply reply;
};

/// An operation that runs wants to know the instances of a node.
struct InstancesMail {
  dispatch::InstancesRequest request;
  dispatch::InstancesReply reply;
};

struct Mail {
  std::vector<LocalDone> local;
  std::vector<OperationDone> operations;
  std::vector<OperationBegun> begun;
  std::vector<PropertyMail> properties;
  std::vector<InstancesMail> instances;

  bool is_empty() const {
    return local.empty() && operations.empty() && begun.empty() && properties.empty() &&
           instances.empty();
  }
};

/// Many threads post, one takes. Posting never waits for the taker's work.
class Mailbox {
 public:
  void post(LocalDone done);
  void post(OperationDone done);
  void post(OperationBegun begun);
  void post(PropertyMail mail);
  void post(InstancesMail mail);
  /// Let take() return although there is nothing: something outside the mailbox has changed.
  void nudge();

  /// Everything posted since the last call, in the order posted for each kind. Waits until there is
  /// some, somebody nudged, or the time is over.
  ///
  /// @param timeout_ms  none: as long as it takes (a day at most); 0: do not wait
  Mail take(std::optional<std::int64_t> timeout_ms);

 private:
  void wake(std::unique_lock<std::mutex> lock);

  std::mutex mutex_;
  std::condition_variable changed_;
  Mail mail_;
  bool was_nudged_ = false;
  bool is_waiting_ = false;  // nobody pays for a wake-up that is not needed
};

}  // namespace cfy::exec
