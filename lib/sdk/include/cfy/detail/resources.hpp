// The blueprint's files as operations see them. Whatever goes wrong is thrown as NonRecoverable:
// a file that is not there will not come by trying again.
#pragma once

#include <cerrno>
#include <cstdlib>
#include <cstring>
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
  if (auto found = find_resource(name, root, wants_folder)) return *found;
  const std::string what = std::string(wants_folder ? "folder" : "resource") + " '" + name + "'";
  const char* other = wants_folder ? " is a file: operations copy it by download-resource"
                                   : " is a folder: operations copy it by download-directory";
  if (find_resource(name, root, !wants_folder)) throw NonRecoverable(what + other);
  throw NonRecoverable(what + " is not there (looked in " + (root.empty() ? "no folder" : root) +
                       ")");
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

/// The name that a copy of `path` gets when nobody names one: its own, also of "conf/" and ".".
inline std::filesystem::path base_name(const std::filesystem::path& path) {
  const std::filesystem::path plain = std::filesystem::absolute(path).lexically_normal();
  return plain.has_filename() ? plain.filename() : plain.parent_path().filename();
}

/// A path for a copy of `source`, in a new folder of its own, so that no two copies meet. Below the
/// deployment's folder it lives as long as the deployment does: what an operation has started may
/// read it long after that has ended.
/// @param workdir  empty: there is none, and the copy goes where temporary files go
inline std::string make_copy_path(const std::filesystem::path& source, const std::string& workdir) {
  std::filesystem::path parent = std::filesystem::temp_directory_path();
  if (!workdir.empty()) {
    parent = std::filesystem::path(workdir) / ".downloads";
    make_folder(parent);
  }
  std::string folder = (parent / "cfy-resource-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr)
    throw NonRecoverable("cannot make a folder '" + folder + "': " + std::strerror(errno));
  return (std::filesystem::path(folder) / base_name(source)).string();
}

/// Write a copy of the resource at `source`. @param target  empty: see make_copy_path
inline std::string save_resource(const std::filesystem::path& source, const std::string& content,
                                 const std::string& target, const std::string& workdir) {
  const std::string path = target.empty() ? make_copy_path(source, workdir) : target;
  if (const auto folder = std::filesystem::path(target).parent_path(); !folder.empty())
    make_folder(folder);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << content;
  file.close();
  if (!file) throw NonRecoverable("cannot write '" + path + "'");
  return path;
}

inline std::string copy_folder(const std::filesystem::path& source, const std::string& target,
                               const std::string& workdir) {
  const std::string path = target.empty() ? make_copy_path(source, workdir) : target;
  make_folder(path);
  std::error_code code;
  std::filesystem::copy(source, path,
                        std::filesystem::copy_options::recursive |
                            std::filesystem::copy_options::overwrite_existing |
                            std::filesystem::copy_options::copy_symlinks,
                        code);
  if (code)
    throw NonRecoverable("cannot copy '" + source.string() + "' to '" + path +
                         "': " + code.message());
  return path;
}

}  // namespace cfy::detail
