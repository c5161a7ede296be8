#include "script_place.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>

#include "script_settings.hpp"

namespace cfy::script {
namespace {

namespace fs = std::filesystem;

template <typename T>
T need(base::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message());
  return std::move(result).value();
}

fs::path private_folder(const std::string& workdir) {
  return workdir.empty() ? fs::temp_directory_path()
                         : fs::path(workdir) / process::kLeftFilesFolder;
}

void write_script(const fs::path& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  if (!file || ::chmod(path.c_str(), S_IRWXU) != 0)
    throw std::runtime_error(
        fmt::format("cannot write '{}': {}", path.string(), std::strerror(errno)));
}

// Folders of temporary files that another user can reach.
std::vector<fs::path> reachable_parents() {
  std::vector<fs::path> parents;
  for (const fs::path& one : {fs::temp_directory_path(), fs::path("/tmp"), fs::path("/var/tmp")})
    if (is_open_to_all(one) && std::find(parents.begin(), parents.end(), one) == parents.end())
      parents.push_back(one);
  return parents;
}

// The folder comes last: from then on it may be that user's, and root must not write into it.
bool place_for(const OtherUser& user, const fs::path& script, const std::string& content) {
  write_script(script, content);
  return let_read(script, user) && let_read(script.parent_path(), user);
}

[[noreturn]] void fail_for(const OtherUser& user, const std::string& tried) {
  throw std::runtime_error(fmt::format(
      "user '{}' cannot be let read the script without all others reading it, too: it needs a "
      "folder that all users can pass, on a file system with POSIX ACLs (or cfy-run run by root); "
      "TMPDIR may name one.{}",
      user.name, tried.empty() ? " Not even /tmp is one" : " Tried:" + tried));
}

}  // namespace

PlacedScript::PlacedScript(const std::string& content, const std::string& ending,
                           const std::string& workdir, const std::optional<OtherUser>& user) {
  const fs::path own = private_folder(workdir);
  if (!user) {
    file_.emplace(need(process::OwnedFile::make(own, ending)));
    if (auto written = file_->write(content); !written)
      throw std::runtime_error(written.error().message());
    path_ = file_->path();
    return;
  }
  std::string tried;
  for (const fs::path& parent : reachable_parents()) {
    auto folder = process::OwnedFolder::make(own, parent);
    if (folder && place_for(*user, folder->path() / ("script" + ending), content)) {
      folder_.emplace(*std::move(folder));
      path_ = folder_->path() / ("script" + ending);
      return;
    }
    tried += fmt::format(
        "\n  {}: {}", parent.string(),
        folder ? fmt::format("no POSIX ACL: {}", std::strerror(errno)) : folder.error().message());
  }
  fail_for(*user, tried);
}

}  // namespace cfy::script
