#include "packages/staging.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.hpp"
#include "packages/unpack.hpp"

namespace cfy::packages {

namespace fs = std::filesystem;
using base::Result;

namespace {

constexpr std::string_view kStagingMark = ".new-";

// The process that made the folder ".new-PID-XXXXXX"; 0 for any other name.
pid_t maker_of(const std::string& name) {
  if (!name.starts_with(kStagingMark)) return 0;
  pid_t pid = 0;
  const char* const start = name.data() + kStagingMark.size();
  const auto [end, error] = std::from_chars(start, name.data() + name.size(), pid);
  return error == std::errc() && *end == '-' && pid > 0 ? pid : 0;
}

// What a process left that was killed: it may be large, and nobody else ever looks at it.
void remove_left_folders(const fs::path& parent) {
  std::error_code code;
  std::vector<fs::path> left;
  fs::directory_iterator entry(parent, code);
  for (; !code && entry != fs::directory_iterator(); entry.increment(code)) {
    const pid_t pid = maker_of(entry->path().filename().string());
    if (pid != 0 && ::kill(pid, 0) != 0 && errno == ESRCH) left.push_back(entry->path());
  }
  for (const fs::path& folder : left)
    fs::remove_all(folder, code);
}

}  // namespace

Result<void> make_private_folders(const fs::path& path) {
  fs::path folder;
  for (const fs::path& part : path) {
    folder /= part;
    if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) continue;
    return base::errno_error(errno, fmt::format("cannot make the folder '{}'", folder.string()));
  }
  return {};
}

Result<StagingFolder> StagingFolder::make(const fs::path& parent) {
  if (auto made = make_private_folders(parent); !made) return made.error();
  remove_left_folders(parent);
  std::string name = (parent / fmt::format("{}{}-XXXXXX", kStagingMark, ::getpid())).string();
  if (::mkdtemp(name.data()) == nullptr)
    return base::errno_error(errno, fmt::format("cannot make the folder '{}'", name));
  return StagingFolder(name);
}

StagingFolder::StagingFolder(StagingFolder&& other) noexcept
    : path_(std::exchange(other.path_, fs::path())) {}

StagingFolder::~StagingFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

Result<fs::path> StagingFolder::make_folder(const char* name) const {
  fs::path folder = path_ / name;
  if (::mkdir(folder.c_str(), 0700) != 0)
    return base::errno_error(errno, fmt::format("cannot make the folder '{}'", folder.string()));
  return folder;
}

Result<bool> move_into_place(const fs::path& from, const fs::path& to) {
  std::error_code code;
  fs::rename(from, to, code);
  if (!code) return true;
  if (code == std::errc::file_exists || code == std::errc::directory_not_empty) return false;
  return base::errno_error(code.value(), fmt::format("cannot make '{}'", to.string()));
}

fs::path content_of(const fs::path& folder) {
  std::error_code code;
  fs::directory_iterator entry(folder, code);
  if (code || entry == fs::directory_iterator() || entry->is_symlink(code) ||
      !entry->is_directory(code))
    return folder;
  fs::path only = entry->path();
  entry.increment(code);
  return !code && entry == fs::directory_iterator() ? only : folder;
}

Result<fs::path> unpack_once(const fs::path& archive, const fs::path& cache) {
  const auto digest = base::digest_of_file(archive);
  if (!digest) return digest.error();
  fs::path place = cache / *digest;
  std::error_code code;
  if (fs::is_directory(place, code)) return content_of(place);
  const auto staging = StagingFolder::make(cache);
  if (!staging) return staging.error();
  const auto content = staging->make_folder("content");
  if (!content) return content.error();
  if (auto unpacked = unpack(archive, *content); !unpacked) return unpacked.error();
  // Somebody else may have been faster: what is there has the same content.
  if (const auto moved = move_into_place(*content, place); !moved) return moved.error();
  return content_of(place);
}

}  // namespace cfy::packages
