// The loop's thread owns all calls and talks to the sinks; operation threads only post to it. They
// hold the core by shared_ptr, so that one that never returns outlives the transport harmlessly.
#include "dispatch/in_process_transport.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <future>

#include "base/json_text.hpp"
#include "base/threads.hpp"
#include "dispatch/ended_results.hpp"
#include "dispatch/operation_run.hpp"
#include "process/loop.hpp"

namespace cfy::dispatch {
namespace {

// Through JSON and back, as on the way to a worker: what does not survive that is found here, and
// no operation gets hold of the runner's own data.
OperationRequest serialised(const OperationRequest& request) {
  auto parsed = base::parse_json(to_json(request).dump(), base::kDeepestOwnJson);
  CFY_ASSERT(parsed.ok());
  auto copy = request_from_json(*parsed);
  CFY_ASSERT(copy.ok());
  return std::move(copy).value();
}

// There may be threads again at the next try.
OperationResult result_without_thread(const base::Error& error) {
  OperationResult result;
  result.status = Status::recoverable;
  result.error = {"SystemError", error.message(), "", json::array()};
  return result;
}

}  // namespace

class InProcessTransport::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(std::unique_ptr<process::Loop> loop, std::shared_ptr<OperationCaller> caller,
       std::size_t capacity)
      : loop_(std::move(loop)), caller_(std::move(caller)), capacity_(capacity) {}

  process::Loop& loop() { return *loop_; }

  void start(CallId id, OperationRequest request, CallSink& sink) {
    if (detached_) return;
    if (stopped_) return sink.on_result(id, result_of_never_started());
    queue_.push_back(std::make_shared<Call>(id, std::move(request), &sink));
    schedule();
  }

  void kill(CallId id) {
    const auto queued = std::find_if(queue_.begin(), queue_.end(),
                                     [&](const auto& call) { return call->id == id; });
    if (queued != queue_.end()) {
      CallSink* sink = (*queued)->sink;
      queue_.erase(queued);
      return sink->on_result(id, result_of_never_started());
    }
    for (const auto& call : running_)
      if (call->id == id) return end(*call, EndReason::killed);
  }

  void announce_cancel() {
    cancel_announced_ = true;
    for (const auto& call : running_)
      call->cancelled = true;
  }

  void stop(StopMode mode) {
    stopped_ = true;
    detached_ = detached_ || mode == StopMode::detach;
    for (const auto& call : std::exchange(queue_, {}))
      if (!detached_) call->sink->on_result(call->id, result_of_never_started());
    for (const auto& call : running_) {
      if (detached_) call->sink = nullptr;
      end(*call, EndReason::killed);
    }
  }

 private:
  struct Call {
    Call(CallId call_id, OperationRequest call_request, CallSink* call_sink)
        : id(call_id), request(std::move(call_request)), sink(call_sink) {}
    const CallId id;
    const OperationRequest request;
    CallSink* sink;  // nullptr: it has its result, or nobody wants one; of the loop's thread
    std::atomic<bool> cancelled = false;
    process::TimerId timeout = process::TimerId::none;
  };
  using CallPointer = std::shared_ptr<Call>;

  void schedule() {
    while (!queue_.empty() && running_.size() < capacity_) {
      CallPointer call = std::move(queue_.front());
      queue_.pop_front();
      call->cancelled = cancel_announced_;
      if (call->request.timeout_s)
        call->timeout = loop_->add_timer(
            std::chrono::milliseconds(std::llround(std::min(*call->request.timeout_s, 1e9) * 1e3)),
            [this, call] { end(*call, EndReason::timeout); });
      running_.push_back(call);
      auto thread = base::start_thread([self = shared_from_this(), call] { self->run(call); });
      if (thread)
        thread->detach();
      else
        take_result(call, result_without_thread(thread.error()));
    }
  }

