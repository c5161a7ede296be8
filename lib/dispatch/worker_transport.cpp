// Carries calls from any thread to the pool's.
#include "dispatch/worker_transport.hpp"

#include "base/threads.hpp"
#include "dispatch/worker_pool.hpp"

namespace cfy::dispatch {

base::Result<std::unique_ptr<WorkerTransport>> WorkerTransport::make(
    WorkerTransportOptions options) {
  // A worker takes three descriptors; the rest of the program some more.
  constexpr std::size_t kOfTheProgram = 256;
  process::raise_descriptor_limit(4 * options.capacity + kOfTheProgram);
  auto loop = process::Loop::make();
  if (!loop) return std::move(loop).error();
  std::unique_ptr<WorkerTransport> transport(
      new WorkerTransport(std::move(*loop), std::move(options)));
  auto thread = base::start_thread([raw = transport.get()] { raw->loop_->run(); });
  if (!thread) return thread.error();
  transport->thread_ = *std::move(thread);
  return transport;
}

WorkerTransport::WorkerTransport(std::unique_ptr<process::Loop> loop,
                                 WorkerTransportOptions options)
    : capacity_(std::max<std::size_t>(options.capacity, 1)),
      loop_(std::move(loop)),
      pool_(std::make_unique<WorkerPool>(
          *loop_,
          WorkerProcess::Settings{std::move(options.argv), options.grace,
                                  std::move(options.is_congested)},
          capacity_)) {}

WorkerTransport::~WorkerTransport() {
  if (!thread_.joinable()) return;
  loop_->post([this] { pool_->close([this] { loop_->stop(); }); });
  thread_.join();
}

void WorkerTransport::start(CallId call, OperationRequest request, CallSink& sink) {
  auto pending = std::make_shared<PendingCall>(PendingCall{call, std::move(request), &sink});
  loop_->post([this, pending] { pool_->start(std::move(*pending)); });
}

void WorkerTransport::kill(CallId call) {
  loop_->post([this, call] { pool_->kill(call); });
}

void WorkerTransport::announce_cancel() {
  loop_->post([this] { pool_->announce_cancel(); });
}

void WorkerTransport::confirm(CallId call) {
  loop_->post([this, call] { pool_->confirm(call); });
}

void WorkerTransport::stop(StopMode mode) {
  loop_->post([this, mode] { pool_->stop(mode); });
}

}  // namespace cfy::dispatch
