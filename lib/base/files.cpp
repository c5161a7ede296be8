#include "base/files.hpp"

#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace cfy::base {
namespace fs = std::filesystem;

namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

Error too_large(const fs::path& path, std::size_t limit) {
  return make_error(ErrorKind::io, "'{}' has more than the limit of {} bytes", path.string(),
                    limit);
}

// A lack that is the machine's, not the file's, ends what is being done, whatever that was.
Error cannot_read(int errno_value, const fs::path& path) {
  const std::string what = fmt::format("cannot read '{}'", path.string());
  if (errno_value == EMFILE || errno_value == ENFILE || errno_value == ENOMEM)
    throw std::system_error(errno_value, std::generic_category(), what);
  return errno_error(errno_value, what);
}

// Until the end of the file: what a size says beforehand is not true of pipes and of /proc.
Result<std::string> read_all(int fd, const fs::path& path, std::size_t limit) {
  std::string text;
  std::array<char, 64 * 1024> buffer{};
  for (;;) {
    const ssize_t count = read(fd, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return cannot_read(errno, path);
    if (count == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > limit) return too_large(path, limit);
  }
}

}  // namespace

Result<std::string> load_file(const fs::path& path, std::size_t limit, FileKind kind) {
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  if (code && code != std::errc::no_such_file_or_directory) return cannot_read(code.value(), path);
  if (!fs::exists(status))
    return make_error(ErrorKind::not_found, "'{}' does not exist", path.string());
  if (fs::is_directory(status))
    return make_error(ErrorKind::io, "'{}' is a folder, not a file", path.string());
  if (kind == FileKind::regular && !fs::is_regular_file(status))
    return make_error(ErrorKind::io, "'{}' is not a regular file", path.string());
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return cannot_read(errno, path);
  return read_all(file.get(), path, limit);
}

Result<void> save_file(const fs::path& path, std::string_view text) {
  const fs::path beside = path.string() + ".new";
  {
    std::ofstream out(beside, std::ios::binary | std::ios::trunc);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    out.flush();
    if (!out) return errno_error(errno, fmt::format("cannot write '{}'", beside.string()));
  }
  std::error_code code;
  fs::rename(beside, path, code);
  if (code) return errno_error(code.value(), fmt::format("cannot write '{}'", path.string()));
  return {};
}

}  // namespace cfy::base
