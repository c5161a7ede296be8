// ExitStatus: how a process ended, and how to say it to a person.
#pragma once

#include <string>

namespace cfy::process {

struct ExitStatus {
  bool by_signal = false;
  int value = 0;  ///< the exit code, or the signal's number

  bool is_success() const { return !by_signal && value == 0; }
  bool operator==(const ExitStatus&) const = default;
};

/// "exit status 2" or "segmentation fault (SIGSEGV)".
std::string to_string(const ExitStatus& status);

}  // namespace cfy::process
