// The script as a file, and the command that runs it: found beside the blueprint or written from
// the blueprint's text, with the interpreter of its first line.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "process/fd.hpp"
#include "script_place.hpp"
#include "script_settings.hpp"

namespace cfy::script {

/// A script that is no file beside the blueprint (its text stands there, or an address) is kept in
/// memory, so that nothing is left of it however the operation ends. Behind a command_prefix, which
/// may start the file itself or as another user, it becomes an executable file that goes with this
/// object (script_place.hpp); so does a copy of a file beside the blueprint that cannot be
/// executed.
class ScriptFile {
 public:
  /// Fetches a script from http and https. Throws BadSettings: there is no such file, or the server
  /// has none; std::runtime_error: the server cannot be reached.
  ScriptFile(const ScriptSettings& settings, const std::string& resources_root,
             const std::string& workdir);
  ScriptFile(const ScriptFile&) = delete;
  ScriptFile& operator=(const ScriptFile&) = delete;

  /// The path that the script's process and its children find it by, as long as this object lives.
  const std::filesystem::path& path() const { return path_; }
  /// For messages: the path as the blueprint has it, or "the inline script".
  const std::string& shown() const { return shown_; }
  /// The program and its arguments. A script without a first line that names its interpreter is
  /// run by sh, or as its ending says; an inline script that is Python by python3.
  std::vector<std::string> command(const ScriptSettings& settings) const;

 private:
  void keep(const std::string& text, const ScriptSettings& settings, const std::string& workdir);
  void keep_in_file(const std::string& content, const ScriptSettings& settings,
                    const std::string& workdir);
  std::vector<std::string> interpreter(const ScriptSettings& settings) const;

  std::filesystem::path path_;
  std::string shown_;
  std::string start_;   // its first line
  std::string ending_;  // ".py"
  process::UniqueFd content_;
  std::optional<PlacedScript> placed_;
};

/// The text without the blanks that all its lines begin with.
std::string dedent(const std::string& text);

}  // namespace cfy::script
