// Words for exit codes and signals.
#include "process/exit_status.hpp"

#include <cctype>
#include <cstring>

#include <fmt/format.h>

namespace cfy::process {

std::string to_string(const ExitStatus& status) {
  if (!status.by_signal) return fmt::format("exit status {}", status.value);
  const char* short_name = sigabbrev_np(status.value);
  const char* words = sigdescr_np(status.value);
  if (short_name == nullptr || words == nullptr) return fmt::format("signal {}", status.value);
  std::string text = words;
  text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return fmt::format("{} (SIG{})", text, short_name);
}

}  // namespace cfy::process
