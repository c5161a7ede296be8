// ArchiveLibrary: libarchive, loaded when the first archive is opened. Like libcurl it brings
// libraries along that a command which opens none should not wait for.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include "base/error.hpp"

namespace cfy::packages {

/// The functions of libarchive that we use, as its headers declare them.
struct ArchiveLibrary {
  decltype(&archive_read_new) read_new;
  decltype(&archive_read_free) read_free;
  decltype(&archive_read_support_filter_gzip) support_gzip;
  decltype(&archive_read_support_filter_bzip2) support_bzip2;
  decltype(&archive_read_support_filter_xz) support_xz;
  decltype(&archive_read_support_format_tar) support_tar;
  decltype(&archive_read_support_format_zip) support_zip;
  decltype(&archive_read_open_filename) open_filename;
  decltype(&archive_read_next_header) next_header;
  decltype(&archive_read_data) read_data;
  decltype(&archive_error_string) error_string;
  decltype(&archive_entry_pathname) pathname;
  decltype(&archive_entry_pathname_utf8) pathname_utf8;
  decltype(&archive_entry_filetype) filetype;
  decltype(&archive_entry_perm) perm;
  decltype(&archive_entry_symlink) symlink;
  decltype(&archive_entry_hardlink) hardlink;
};

/// Loads it at the first call; it stays for as long as the process. Any thread.
/// Errors: io, the library is not there.
base::Result<const ArchiveLibrary*> load_archive_library();

}  // namespace cfy::packages
