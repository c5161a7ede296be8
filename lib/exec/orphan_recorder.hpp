// StoreOrphanRecorder: a worker whose runner is gone writes the result of its operation here, so
// that nothing that happened is lost.
#pragma once

#include <filesystem>

#include "dispatch/worker.hpp"

namespace cfy::exec {

class StoreOrphanRecorder final : public dispatch::OrphanRecorder {
 public:
  explicit StoreOrphanRecorder(std::filesystem::path state_dir)
      : state_dir_(std::move(state_dir)) {}

  /// Opens the store for the one result. What cannot be written is told on stderr: nobody else
  /// listens any more.
  void record(const dispatch::OrphanResult& orphan) override;

 private:
  base::Result<void> write(dispatch::OrphanResult orphan) const;

  std::filesystem::path state_dir_;
};

}  // namespace cfy::exec
