#include "package_source.hpp"

#include <chrono>
#include <fstream>

#include "base/files.hpp"
#include "fetch/fetch_url.hpp"
#include "packages/tree.hpp"
#include "packages/unpack.hpp"

namespace cfy::app {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using base::make_error;
using base::Result;

constexpr std::size_t kMaxDownload = std::size_t{256} << 20U;

// "p-1.0.zip" of "https://host/a/p-1.0.zip?raw=1"
std::string file_name_of(const std::string& url) {
  const std::string path = url.substr(0, url.find_first_of("?#"));
  const std::string name = path.substr(path.rfind('/') + 1);
  return name.empty() || name.starts_with('.') ? "package" : name;
}

bool starts_as_elf(const fs::path& path) {
  std::string start(4, '\0');
  std::ifstream(path, std::ios::binary).read(start.data(), 4);
  return start == "\177ELF";
}

Result<fs::path> download(const std::string& url, const packages::StagingFolder& staging,
                          std::chrono::seconds time) {
  fetch::FetchOptions options;
  options.total_ms = std::chrono::milliseconds(time).count();
  options.max_bytes = kMaxDownload;
  options.schemes = "http,https";
  options.needs_status_200 = true;
  const auto bytes = fetch::fetch_url(url, options);
  if (!bytes && bytes.error().kind() == ErrorKind::cancelled) return bytes.error();
  if (!bytes) return base::Error(ErrorKind::plugin, bytes.error().message());
  const auto folder = staging.make_folder("download");
  if (!folder) return folder.error();
  fs::path file = *folder / file_name_of(url);
  if (auto saved = base::save_file(file, *bytes); !saved) return saved.error();
  // An address need not say what is behind it.
  if (!starts_as_elf(file) || file.extension() == ".so") return file;
  fs::path library = file.string() + ".so";
  std::error_code code;
  fs::rename(file, library, code);
  if (code) return base::errno_error(code.value(), "cannot rename the download");
  return library;
}

Result<void> fill(const fs::path& source, const fs::path& content) {
  std::error_code code;
  if (fs::is_directory(source, code)) return packages::copy_tree(source, content);
  if (!fs::is_regular_file(source, code))
    return make_error(ErrorKind::plugin,
                      "there is no such file or folder; name a .so, a plugin.yaml, a folder or an "
                      "archive (tar.gz, zip, wgn), or the http(s) address of one");
  const std::string ending = source.extension().string();
  if (ending == ".so" || ending == ".yaml" || ending == ".yml")
    return packages::copy_file_into(source, content);
  return packages::unpack(source, content);
}

}  // namespace

bool is_address(const std::string& source) {
  return source.find("://") != std::string::npos;
}

Result<fs::path> get_package(const std::string& source, const packages::StagingFolder& staging,
                             std::chrono::seconds time) {
  const auto content = staging.make_folder("content");
  if (!content) return content.error();
  Result<fs::path> local = fs::path(source);
  if (is_address(source)) local = download(source, staging, time);
  if (!local) return local.error();
  if (auto filled = fill(*local, *content); !filled) return filled.error();
  return packages::content_of(*content);
}

}  // namespace cfy::app
