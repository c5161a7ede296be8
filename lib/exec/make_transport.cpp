#include "exec/make_transport.hpp"

#include <utility>

#include "dispatch/in_process_transport.hpp"
#include "dispatch/plugin_caller.hpp"
#include "dispatch/worker_transport.hpp"
#include "exec/left_operations.hpp"

namespace cfy::exec {
namespace {

template <typename T>
base::Result<std::unique_ptr<dispatch::Transport>> widen(base::Result<std::unique_ptr<T>> made) {
  if (!made) return std::move(made).error();
  return std::unique_ptr<dispatch::Transport>(*std::move(made));
}

// Native operations in this process, for a debugger; scripts in workers all the same: there they
// can be ended and found again, and nobody debugs them here.
class ScriptsApart final : public dispatch::Transport {
 public:
  ScriptsApart(std::unique_ptr<Transport> native, std::unique_ptr<Transport> scripts)
      : native_(std::move(native)), scripts_(std::move(scripts)) {}

  std::size_t capacity() const override { return native_->capacity(); }
  void start(dispatch::CallId call, dispatch::OperationRequest request,
             dispatch::CallSink& sink) override {
    const bool is_script = request.function.starts_with("script_runner.");
    (is_script ? scripts_ : native_)->start(call, std::move(request), sink);
  }
  // Whoever does not know the call passes over it.
  void kill(dispatch::CallId call) override {
    native_->kill(call);
    scripts_->kill(call);
  }
  void announce_cancel() override {
    native_->announce_cancel();
    scripts_->announce_cancel();
  }
  void confirm(dispatch::CallId call) override {
    native_->confirm(call);
    scripts_->confirm(call);
  }
  void stop(dispatch::StopMode mode) override {
    native_->stop(mode);
    scripts_->stop(mode);
  }

 private:
  std::unique_ptr<Transport> native_, scripts_;
};

}  // namespace

base::Result<std::unique_ptr<dispatch::Transport>> make_transport(const TransportChoice& choice) {
  dispatch::WorkerTransportOptions options;
  options.argv = {choice.program.string(), "--state-dir", choice.state_dir.string(),
                  std::string(kWorkerCommand), choice.execution_id};
  options.capacity = choice.jobs;
  options.is_congested = choice.is_congested;
  auto workers = widen(dispatch::WorkerTransport::make(std::move(options)));
  if (!workers || choice.is_isolated) return workers;
  auto native = widen(dispatch::InProcessTransport::make(
      std::make_shared<dispatch::PluginCaller>(true), choice.jobs));
  if (!native) return native;
  return std::unique_ptr<dispatch::Transport>(
      std::make_unique<ScriptsApart>(*std::move(native), *std::move(workers)));
}

}  // namespace cfy::exec
