// Running by the interpreter, not by the file's mode, spares a copy and leaves the user's files as
// they are; the interpreter is found the way the kernel does it.
#include "script_file.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include <cfy/detail/resources.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.hpp"
#include "fetch/fetch_url.hpp"
#include "process/fd.hpp"
#include "python_source.hpp"

namespace cfy::script {
namespace {

namespace fs = std::filesystem;

std::string first_line(const fs::path& path) {
  std::array<char, 512> start{};
  std::ifstream file(path, std::ios::binary);
  file.read(start.data(), start.size());
  const std::string text(start.data(), static_cast<std::size_t>(file.gcount()));
  return text.substr(0, text.find('\n'));
}

// "#!/usr/bin/env -S bash -e" -> the program and, in one piece, what follows it.
std::vector<std::string> parse_shebang(const std::string& line) {
  const char* blanks = " \t\r";
  const std::size_t start = line.find_first_not_of(blanks, 2);
  if (start == std::string::npos) return {};
  const std::size_t end = line.find_first_of(blanks, start);
  std::vector<std::string> words{line.substr(start, end - start)};
  const std::size_t rest = line.find_first_not_of(blanks, end);
  if (end == std::string::npos || rest == std::string::npos) return words;
  words.push_back(line.substr(rest, line.find_last_not_of(blanks) + 1 - rest));
  return words;
}

// "#!/usr/bin/env python": Cloudify runs such scripts in the Python 3 it runs in itself, and many
// machines have no program of that name.
bool is_any_python(const std::vector<std::string>& words) {
  return words == std::vector<std::string>{"/usr/bin/env", "python"} ||
         words == std::vector<std::string>{"/usr/bin/python"};
}

bool is_program(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

bool is_program_in_path(const std::string& name) {
  if (name.find('/') != std::string::npos) return is_program(name);
  const char* folders = std::getenv("PATH");
  for (const std::string& folder : base::split(folders == nullptr ? "/usr/bin:/bin" : folders, ':'))
    if (is_program(fs::path(folder) / name)) return true;
  return false;
}

// "python2" of "/usr/bin/env python2", as well as of "env -S python2 -u".
std::string program_behind_env(std::string argument) {
  constexpr std::string_view kSplits = "-S";
  if (!argument.starts_with(kSplits)) return argument;
  argument.erase(0, argument.find_first_not_of(" \t", kSplits.size()));
  return argument.substr(0, argument.find_first_of(" \t"));
}

// "#!/usr/bin/python2.7" on a machine that has none. Cloudify never looks at the first line of a
// script in Python, so those that name the Python of another machine are in files that work.
bool names_missing_program(const std::vector<std::string>& words) {
  if (!is_program(words.front())) return true;
  return words.size() > 1 && fs::path(words.front()).filename() == "env" && !words[1].empty() &&
         !is_program_in_path(program_behind_env(words[1]));
}

}  // namespace

std::string dedent(const std::string& text) {
  const std::vector<std::string> lines = base::split(text, '\n');
  std::size_t common = std::string::npos;
  for (const std::string& line : lines)
    common = std::min(common, line.find_first_not_of(" \t"));
  if (common == std::string::npos || common == 0) return text;
  std::vector<std::string> cut;
  for (const std::string& line : lines)
    cut.push_back(line.size() > common ? line.substr(common) : std::string());
  return base::join(cut, "\n");
}

namespace {

// False, with errno: not all could be written.
bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t size = ::write(fd, content.data(), content.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

// To be read only: the kernel starts nothing that is open for writing.
process::UniqueFd keep_in_memory(std::string_view content) {
  const process::UniqueFd writable(::memfd_create("cfy-script", MFD_CLOEXEC));
  if (!writable || !write_all(writable.get(), content)) return {};
  const std::string path = fmt::format("/proc/self/fd/{}", writable.get());
  return process::UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

std::string fetch_script(const std::string& url, const ScriptSettings& settings) {
  fetch::FetchOptions options;
  options.schemes = "http,https";
  options.needs_status_200 = true;
  options.certificates = settings.ssl_certificates;
  auto text = fetch::fetch_url(url, options);
  if (text) return *std::move(text);
  if (text.error().kind() == base::ErrorKind::failed) throw BadSettings(text.error().message());
  throw std::runtime_error(text.error().message());
}

// ".py" of "https://host/a/run.py?version=2": it may say which interpreter is meant.
std::string ending_of(const std::string& url) {
  const std::string path = url.substr(0, url.find_first_of("?#"));
  const std::string ending = fs::path(path).extension().string();
  return ending.find('/') == std::string::npos ? ending : std::string();
}

}  // namespace

ScriptFile::ScriptFile(const ScriptSettings& settings, const std::string& resources_root,
                       const std::string& workdir) {
  if (!settings.script_source.empty()) {
    shown_ = "the inline script";
    const std::string text = dedent(settings.script_source);
    keep(text, settings, workdir);
    const bool is_open = !settings.eval_python && content_ && start_.compare(0, 2, "#!") != 0;
    if (is_open && may_be_python(text) && is_accepted_by_python(content_.get())) ending_ = ".py";
    return;
  }
  shown_ = settings.script_path;
  for (const char* scheme : {"http://", "https://"})
    if (shown_.compare(0, std::strlen(scheme), scheme) == 0) {
      ending_ = ending_of(shown_);
      keep(fetch_script(shown_, settings), settings, workdir);
      return;
    }
  const auto found = detail::find_resource(shown_, resources_root);
  if (!found && detail::find_resource(shown_, resources_root, /*wants_folder=*/true))
    throw BadSettings(fmt::format("script '{}' is a folder", shown_));
  if (!found)
    throw BadSettings(fmt::format("script '{}' is not there (looked in {})", shown_,
                                  resources_root.empty() ? "no folder" : resources_root));
  path_ = *found;
  ending_ = path_.extension().string();
  start_ = first_line(path_);
  if (!settings.command_prefix.empty() && ::access(path_.c_str(), X_OK) != 0)
    keep_in_file(detail::load_resource(path_), settings, workdir);
}

void ScriptFile::keep(const std::string& text, const ScriptSettings& settings,
                      const std::string& workdir) {
  start_ = text.substr(0, text.find('\n'));
  if (!settings.command_prefix.empty()) return keep_in_file(text, settings, workdir);
  content_ = keep_in_memory(text);
  if (!content_)
    throw std::runtime_error(
        fmt::format("cannot keep {} in memory: {}", shown_, std::strerror(errno)));
  // Not passed on as a descriptor: programs that the script starts often close those they do not
  // know. Each process that opens this path reads from the beginning.
  path_ = fmt::format("/proc/{}/fd/{}", ::getpid(), content_.get());
}

void ScriptFile::keep_in_file(const std::string& content, const ScriptSettings& settings,
                              const std::string& workdir) {
  placed_.emplace(content, ending_, workdir, find_other_user(settings.command_prefix));
  path_ = placed_->path();
}

std::vector<std::string> ScriptFile::interpreter(const ScriptSettings& settings) const {
  const bool is_python = settings.eval_python.value_or(ending_ == ".py");
  if (start_.compare(0, 2, "#!") == 0) {
    std::vector<std::string> words = parse_shebang(start_);
    const bool is_other_python =
        is_python && !words.empty() && (is_any_python(words) || names_missing_program(words));
    if (is_other_python) return {"python3"};
    if (!words.empty()) return words;
  }
  if (start_.compare(0, 4, "\177ELF") == 0) return {};
  if (is_python) return {"python3"};
  if (ending_ == ".ps1") return {"powershell"};
  return {"/bin/sh"};
}

std::vector<std::string> ScriptFile::command(const ScriptSettings& settings) const {
  if (settings.arguments.empty() && settings.command_prefix.empty()) {
    std::vector<std::string> words = interpreter(settings);
    words.push_back(path_.string());
    return words;
  }
  std::string line = settings.command_prefix;
  if (line.empty())
    for (const std::string& word : interpreter(settings))
      line += (line.empty() ? "" : " ") + base::shell_quoted(word);
  line += (line.empty() ? "" : " ") + base::shell_quoted(path_.string());
  if (!settings.arguments.empty()) line += " " + settings.arguments;
  return {"/bin/sh", "-c", line};
}

}  // namespace cfy::script
