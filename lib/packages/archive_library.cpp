#include "packages/archive_library.hpp"

#include <dlfcn.h>

namespace cfy::packages {
namespace {

template <typename Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

base::Result<ArchiveLibrary> load() {
  void* const library = ::dlopen(CFY_ARCHIVE_SONAME, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    return base::make_error(base::ErrorKind::io, "unpacking needs libarchive: {}", ::dlerror());
  ArchiveLibrary archive{};
  const bool is_whole = find(library, "archive_read_new", archive.read_new) &&
                        find(library, "archive_read_free", archive.read_free) &&
                        find(library, "archive_read_support_filter_gzip", archive.support_gzip) &&
                        find(library, "archive_read_support_filter_bzip2", archive.support_bzip2) &&
                        find(library, "archive_read_support_filter_xz", archive.support_xz) &&
                        find(library, "archive_read_support_format_tar", archive.support_tar) &&
                        find(library, "archive_read_support_format_zip", archive.support_zip) &&
                        find(library, "archive_read_open_filename", archive.open_filename) &&
                        find(library, "archive_read_next_header", archive.next_header) &&
                        find(library, "archive_read_data", archive.read_data) &&
                        find(library, "archive_error_string", archive.error_string) &&
                        find(library, "archive_entry_pathname", archive.pathname) &&
                        find(library, "archive_entry_pathname_utf8", archive.pathname_utf8) &&
                        find(library, "archive_entry_filetype", archive.filetype) &&
                        find(library, "archive_entry_perm", archive.perm) &&
                        find(library, "archive_entry_symlink", archive.symlink) &&
                        find(library, "archive_entry_hardlink", archive.hardlink);
  if (!is_whole)
    return base::make_error(base::ErrorKind::io, "{} lacks functions", CFY_ARCHIVE_SONAME);
  return archive;
}

}  // namespace

base::Result<const ArchiveLibrary*> load_archive_library() {
  static const auto loaded = load();
  if (!loaded) return loaded.error();
  return &*loaded;
}

}  // namespace cfy::packages
