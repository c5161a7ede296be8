#include "packages/tree_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.hpp"

namespace cfy::packages {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using base::make_error;
using base::Result;

constexpr std::size_t kMaxDepth = 100;

std::string shown(const std::string& name) {
  return base::to_valid_utf8(name.substr(0, 300));
}

base::Error cannot_write(int errno_value, const std::string& name) {
  return make_error(ErrorKind::plugin, "'{}' cannot be written: {}", shown(name),
                    std::strerror(errno_value));
}

base::Error is_twice(const std::string& name) {
  return make_error(ErrorKind::plugin, "holds '{}' twice", shown(name));
}

Result<void> make_folders(const fs::path& root, const fs::path& relative, const std::string& name) {
  fs::path folder = root;
  for (const fs::path& part : relative) {
    folder /= part;
    if (::mkdir(folder.c_str(), 0700) == 0) continue;
    const int code = errno;
    struct stat status {};
    if (code != EEXIST) return cannot_write(code, name);
    if (::lstat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return is_twice(name);
  }
  return {};
}

}  // namespace

TreeWriter::TreeWriter(fs::path root, const TreeLimits& limits)
    : root_(std::move(root)), limits_(limits) {}

TreeWriter::~TreeWriter() {
  close_file();
}

void TreeWriter::close_file() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

// Where `name` is to stand; its folders are there then. Empty for the root itself.
Result<fs::path> TreeWriter::place(const std::string& name) {
  close_file();
  if (++entries_ > limits_.max_entries)
    return make_error(ErrorKind::plugin, "holds more than the limit of {} files",
                      limits_.max_entries);
  if (name.find('\0') != std::string::npos || name.starts_with('/'))
    return make_error(ErrorKind::plugin,
                      "holds '{}', an absolute name; names must stay in the package", shown(name));
  fs::path relative;
  std::size_t depth = 0;
  for (const std::string& part : base::split(name, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == "..")
      return make_error(ErrorKind::plugin, "holds '{}', which leads out of the package",
                        shown(name));
    if (++depth > kMaxDepth)
      return make_error(ErrorKind::plugin, "holds '{}', which is more than {} folders deep",
                        shown(name), kMaxDepth);
    relative /= part;
  }
  if (relative.empty()) return fs::path();
  if (auto made = make_folders(root_, relative.parent_path(), name); !made)
    return std::move(made).error();
  return root_ / relative;
}

Result<void> TreeWriter::add_folder(const std::string& name) {
  const auto path = place(name);
  if (!path) return path.error();
  if (path->empty()) return {};
  return make_folders(path->parent_path(), path->filename(), name);
}

Result<void> TreeWriter::begin_file(const std::string& name, bool is_program) {
  const auto path = place(name);
  if (!path) return path.error();
  if (path->empty()) return is_twice(name);
  fd_ = ::open(path->c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
               is_program ? 0700 : 0600);
  if (fd_ < 0) return errno == EEXIST ? is_twice(name) : cannot_write(errno, name);
  file_name_ = name;
  return {};
}

Result<void> TreeWriter::write(std::string_view bytes) {
  bytes_ += bytes.size();
  if (bytes_ > limits_.max_bytes)
    return make_error(ErrorKind::plugin, "holds more than the limit of {} bytes",
                      limits_.max_bytes);
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return cannot_write(errno, file_name_);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> TreeWriter::add_link(const std::string& name, const std::string& target) {
  const auto path = place(name);
  if (!path) return path.error();
  if (path->empty() || target.empty() || target.starts_with('/'))
    return make_error(ErrorKind::plugin,
                      "holds the link '{}' to '{}', which leads out of the package", shown(name),
                      shown(target));
  links_.emplace_back(path->lexically_relative(root_).string(), target);
  return {};
}

Result<void> TreeWriter::finish() {
  close_file();
  for (const auto& [name, target] : links_)
    if (::symlink(target.c_str(), (root_ / name).c_str()) != 0)
      return errno == EEXIST ? is_twice(name) : cannot_write(errno, name);
  for (const auto& [name, target] : links_)
    if (auto checked = check_link(root_ / name, name); !checked) return checked;
  return {};
}

// With all links in place, so that a chain of them is followed to its end.
Result<void> TreeWriter::check_link(const fs::path& link, const std::string& name) const {
  std::error_code code;
  const fs::path root = fs::canonical(root_, code);
  const fs::path end = fs::canonical(link, code);
  if (code) return make_error(ErrorKind::plugin, "holds the link '{}' to nothing", shown(name));
  const auto [rest, unused] = std::mismatch(root.begin(), root.end(), end.begin(), end.end());
  if (rest != root.end())
    return make_error(ErrorKind::plugin, "holds the link '{}', which leads out of the package",
                      shown(name));
  return {};
}

}  // namespace cfy::packages
