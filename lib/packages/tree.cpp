#include "packages/tree.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <vector>

#include "base/digest.hpp"

namespace cfy::packages {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using base::make_error;
using base::Result;

Result<void> write_content(const fs::path& from, TreeWriter& writer) {
  std::ifstream file(from, std::ios::binary);
  std::array<char, 64 * 1024> buffer{};
  while (file) {
    file.read(buffer.data(), buffer.size());
    const auto size = static_cast<std::size_t>(file.gcount());
    if (auto written = writer.write({buffer.data(), size}); !written) return written;
  }
  if (!file.eof()) return base::errno_error(errno, fmt::format("cannot read '{}'", from.string()));
  return {};
}

Result<void> copy_one(const fs::path& from, const std::string& name, TreeWriter& writer) {
  std::error_code code;
  const fs::file_status status = fs::symlink_status(from, code);
  if (code) return base::errno_error(code.value(), fmt::format("cannot read '{}'", from.string()));
  switch (status.type()) {
    case fs::file_type::directory:
      return writer.add_folder(name);
    case fs::file_type::symlink:
      return writer.add_link(name, fs::read_symlink(from, code).string());
    case fs::file_type::regular: {
      const bool is_program = (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
      if (auto begun = writer.begin_file(name, is_program); !begun) return begun;
      return write_content(from, writer);
    }
    default:
      return make_error(ErrorKind::plugin, "holds '{}', which is no file, folder or link", name);
  }
}

// Names relative to `folder`, sorted.
Result<std::vector<std::string>> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code code;
  fs::recursive_directory_iterator entry(folder, code);
  for (; !code && entry != fs::recursive_directory_iterator(); entry.increment(code))
    names.push_back(entry->path().lexically_relative(folder).string());
  if (code)
    return base::errno_error(code.value(), fmt::format("cannot read '{}'", folder.string()));
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

Result<void> copy_tree(const fs::path& from, const fs::path& to, const TreeLimits& limits) {
  const auto names = names_in(from);
  if (!names) return names.error();
  TreeWriter writer(to, limits);
  for (const std::string& name : *names)
    if (auto copied = copy_one(from / name, name, writer); !copied) return copied;
  return writer.finish();
}

Result<void> copy_file_into(const fs::path& from, const fs::path& to, const TreeLimits& limits) {
  TreeWriter writer(to, limits);
  if (auto begun = writer.begin_file(from.filename().string(), false); !begun) return begun;
  if (auto written = write_content(from, writer); !written) return written;
  return writer.finish();
}

Result<std::string> digest_of_tree(const fs::path& folder) {
  const auto names = names_in(folder);
  if (!names) return names.error();
  base::Digest digest;
  for (const std::string& name : *names) {
    const fs::path path = folder / name;
    std::error_code code;
    digest.add(name);
    if (fs::is_symlink(path, code)) {
      digest.add("link to " + fs::read_symlink(path, code).string());
    } else if (fs::is_directory(path, code)) {
      digest.add("folder");
    } else {
      const auto content = base::digest_of_file(path);
      if (!content) return content.error();
      digest.add(*content);
    }
  }
  return digest.to_string();
}

}  // namespace cfy::packages
