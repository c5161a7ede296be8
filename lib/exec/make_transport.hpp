// Which transport carries the operations of a run.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "dispatch/transport.hpp"

namespace cfy::exec {

struct TransportChoice {
  std::filesystem::path program;    ///< cfy-run itself: `program worker` is a worker
  std::filesystem::path state_dir;  ///< where a worker records a result that nobody waits for
  std::string execution_id;         ///< by which its workers are found when their runner has died
  std::size_t jobs = 8;             ///< operations at a time
  bool is_isolated = true;          ///< false: native operations run in this process
  /// Whether more is said by operations than can be kept (dispatch::WorkerTransportOptions).
  std::function<bool()> is_congested = {};
};

/// Errors: io.
base::Result<std::unique_ptr<dispatch::Transport>> make_transport(const TransportChoice& choice);

}  // namespace cfy::exec
