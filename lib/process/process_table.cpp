// Parses /proc/PID/environ, entries ended by a zero byte, and /proc/PID/stat: "pid (name) state
// ppid pgrp session ... starttime(22nd) ...".
#include "process/process_table.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "process/fd.hpp"

namespace cfy::process {
namespace {

std::string_view next_word(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(word.size());
  return word;
}

template <typename Number>
Number to_number(std::string_view word) {
  Number number{};
  std::from_chars(word.data(), word.data() + word.size(), number);
  return number;
}

std::optional<ProcessEntry> parse_stat(std::string_view text) {
  // The name may hold blanks and brackets; the last bracket ends it.
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  ProcessEntry entry;
  entry.pid = to_number<pid_t>(text.substr(0, text.find(' ')));
  std::string_view rest = text.substr(name_end + 1);
  const std::string_view state = next_word(rest);
  entry.is_zombie = state == "Z" || state == "X";
  entry.parent = to_number<pid_t>(next_word(rest));
  entry.group = to_number<pid_t>(next_word(rest));
  entry.session = to_number<pid_t>(next_word(rest));
  constexpr int kBetweenSessionAndStart = 15;
  for (int skipped = 0; skipped < kBetweenSessionAndStart; ++skipped)
    next_word(rest);
  entry.started_ticks = to_number<std::uint64_t>(next_word(rest));
  return entry;
}

std::optional<ProcessEntry> read_stat(const std::string& pid) {
  const std::string path = "/proc/" + pid + "/stat";
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return std::nullopt;
  std::array<char, 1024> text;
  const ssize_t size = ::read(file.get(), text.data(), text.size());
  if (size <= 0) return std::nullopt;
  return parse_stat({text.data(), static_cast<std::size_t>(size)});
}

}  // namespace

std::vector<ProcessEntry> list_processes() {
  std::vector<ProcessEntry> entries;
  DIR* folder = ::opendir("/proc");
  if (folder == nullptr) return entries;
  while (const dirent* item = ::readdir(folder)) {
    const std::string name = item->d_name;
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (const auto entry = read_stat(name)) entries.push_back(*entry);
  }
  ::closedir(folder);
  return entries;
}

std::optional<std::string> find_variable(pid_t pid, const std::string& name) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/environ", std::ios::binary);
  const std::string start = name + "=";
  for (std::string entry; std::getline(file, entry, '\0');)
    if (entry.starts_with(start)) return entry.substr(start.size());
  return std::nullopt;
}

OpenPipes find_pipes(pid_t pid) {
  namespace fs = std::filesystem;
  OpenPipes pipes;
  std::error_code code;
  fs::directory_iterator item("/proc/" + std::to_string(pid) + "/fd", code);
  pipes.is_known = code != std::errc::permission_denied;
  for (const fs::directory_iterator end; !code && item != end; item.increment(code)) {
    std::error_code gone;
    const std::string target = fs::read_symlink(item->path(), gone).string();
    if (gone || !target.starts_with("pipe:")) continue;
    const std::string name = item->path().filename();
    if (name == "1" || name == "2") pipes.output.insert(target);
    // The permissions of the link are those with which the file is open.
    const auto how = fs::symlink_status(item->path(), gone).permissions();
    if (!gone && (how & fs::perms::owner_read) != fs::perms::none) pipes.read.insert(target);
  }
  return pipes;
}

ProcessTable ProcessTable::read(const std::string& mark_variable) {
  return {list_processes(),
          [mark_variable](pid_t pid) { return find_variable(pid, mark_variable); }};
}

ProcessTable::ProcessTable(std::vector<ProcessEntry> entries, FindMark find_mark)
    : entries_(std::move(entries)), find_mark_(std::move(find_mark)) {
  for (std::size_t place = 0; place < entries_.size(); ++place)
    places_.emplace(entries_[place].pid, place);
}

const ProcessEntry* ProcessTable::find(pid_t pid) const {
  const auto found = places_.find(pid);
  return found == places_.end() ? nullptr : &entries_[found->second];
}

const std::string& ProcessTable::mark_of(const ProcessEntry& entry) const {
  const auto [known, is_new] = marks_.try_emplace(entry.pid);
  if (!is_new) return known->second;  // also ends a ring of parents, which a reused pid may make
  std::string mark;
  if (auto own = find_mark_(entry.pid))
    mark = *std::move(own);
  else if (const ProcessEntry* parent = find(entry.parent))
    mark = mark_of(*parent);
  return marks_[entry.pid] = std::move(mark);
}

std::optional<ProcessEntry> find_process(pid_t pid) {
  return read_stat(std::to_string(pid));
}

std::uint64_t now_ticks() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  const auto per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  const auto nanoseconds = static_cast<std::uint64_t>(now.tv_nsec);
  return static_cast<std::uint64_t>(now.tv_sec) * per_second +
         nanoseconds * per_second / 1'000'000'000;
}

}  // namespace cfy::process
