#include "plugin/elf_check.hpp"

#include <cstring>
#include <fstream>

#include <elf.h>
#include <link.h>

namespace cfy::plugin {
namespace {

using base::ErrorKind;
using base::make_error;

#if defined(__x86_64__)
constexpr int kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr int kMachine = EM_AARCH64;
#elif defined(__riscv)
constexpr int kMachine = EM_RISCV;
#elif defined(__powerpc64__)
constexpr int kMachine = EM_PPC64;
#elif defined(__s390x__)
constexpr int kMachine = EM_S390;
#elif defined(__i386__)
constexpr int kMachine = EM_386;
#elif defined(__arm__)
constexpr int kMachine = EM_ARM;
#else
#error "which EM_ constant of elf.h is this machine?"
#endif
constexpr int kClass = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;

base::Result<void> check_header(const ElfW(Ehdr) & header) {
  constexpr const char* kRebuild = "build it for this machine with cfy_add_plugin() or -shared";
  if (header.e_ident[EI_CLASS] != kClass || header.e_machine != kMachine)
    return make_error(ErrorKind::plugin,
                      "is for another machine (ELF class {}, machine {}; this program is class {}, "
                      "machine {}); {}",
                      header.e_ident[EI_CLASS], header.e_machine, kClass, kMachine, kRebuild);
  if (header.e_type != ET_DYN)
    return make_error(ErrorKind::plugin, "is an ELF file but no shared library (type {}); {}",
                      header.e_type, kRebuild);
  return {};
}

}  // namespace

base::Result<void> check_elf(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found)
    return make_error(ErrorKind::plugin,
                      "there is no such file; build the plugin, or correct the path");
  if (error) return make_error(ErrorKind::plugin, "cannot be looked at: {}", error.message());
  if (status.type() != std::filesystem::file_type::regular)
    return make_error(ErrorKind::plugin, "is {}; a shared library is expected",
                      std::filesystem::is_directory(status) ? "a folder" : "not a regular file");

  std::ifstream file(path, std::ios::binary);
  if (!file) return make_error(ErrorKind::plugin, "cannot be read: {}", std::strerror(errno));
  ElfW(Ehdr) header{};
  char* bytes = reinterpret_cast<char*>(&header);
  file.read(bytes, sizeof(header));
  if (file.gcount() < SELFMAG || std::memcmp(bytes, ELFMAG, SELFMAG) != 0)
    return make_error(ErrorKind::plugin,
                      "is not a shared library: it does not start with the ELF mark; name the .so "
                      "that the compiler made, not its source");
  if (file.gcount() < static_cast<std::streamsize>(sizeof(header)))
    return make_error(ErrorKind::plugin, "is cut off after {} bytes; build or copy it again",
                      file.gcount());
  return check_header(header);
}

}  // namespace cfy::plugin
