#include "packages/unpack.hpp"

#include <array>
#include <memory>

#include <locale.h>

#include "base/text.hpp"
#include "packages/archive_library.hpp"

namespace cfy::packages {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using base::make_error;
using base::Result;

constexpr std::size_t kBlockSize = 64 * 1024;

// libarchive turns names into the locale's characters, and gives none where that fails; the program
// itself runs in the C locale, which knows ASCII only. Holds for this thread.
class Utf8Names {
 public:
  Utf8Names() : locale_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (locale_ != nullptr) before_ = ::uselocale(locale_);
  }
  ~Utf8Names() {
    if (locale_ == nullptr) return;
    ::uselocale(before_);
    ::freelocale(locale_);
  }
  Utf8Names(const Utf8Names&) = delete;
  Utf8Names& operator=(const Utf8Names&) = delete;

 private:
  locale_t locale_;
  locale_t before_ = nullptr;
};

class Unpacker {
 public:
  Unpacker(const ArchiveLibrary& library, const fs::path& to, const TreeLimits& limits)
      : lib_(library), archive_(library.read_new(), library.read_free), writer_(to, limits) {}

  Result<void> run(const fs::path& path) {
    // Only what is compiled in: "all" filters would also start programs, such as lrzip.
    lib_.support_gzip(archive_.get());
    lib_.support_bzip2(archive_.get());
    lib_.support_xz(archive_.get());
    lib_.support_tar(archive_.get());
    lib_.support_zip(archive_.get());
    if (lib_.open_filename(archive_.get(), path.c_str(), kBlockSize) != ARCHIVE_OK)
      return unreadable();
    for (;;) {
      archive_entry* entry = nullptr;
      const int code = lib_.next_header(archive_.get(), &entry);
      if (code == ARCHIVE_EOF) return writer_.finish();
      // A warning is about what we do not use, such as a time or an owner.
      if (code != ARCHIVE_OK && code != ARCHIVE_WARN) return unreadable();
      if (auto taken = take(entry); !taken) return taken;
    }
  }

 private:
  base::Error unreadable() const {
    const char* reason = lib_.error_string(archive_.get());
    return make_error(ErrorKind::plugin, "cannot be unpacked as tar, tar.gz, zip or wgn: {}",
                      reason == nullptr ? "unknown error" : base::to_valid_utf8(reason));
  }

  Result<void> take(archive_entry* entry) {
    const char* text = lib_.pathname_utf8(entry);
    if (text == nullptr) text = lib_.pathname(entry);
    if (text == nullptr) return make_error(ErrorKind::plugin, "holds a name that is no UTF-8");
    const std::string name = text;
    if (lib_.hardlink(entry) != nullptr)
      return make_error(ErrorKind::plugin,
                        "holds the hard link '{}'; pack it with --hard-dereference",
                        base::to_valid_utf8(name));
    switch (lib_.filetype(entry)) {
      case AE_IFDIR:
        return writer_.add_folder(name);
      case AE_IFREG:
        return take_file(name, (lib_.perm(entry) & 0100U) != 0);
      case AE_IFLNK: {
        const char* target = lib_.symlink(entry);
        return writer_.add_link(name, target == nullptr ? "" : target);
      }
      default:
        return make_error(ErrorKind::plugin, "holds '{}', which is no file, folder or link",
                          base::to_valid_utf8(name));
    }
  }

  Result<void> take_file(const std::string& name, bool is_program) {
    if (auto begun = writer_.begin_file(name, is_program); !begun) return begun;
    std::array<char, kBlockSize> buffer{};
    for (;;) {
      const la_ssize_t size = lib_.read_data(archive_.get(), buffer.data(), buffer.size());
      if (size == 0) return {};
      if (size < 0) return unreadable();
      if (auto written = writer_.write({buffer.data(), static_cast<std::size_t>(size)}); !written)
        return written;
    }
  }

  const ArchiveLibrary& lib_;
  const std::unique_ptr<archive, decltype(&archive_read_free)> archive_;
  TreeWriter writer_;
};

}  // namespace

bool is_archive_name(const fs::path& name) {
  const std::string text = name.string();
  for (const char* ending : {".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".zip", ".wgn"})
    if (text.ends_with(ending)) return true;
  return false;
}

Result<void> unpack(const fs::path& archive, const fs::path& to, const TreeLimits& limits) {
  const auto library = load_archive_library();
  if (!library) return library.error();
  const Utf8Names names;
  return Unpacker(**library, to, limits).run(archive);
}

}  // namespace cfy::packages
