// OperationRunner: the coordinator's operations, put to a transport. Makes the request just before
// each try and turns what the operation says meanwhile into events.
#pragma once

#include <map>
#include <mutex>
#include <unordered_map>

#include "base/clock.hpp"
#include "dispatch/transport.hpp"
#include "event/event.hpp"
#include "event/secret_mask.hpp"
#include "exec/interfaces.hpp"
#include "exec/request.hpp"

namespace cfy::exec {

class OperationRunner final : public TaskRunner, private dispatch::CallSink {
 public:
  /// All borrowed; the transport must be stopped or gone before this goes.
  /// @param mask  hides secrets in what operations say of their failure; may be nullptr
  OperationRunner(dispatch::Transport& transport, const RequestMaker& requests, event::Sink& events,
                  const base::Clock& clock, const event::SecretMask* mask = nullptr)
      : transport_(transport), requests_(requests), events_(events), clock_(clock), mask_(mask) {}

  std::size_t capacity() const override { return transport_.capacity(); }
  void start(const OperationStart& start, OperationSink& sink) override;
  void stop(dispatch::StopMode mode) override { transport_.stop(mode); }
  void announce_cancel() override { transport_.announce_cancel(); }

  /// The result of the task's last call is on disk: its worker may forget it. Any thread.
  void confirm(const std::string& task_id);

 private:
  struct Call {
    TaskId task{};
    std::uint32_t attempt = 0;
    OperationSink* sink = nullptr;
    event::Context context;
    std::map<std::string, dispatch::LogMessage> held = {};  // ends of pieces, by their lead
  };

  void on_begun(dispatch::CallId id, const dispatch::BegunCall& begun) override;
  void on_log(dispatch::CallId id, dispatch::LogMessage message) override;
  void on_event(dispatch::CallId id, dispatch::EventMessage message) override;
  void on_properties(dispatch::CallId id, dispatch::PropertyRequest request,
                     dispatch::PropertyReply reply) override;
  void on_instances(dispatch::CallId id, dispatch::InstancesRequest request,
                    dispatch::InstancesReply reply) override;
  void on_result(dispatch::CallId id, dispatch::OperationResult result) override;
  void show_log(dispatch::CallId id, dispatch::LogMessage message);
  void hold_open_end(dispatch::CallId id, dispatch::LogMessage& piece);
  void show_held(dispatch::CallId id);
  event::Event make_event(dispatch::CallId id, std::string text);

  dispatch::Transport& transport_;
  const RequestMaker& requests_;
  event::Sink& events_;
  const base::Clock& clock_;
  const event::SecretMask* mask_;
  std::mutex mutex_;  // guards what follows: calls begin on one thread and end on another
  std::unordered_map<std::uint64_t, Call> calls_;
  std::unordered_map<std::string, dispatch::CallId> unconfirmed_;  // by task id
  std::uint64_t last_call_ = 0;
};

}  // namespace cfy::exec
