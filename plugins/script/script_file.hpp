// The script as a file, and the command that runs it: found beside the blueprint or written from
// the blueprint's text, with the interpreter of its first line.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "script_settings.hpp"

namespace cfy::script {

/// A file that is removed with this object, if it is a temporary one.
class ScriptFile {
 public:
  /// Fetches a script from http and https. Throws BadSettings: there is no such file, or the server
  /// has none; std::runtime_error: the server cannot be reached.
  ScriptFile(const ScriptSettings& settings, const std::string& resources_root);
  ~ScriptFile();
  ScriptFile(const ScriptFile&) = delete;
  ScriptFile& operator=(const ScriptFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// For messages: the path as the blueprint has it, or "the inline script".
  const std::string& shown() const { return shown_; }
  /// The program and its arguments. A script without a first line that names its interpreter is
  /// run by sh, or as its ending says. The file need not be executable.
  std::vector<std::string> command(const ScriptSettings& settings) const;

 private:
  std::vector<std::string> interpreter(const ScriptSettings& settings) const;

  std::filesystem::path path_;
  std::string shown_;
  bool is_temporary_ = false;
};

/// The text without the blanks that all its lines begin with.
std::string dedent(const std::string& text);

/// A new file with this content, for its owner only. Throws std::runtime_error.
std::filesystem::path write_temporary_file(const std::string& name_start,
                                           const std::string& content,
                                           const std::string& ending = {});

}  // namespace cfy::script
