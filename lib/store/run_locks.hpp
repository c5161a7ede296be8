// RunLocks: that somebody works on an execution shows by a lock on one byte of a file beside the
// database. The kernel lets go of it whatever becomes of the process, and all who share the folder
// see it, also from another container. Knows no table.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "base/error.hpp"
#include "process/fd.hpp"

namespace cfy::store {

/// Held from RunLocks::take() until it goes, or its process does. No child inherits it.
class RunLock {
 public:
  explicit RunLock(process::UniqueFd file) : file_(std::move(file)) {}

 private:
  process::UniqueFd file_;
};

class RunLocks {
 public:
  /// @param file  made at the first take()
  explicit RunLocks(std::filesystem::path file) : file_(std::move(file)) {}

  /// Take the lock of an execution. Nothing: somebody else works on it.
  /// @param execution  its number
  /// Errors: state (locks do not work on this file system; the file cannot be made).
  base::Result<std::optional<RunLock>> take(std::int64_t execution) const;

  /// Errors: state (the file is there and cannot be opened, or locks do not work).
  base::Result<bool> is_held(std::int64_t execution) const;

  /// Which file it is that locks are taken on: another one after somebody has removed it. 0: none.
  std::int64_t file_number() const;

 private:
  std::filesystem::path file_;
};

}  // namespace cfy::store