  // On a thread of its own.
  void run(const CallPointer& call) {
    const OperationStream stream{
        [this, call](LogMessage log) {
          loop_->post([call, log = std::move(log)]() mutable {
            if (call->sink != nullptr) call->sink->on_log(call->id, std::move(log));
          });
        },
        [this, call](EventMessage event) {
          loop_->post([call, event = std::move(event)]() mutable {
            if (call->sink != nullptr) call->sink->on_event(call->id, std::move(event));
          });
        },
        [this, call](LogBatch batch) {
          loop_->post([call, batch = std::move(batch)]() mutable {
            for (std::string& text : batch.texts)
              if (call->sink != nullptr)
                call->sink->on_log(call->id, {batch.level, batch.logger, std::move(text)});
          });
        },
        {},  // a call of this kind is given up whole
        [this, call](PropertyRequest request) {
          return ask<PropertyAnswer>(call, [request = std::move(request)](Call& asked, auto reply) {
            asked.sink->on_properties(asked.id, request, std::move(reply));
          });
        },
        [this, call](InstancesRequest request) {
          return ask<InstancesAnswer>(
              call, [request = std::move(request)](Call& asked, auto reply) {
                asked.sink->on_instances(asked.id, request, std::move(reply));
              });
        }};
    OperationResult result =
        run_operation(serialised(call->request), *caller_, stream, call->cancelled);
    take_result(call, std::move(result));
  }

  // On any thread.
  void take_result(const CallPointer& call, OperationResult result) {
    loop_->post([this, call, result = std::move(result)]() mutable {
      loop_->cancel_timer(call->timeout);
      std::erase(running_, call);
      if (call->sink != nullptr)
        std::exchange(call->sink, nullptr)->on_result(call->id, std::move(result));
      schedule();
    });
  }

  // On the operation's thread. A promise that is dropped says that nobody is left to answer.
  // @param put  to the call's sink, with the function that takes the answer
  template <typename Answer, typename Put>
  std::optional<Answer> ask(const CallPointer& call, Put put) {
    auto promise = std::make_shared<std::promise<Answer>>();
    std::future<Answer> answer = promise->get_future();
    loop_->post([call, put = std::move(put), promise = std::move(promise)] {
      if (call->sink != nullptr)
        put(*call, [promise](Answer given) { promise->set_value(std::move(given)); });
    });
    try {
      return answer.get();
    } catch (const std::future_error&) {
      return std::nullopt;
    }
  }

  void end(Call& call, EndReason reason) {
    call.cancelled = true;
    loop_->cancel_timer(call.timeout);
    if (call.sink == nullptr) return;
    std::exchange(call.sink, nullptr)->on_result(call.id, result_of_end(reason, call.request, {}));
  }

  std::unique_ptr<process::Loop> loop_;
  std::shared_ptr<OperationCaller> caller_;
  const std::size_t capacity_;
  std::deque<CallPointer> queue_;
  std::vector<CallPointer> running_;
  bool cancel_announced_ = false, stopped_ = false, detached_ = false;
};

base::Result<std::unique_ptr<InProcessTransport>> InProcessTransport::make(
    std::shared_ptr<OperationCaller> caller, std::size_t capacity) {
  auto loop = process::Loop::make();
  if (!loop) return std::move(loop).error();
  capacity = std::max<std::size_t>(capacity, 1);
  auto core = std::make_shared<Core>(std::move(*loop), std::move(caller), capacity);
  std::unique_ptr<InProcessTransport> transport(new InProcessTransport(core, capacity));
  auto thread = base::start_thread([core] { core->loop().run(); });
  if (!thread) return thread.error();
  transport->thread_ = *std::move(thread);
  return transport;
}

InProcessTransport::InProcessTransport(std::shared_ptr<Core> core, std::size_t capacity)
    : capacity_(capacity), core_(std::move(core)) {}

InProcessTransport::~InProcessTransport() {
  if (!thread_.joinable()) return;
  core_->loop().post([core = core_] {
    core->stop(StopMode::kill);
    core->loop().stop();
  });
  thread_.join();
}

void InProcessTransport::start(CallId call, OperationRequest request, CallSink& sink) {
  auto shared = std::make_shared<OperationRequest>(std::move(request));
  core_->loop().post([this, call, shared, &sink] { core_->start(call, std::move(*shared), sink); });
}

void InProcessTransport::kill(CallId call) {
  core_->loop().post([this, call] { core_->kill(call); });
}

void InProcessTransport::announce_cancel() {
  core_->loop().post([this] { core_->announce_cancel(); });
}

void InProcessTransport::stop(StopMode mode) {
  core_->loop().post([this, mode] { core_->stop(mode); });
}

}  // namespace cfy::dispatch
