#include "packages/staging.hpp"

#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.hpp"
#include "base/folders.hpp"
#include "packages/unpack.hpp"

namespace cfy::packages {

namespace fs = std::filesystem;
using base::Result;

namespace {

constexpr std::string_view kStagingMark = ".new-";

// A descriptor of a folder. Its lock goes with the process, however that ends.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& folder)
      : fd_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) {}
  ~FolderLock() {
    if (fd_ >= 0) ::close(fd_);
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  bool wait() const { return fd_ >= 0 && ::flock(fd_, LOCK_EX) == 0; }
  bool try_now() const { return fd_ >= 0 && ::flock(fd_, LOCK_EX | LOCK_NB) == 0; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

// ".new-PID-XXXXXX"
bool is_staging_name(const std::string& name) {
  if (!name.starts_with(kStagingMark)) return false;
  const std::string_view rest = std::string_view(name).substr(kStagingMark.size());
  const std::size_t digits = rest.find_first_not_of("0123456789");
  return digits != 0 && digits != std::string_view::npos && rest[digits] == '-';
}

// What a process left that was killed: it may be large, and nobody else ever looks at it. Its lock
// tells, as its number may be another process's by now.
void remove_left_folders(const fs::path& parent) {
  std::error_code code;
  std::vector<fs::path> left;
  fs::directory_iterator entry(parent, code);
  for (; !code && entry != fs::directory_iterator(); entry.increment(code))
    if (is_staging_name(entry->path().filename().string()) && FolderLock(entry->path()).try_now())
      left.push_back(entry->path().filename());
  for (const fs::path& name : left)
    (void)base::remove_below(parent, name);  // the next one tries again
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
  // One at a time, so that nobody takes a folder for left that is not locked yet.
  const FolderLock turn(parent);
  if (!turn.wait())
    return base::errno_error(errno, fmt::format("cannot lock the folder '{}'", parent.string()));
  remove_left_folders(parent);
  std::string name = (parent / fmt::format("{}{}-XXXXXX", kStagingMark, ::getpid())).string();
  if (::mkdtemp(name.data()) == nullptr)
    return base::errno_error(errno, fmt::format("cannot make the folder '{}'", name));
  FolderLock lock(name);
  if (!lock.try_now()) {
    const int why = errno;
    (void)base::remove_below(parent, fs::path(name).filename());
    return base::errno_error(why, fmt::format("cannot lock the folder '{}'", name));
  }
  return StagingFolder(name, lock.release());
}

StagingFolder::StagingFolder(StagingFolder&& other) noexcept
    : path_(std::exchange(other.path_, fs::path())), lock_(std::exchange(other.lock_, -1)) {}

StagingFolder::~StagingFolder() {
  if (!path_.empty()) (void)base::remove_below(path_.parent_path(), path_.filename());
  if (lock_ >= 0) ::close(lock_);
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
  if (base::belongs_to_others(place))
    return base::make_error(base::ErrorKind::plugin, "'{}' belongs to another user",
                            place.string());
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
