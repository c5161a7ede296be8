// For commands that end with the process: freeing a large plan takes as long as making it did.
#pragma once

#include <memory>
#include <utility>
#include <vector>

namespace cfy::app {

/// The value, on the heap, never destroyed. Not for what holds a lock or has to be flushed.
template <typename T>
T& keep_until_exit(T value) {
  // Reachable, so that a leak checker sees that it is kept on purpose.
  static auto* const kept = new std::vector<std::shared_ptr<void>>();
  auto holder = std::make_shared<T>(std::move(value));
  kept->push_back(holder);
  return *holder;
}

}  // namespace cfy::app
