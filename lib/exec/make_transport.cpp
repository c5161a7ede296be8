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

}  // namespace

base::Result<std::unique_ptr<dispatch::Transport>> make_transport(const TransportChoice& choice) {
  if (!choice.is_isolated)
    return widen(dispatch::InProcessTransport::make(std::make_shared<dispatch::PluginCaller>(true),
                                                    choice.jobs));
  dispatch::WorkerTransportOptions options;
  options.argv = {choice.program.string(), "--state-dir", choice.state_dir.string(),
                  std::string(kWorkerCommand), choice.execution_id};
  options.capacity = choice.jobs;
  options.is_congested = choice.is_congested;
  return widen(dispatch::WorkerTransport::make(std::move(options)));
}

}  // namespace cfy::exec
