#include "process/identity.hpp"

#include <array>
#include <cerrno>
#include <fstream>

#include <unistd.h>

#include "process/process_table.hpp"

namespace cfy::process {
namespace {

std::string boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string line;
  std::getline(file, line);
  return line;
}

std::string pid_namespace() {
  std::array<char, 64> text;
  const ssize_t size = ::readlink("/proc/self/ns/pid", text.data(), text.size());
  return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : std::string();
}

}  // namespace

base::Result<Identity> this_process() {
  const auto entry = find_process(::getpid());
  if (!entry) return base::errno_error(errno, "cannot read /proc");
  return Identity{::getpid(), static_cast<std::int64_t>(entry->started_ticks), boot_id(),
                  pid_namespace()};
}

Life life_of(const Identity& process) {
  if (process.pid <= 0) return Life::ended;
  if (!process.boot_id.empty() && process.boot_id != boot_id()) return Life::ended;
  if (!process.pid_namespace.empty() && process.pid_namespace != pid_namespace())
    return Life::unknown;
  const auto entry = find_process(static_cast<pid_t>(process.pid));
  const bool is_it = entry && !entry->is_zombie &&
                     static_cast<std::int64_t>(entry->started_ticks) == process.started_ticks;
  return is_it ? Life::running : Life::ended;
}

}  // namespace cfy::process
