// The lock is one of flock(): it ends with the process, also by SIGKILL, and is not inherited by
// what the process starts, as the descriptor is close-on-exec.
#include "process/owned_file.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cfy::process {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using base::Result;

constexpr std::string_view kNameStart = "cfy-script-";
constexpr std::string_view kRecordEnding = ".folder";

base::Error failed_to(std::string_view what, const fs::path& path) {
  return base::make_error(ErrorKind::io, "cannot {} '{}': {}", what, path.string(),
                          std::strerror(errno));
}

Result<void> make_private_folder(const fs::path& folder) {
  std::error_code code;
  fs::create_directories(folder.parent_path(), code);
  if (::mkdir(folder.c_str(), S_IRWXU) == 0 || errno == EEXIST) return {};
  return failed_to("make the folder", folder);
}

// False: somebody else has it, or has removed it meanwhile.
bool lock(int fd) {
  struct stat status {};
  return ::flock(fd, LOCK_EX | LOCK_NB) == 0 && ::fstat(fd, &status) == 0 && status.st_nlink > 0;
}

bool write_whole(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t size = ::write(fd, content.data(), content.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

// Only what was made here: the record may be damaged.
void remove_recorded_folder(const fs::path& record) {
  std::ifstream file(record, std::ios::binary);
  const fs::path folder = std::string(std::istreambuf_iterator<char>(file), {});
  std::error_code ignored;
  if (folder.is_absolute() && folder.filename().string().starts_with(kNameStart) &&
      fs::is_directory(fs::symlink_status(folder, ignored)))
    fs::remove_all(folder, ignored);
}

void remove_if_left(const fs::path& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!fd || !lock(fd.get())) return;
  if (path.string().ends_with(kRecordEnding)) remove_recorded_folder(path);
  ::unlink(path.c_str());
}

}  // namespace

OwnedFile::OwnedFile(fs::path path, UniqueFd writable, UniqueFd locked)
    : path_(std::move(path)), writable_(std::move(writable)), locked_(std::move(locked)) {}

OwnedFile::OwnedFile(OwnedFile&& other) noexcept
    : path_(std::exchange(other.path_, {})),
      writable_(std::move(other.writable_)),
      locked_(std::move(other.locked_)) {}

OwnedFile::~OwnedFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

Result<OwnedFile> OwnedFile::make(const fs::path& folder, std::string_view ending) {
  if (auto made = make_private_folder(folder); !made) return made.error();
  for (;;) {
    std::string path = (folder / fmt::format("{}XXXXXX{}", kNameStart, ending)).string();
    UniqueFd writable(::mkostemps(path.data(), static_cast<int>(ending.size()), O_CLOEXEC));
    if (!writable) return failed_to("write", path);
    UniqueFd locked(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    // Before the lock was there, it looked as if it were left.
    if (!locked && errno == ENOENT) continue;
    if (!locked) return failed_to("read", path);
    if (!lock(locked.get())) continue;
    OwnedFile file(path, std::move(writable), std::move(locked));
    if (::fchmod(file.writable_.get(), S_IRWXU) != 0) return failed_to("write", path);
    return file;
  }
}

Result<void> OwnedFile::write(std::string_view content) {
  if (!write_whole(writable_.get(), content)) return failed_to("write", path_);
  writable_.reset();
  return {};
}

OwnedFolder::OwnedFolder(OwnedFile record, fs::path path)
    : record_(std::move(record)), path_(std::move(path)) {}

OwnedFolder::OwnedFolder(OwnedFolder&& other) noexcept
    : record_(std::move(other.record_)), path_(std::exchange(other.path_, {})) {}

OwnedFolder::~OwnedFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

Result<OwnedFolder> OwnedFolder::make(const fs::path& record_folder, const fs::path& parent) {
  auto record = OwnedFile::make(record_folder, kRecordEnding);
  if (!record) return record.error();
  // Named before it is there, and by the record's random name: a kill in between leaves no trace.
  const fs::path path = parent / record->path().stem();
  if (auto written = record->write(path.string()); !written) return written.error();
  if (::mkdir(path.c_str(), S_IRWXU) != 0) return failed_to("make the folder", path);
  return OwnedFolder(*std::move(record), path);
}

void remove_left_files(const fs::path& folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (entry.path().filename().string().starts_with(kNameStart)) remove_if_left(entry.path());
}

}  // namespace cfy::process
