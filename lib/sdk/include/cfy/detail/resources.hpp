// The blueprint's files as operations see them. Whatever goes wrong is thrown as NonRecoverable:
// a file that is not there will not come by trying again.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>

#include <cfy/errors.hpp>
#include <unistd.h>

namespace cfy::detail {

inline std::string decode_percent(const std::string& text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const std::string digits = text.substr(i + 1, 2);
      char* end = nullptr;
      const auto byte = std::strtoul(digits.c_str(), &end, 16);
      if (*end == '\0') {
        decoded += static_cast<char>(byte);
        i += 2;
        continue;
      }
    }
    decoded += text[i];
  }
  return decoded;
}

/// A file or folder of the blueprint: absolute, file:// or relative to `root`, with or without the
/// namespace ("ns--") that an import gave it. Nothing when there is none.
inline std::optional<std::filesystem::path> find_resource(const std::string& name,
                                                          const std::string& root,
                                                          bool wants_folder = false) {
  const std::string scheme = "file://";
  std::string plain = name;
  if (name.compare(0, scheme.size(), scheme) == 0)
    plain = decode_percent(name.substr(scheme.size()));
  std::error_code ignored;
  for (;;) {
    const std::filesystem::path path = std::filesystem::path(root) / plain;
    if (wants_folder ? std::filesystem::is_directory(path, ignored)
                     : std::filesystem::is_regular_file(path, ignored))
      return path;
    const std::size_t dashes = plain.find("--");
    if (dashes == std::string::npos) return std::nullopt;
    plain = plain.substr(dashes + 2);
  }
}

inline std::filesystem::path need_resource(const std::string& name, const std::string& root,
                                           bool wants_folder = false) {
  auto found = find_resource(name, root, wants_folder);
  if (!found)
    throw NonRecoverable(std::string(wants_folder ? "folder" : "resource") + " '" + name +
                         "' is not there (looked in " + (root.empty() ? "no folder" : root) + ")");
  return *found;
}

inline std::string load_resource(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.is_open() || file.bad()) throw NonRecoverable("cannot read '" + path.string() + "'");
  return content;
}

inline void make_folder(const std::filesystem::path& path) {
  std::error_code code;
  std::filesystem::create_directories(path, code);
  if (code)
    throw NonRecoverable("cannot make the folder '" + path.string() + "': " + code.message());
}

/// Write a copy of resource `name`. @param target  empty: a new temporary file, with its ending
inline std::string save_resource(const std::string& name, const std::string& content,
                                 const std::string& target) {
  std::string path = target;
  if (target.empty()) {
    const std::string ending = std::filesystem::path(name).extension().string();
    path = (std::filesystem::temp_directory_path() / ("cfy-resource-XXXXXX" + ending)).string();
    const int fd = ::mkstemps(path.data(), static_cast<int>(ending.size()));
    if (fd < 0) throw NonRecoverable("cannot make a temporary file '" + path + "'");
    ::close(fd);
  } else if (const auto folder = std::filesystem::path(target).parent_path(); !folder.empty()) {
    make_folder(folder);
  }
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << content;
  file.close();
  if (!file) throw NonRecoverable("cannot write '" + path + "'");
  return path;
}

inline std::string copy_folder(const std::string& name, const std::string& root,
                               const std::string& target) {
  const std::filesystem::path from = need_resource(name, root, /*wants_folder=*/true);
  std::string path = target;
  if (target.empty()) {
    path = (std::filesystem::temp_directory_path() / "cfy-resource-XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr)
      throw NonRecoverable("cannot make a temporary folder '" + path + "'");
  } else {
    make_folder(target);
  }
  std::error_code code;
  std::filesystem::copy(from, path,
                        std::filesystem::copy_options::recursive |
                            std::filesystem::copy_options::overwrite_existing |
                            std::filesystem::copy_options::copy_symlinks,
                        code);
  if (code)
    throw NonRecoverable("cannot copy '" + from.string() + "' to '" + path +
                         "': " + code.message());
  return path;
}

}  // namespace cfy::detail
