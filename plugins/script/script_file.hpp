// The script as a file, and the command that runs it: found beside the blueprint or written from
// the blueprint's text, with the interpreter of its first line.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "process/fd.hpp"
#include "script_settings.hpp"

namespace cfy::script {

inline constexpr int kContentFd = 3;

/// A script that is no file beside the blueprint (its text stands there, or an address) is kept in
/// memory, so that nothing is left of it however the operation ends. Only behind a command_prefix,
/// which may be a sudo that passes no descriptors on, it becomes a file that goes with this object.
class ScriptFile {
 public:
  /// Fetches a script from http and https. Throws BadSettings: there is no such file, or the server
  /// has none; std::runtime_error: the server cannot be reached.
  ScriptFile(const ScriptSettings& settings, const std::string& resources_root);
  ~ScriptFile();
  ScriptFile(const ScriptFile&) = delete;
  ScriptFile& operator=(const ScriptFile&) = delete;

  /// The path that the script's process finds it by.
  const std::filesystem::path& path() const { return path_; }
  /// The text in memory, to be passed to that process as kContentFd; -1: it is a file.
  int content_fd() const { return content_.get(); }
  /// For messages: the path as the blueprint has it, or "the inline script".
  const std::string& shown() const { return shown_; }
  /// The program and its arguments. A script without a first line that names its interpreter is
  /// run by sh, or as its ending says; an inline script that is Python by python3. The file need
  /// not be executable.
  std::vector<std::string> command(const ScriptSettings& settings) const;

 private:
  void keep(const std::string& text, const ScriptSettings& settings);
  std::vector<std::string> interpreter(const ScriptSettings& settings) const;

  std::filesystem::path path_;
  std::string shown_;
  std::string start_;   // its first line
  std::string ending_;  // ".py"
  process::UniqueFd content_;
  bool is_temporary_ = false;
};

/// The text without the blanks that all its lines begin with.
std::string dedent(const std::string& text);

/// A new file with this content, for its owner only. Throws std::runtime_error.
std::filesystem::path write_temporary_file(const std::string& name_start,
                                           const std::string& content,
                                           const std::string& ending = {});

}  // namespace cfy::script
