// Starting threads where the system may have none left.
#pragma once

#include <system_error>
#include <thread>
#include <utility>

#include "base/error.hpp"

namespace cfy::base {

/// A thread that runs `body`. Errors: state (the user or the system has too many).
template <typename Body>
Result<std::thread> start_thread(Body&& body) {
  try {
    return std::thread(std::forward<Body>(body));
  } catch (const std::system_error& error) {
    return make_error(ErrorKind::state, "cannot start a thread: {}", error.code().message());
  }
}

}  // namespace cfy::base
