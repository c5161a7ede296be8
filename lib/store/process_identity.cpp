#include "store/process_identity.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>

#include <unistd.h>

namespace cfy::store {
namespace {

struct ProcStat {
  char state = '?';
  std::int64_t started_ticks = 0;
};

std::optional<ProcStat> read_proc_stat(std::int64_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  const std::string line{std::istreambuf_iterator<char>(file), {}};
  // The name in parentheses may hold blanks and parentheses; the last ')' ends it.
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(line.substr(name_end + 1));
  ProcStat stat;
  fields >> stat.state;
  std::string skipped;
  constexpr int kFieldsBetween = 18;  // state is field 3, starttime field 22
  for (int i = 0; i < kFieldsBetween; ++i)
    fields >> skipped;
  if (!(fields >> stat.started_ticks)) return std::nullopt;
  return stat;
}

}  // namespace

ProcessIdentity this_process() {
  const auto pid = static_cast<std::int64_t>(getpid());
  const auto stat = read_proc_stat(pid);
  // Only the lack of descriptors or memory hides a process from itself.
  if (!stat) throw std::system_error(errno, std::generic_category(), "cannot read /proc/self/stat");
  return {pid, stat->started_ticks};
}

bool is_alive(const ProcessIdentity& process) {
  if (process.pid <= 0) return false;
  const auto stat = read_proc_stat(process.pid);
  return stat && stat->started_ticks == process.started_ticks && stat->state != 'Z' &&
         stat->state != 'X';
}

std::optional<std::int64_t> started_wall_ms(const ProcessIdentity& process) {
  std::ifstream file("/proc/stat");
  std::string word;
  std::int64_t boot_s = 0;
  while (file >> word)
    if (word == "btime" && file >> boot_s)
      return boot_s * 1000 + process.started_ticks * 1000 / sysconf(_SC_CLK_TCK);
  return std::nullopt;
}

}  // namespace cfy::store
