#include "base/files.hpp"

#include <cerrno>
#include <fstream>
#include <system_error>

namespace cfy::base {
namespace fs = std::filesystem;

Result<std::string> load_file(const fs::path& path, std::size_t limit) {
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  if (!fs::exists(status))
    return make_error(ErrorKind::not_found, "'{}' does not exist", path.string());
  if (fs::is_directory(status))
    return make_error(ErrorKind::io, "'{}' is a folder, not a file", path.string());
  if (!fs::is_regular_file(status))
    return make_error(ErrorKind::io, "'{}' is not a regular file", path.string());
  std::ifstream in(path, std::ios::binary);
  if (!in) return errno_error(errno, fmt::format("cannot read '{}'", path.string()));
  std::string text;
  const auto size = fs::file_size(path, code);
  if (!code && size > limit)
    return make_error(ErrorKind::io, "'{}' has {} bytes, more than the limit of {}",
                      path.string(), size, limit);
  text.assign(std::istreambuf_iterator<char>(in), {});
  if (in.bad()) return errno_error(errno, fmt::format("cannot read '{}'", path.string()));
  return text;
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
