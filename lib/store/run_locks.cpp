// Locks of open file descriptions (fcntl's F_OFD_*): unlike those of processes they are not lost
// when some other part of the program closes the file, and F_OFD_GETLK asks without taking.
#include "store/run_locks.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>

namespace cfy::store {

using base::ErrorKind;
using base::make_error;
using base::Result;

namespace {

struct flock lock_of(std::int64_t execution) {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = execution;
  lock.l_len = 1;
  return lock;
}

base::Error cannot_open(const std::filesystem::path& file, int why) {
  return make_error(ErrorKind::state, "cannot open the lock file '{}': {}", file.string(),
                    std::generic_category().message(why));
}

base::Error no_locks(const std::filesystem::path& file, const std::string& why) {
  return make_error(ErrorKind::state,
                    "locks do not work on the file system of '{}' ({}), so two runs could change "
                    "one deployment at a time; name a folder elsewhere with --state-dir",
                    file.string(), why);
}

}  // namespace

Result<std::optional<RunLock>> RunLocks::take(std::int64_t execution) const {
  constexpr mode_t kPrivate = S_IRUSR | S_IWUSR;
  process::UniqueFd file(::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kPrivate));
  if (!file) return cannot_open(file_, errno);
  struct flock lock = lock_of(execution);
  if (::fcntl(file.get(), F_OFD_SETLK, &lock) != 0) {
    if (errno == EAGAIN || errno == EACCES) return std::optional<RunLock>();
    return no_locks(file_, std::generic_category().message(errno));
  }
  // Some file systems say yes to every lock.
  const auto is_seen = is_held(execution);
  if (!is_seen) return is_seen.error();
  if (!*is_seen) return no_locks(file_, "one that was taken cannot be seen");
  return std::optional(RunLock(std::move(file)));
}

Result<bool> RunLocks::is_held(std::int64_t execution) const {
  const process::UniqueFd file(::open(file_.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file && errno == ENOENT) return false;
  if (!file) return cannot_open(file_, errno);
  struct flock lock = lock_of(execution);
  if (::fcntl(file.get(), F_OFD_GETLK, &lock) != 0)
    return no_locks(file_, std::generic_category().message(errno));
  return lock.l_type != F_UNLCK;
}

std::int64_t RunLocks::file_number() const {
  struct stat status {};
  return ::stat(file_.c_str(), &status) == 0 ? static_cast<std::int64_t>(status.st_ino) : 0;
}

}  // namespace cfy::store
