#include "base/folders.hpp"

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cfy::base {

namespace fs = std::filesystem;

namespace {

class FolderHandle {
 public:
  explicit FolderHandle(int fd) : fd_(fd) {}
  ~FolderHandle() {
    if (fd_ >= 0) close(fd_);
  }
  FolderHandle(FolderHandle&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FolderHandle& operator=(FolderHandle&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }

 private:
  int fd_;
};

FolderHandle open_within(int folder, const char* name) {
  return FolderHandle(openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

// The names in a folder, without "." and "..". They are all read before the first is removed.
bool read_names(int folder, std::vector<std::string>& names) {
  const int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* const entries = copy < 0 ? nullptr : fdopendir(copy);
  if (entries == nullptr) {
    if (copy >= 0) close(copy);
    return false;
  }
  while (const dirent* entry = readdir(entries)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  closedir(entries);
  return true;
}

// Goes down and up by one descriptor each, however deep the folders are: on the way up the folder
// must be the one that was left, so that whoever moves folders about leads it nowhere.
class TreeRemover {
 public:
  explicit TreeRemover(FolderHandle top) : now_(std::move(top)) {}

  /// @return 0, or the errno of the first thing that could not be removed
  int remove(const std::string& name) {
    remove_entry(name);
    while (!above_.empty() && is_on_course_) {
      if (above_.back().left.empty()) {
        go_up();
      } else {
        const std::string next = std::move(above_.back().left.back());
        above_.back().left.pop_back();
        remove_entry(next);
      }
    }
    return error_;
  }

 private:
  struct Level {
    dev_t device;  // of the folder above, to know it again
    ino_t number;
    std::string name;               // of the folder that is being emptied, in that above
    std::vector<std::string> left;  // in it
  };

  void remove_entry(const std::string& name) {
    if (unlinkat(now_.get(), name.c_str(), 0) == 0 || errno == ENOENT) return;
    const int why = errno;
    if (why != EISDIR && why != EPERM) return note(why);
    FolderHandle inner = open_within(now_.get(), name.c_str());
    if (!inner.is_open())
      return errno == ENOTDIR || errno == ELOOP ? note(why) : remove_empty(name);
    struct stat outer {};
    Level level{0, 0, name, {}};
    if (fstat(now_.get(), &outer) != 0 || !read_names(inner.get(), level.left)) return note(errno);
    level.device = outer.st_dev;
    level.number = outer.st_ino;
    above_.push_back(std::move(level));
    now_ = std::move(inner);
  }

  // One that cannot be read may still be empty.
  void remove_empty(const std::string& name) {
    const int why = errno;
    if (unlinkat(now_.get(), name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT) note(why);
  }

  void go_up() {
    const Level level = std::move(above_.back());
    above_.pop_back();
    FolderHandle outer = open_within(now_.get(), "..");
    struct stat found {};
    is_on_course_ = outer.is_open() && fstat(outer.get(), &found) == 0 &&
                    found.st_dev == level.device && found.st_ino == level.number;
    if (!is_on_course_) return note(EBUSY);
    now_ = std::move(outer);
    if (unlinkat(now_.get(), level.name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT) note(errno);
  }

  void note(int why) {
    if (error_ == 0) error_ = why;
  }

  FolderHandle now_;
  std::vector<Level> above_;
  bool is_on_course_ = true;
  int error_ = 0;
};

std::string user_name(uid_t user) {
  const passwd* const entry = getpwuid(user);
  return entry == nullptr ? fmt::format("user {}", user) : fmt::format("user '{}'", entry->pw_name);
}

constexpr mode_t kWritableForOthers = S_IWGRP | S_IWOTH;

}  // namespace

Result<void> remove_below(const fs::path& root, const fs::path& name) {
  const bool is_below = name.is_relative() && name.has_filename() &&
                        name == name.lexically_normal() && *name.begin() != ".." && name != ".";
  if (!is_below)
    return make_error(ErrorKind::invalid, "'{}' does not lie in '{}': it is not removed",
                      name.string(), root.string());
  FolderHandle folder(open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (const fs::path& part : name.parent_path())
    if (folder.is_open()) folder = open_within(folder.get(), part.c_str());
  const std::string shown = (root / name).string();
  if (!folder.is_open()) {
    if (errno == ENOENT) return {};
    return errno_error(errno, fmt::format("cannot remove '{}'", shown));
  }
  const int error = TreeRemover(std::move(folder)).remove(name.filename().string());
  if (error != 0) return errno_error(error, fmt::format("cannot remove '{}'", shown));
  return {};
}

Result<Ownership> take_ownership(std::string_view what, const fs::path& path) {
  struct stat itself {};
  struct stat target {};
  if (lstat(path.c_str(), &itself) != 0 || stat(path.c_str(), &target) != 0)
    return Ownership::ours;  // nothing there, or nothing that can be used
  const uid_t self = geteuid();
  const bool is_own_link = itself.st_uid == self || itself.st_uid == 0;
  if (target.st_uid != self || !is_own_link)
    return make_error(ErrorKind::state,
                      "{} '{}' belongs to {}, not to you ({}); name another one with --state-dir",
                      what, path.string(),
                      user_name(target.st_uid != self ? target.st_uid : itself.st_uid),
                      user_name(self));
  if ((target.st_mode & kWritableForOthers) == 0) return Ownership::ours;
  const mode_t mode = target.st_mode & 07777 & ~kWritableForOthers;
  if (chmod(path.c_str(), mode) == 0) return Ownership::tightened;
  return make_error(ErrorKind::state,
                    "other users may write to {} '{}', and it cannot be made yours alone: {}", what,
                    path.string(), std::generic_category().message(errno));
}

bool belongs_to_others(const fs::path& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && status.st_uid != geteuid() && status.st_uid != 0;
}

bool is_open_to_others(const fs::path& path) {
  struct stat status {};
  return belongs_to_others(path) ||
         (stat(path.c_str(), &status) == 0 && (status.st_mode & kWritableForOthers) != 0);
}

Result<void> make_own_folder(std::string_view what, const fs::path& path) {
  std::error_code code;
  if (!fs::is_directory(path, code)) {
    if (path.has_parent_path()) fs::create_directories(path.parent_path(), code);
    // Two processes may come here at once; the second one finds the folder made.
    if (mkdir(path.c_str(), S_IRWXU) == 0) return {};
    const int why = errno;
    if (!fs::is_directory(path, code))
      return make_error(ErrorKind::state, "cannot make {} '{}': {}", what, path.string(),
                        std::generic_category().message(why));
  }
  const auto taken = take_ownership(what, path);
  if (!taken) return taken.error();
  return {};
}

}  // namespace cfy::base
