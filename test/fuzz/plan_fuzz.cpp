// Any text as a blueprint: parsed, checked, and prepared as a deployment. Whatever the text holds,
// the answer is a plan or diagnostics, each with a place; never a crash, a hang or a full memory.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "deploy/prepare.hpp"
#include "dsl/load.hpp"
#include "plan/to_json.hpp"

namespace {

// A file in memory: the loader reads files, and a disk would be the slowest part.
int memory_file() {
  static const int fd = memfd_create("blueprint", 0);
  return fd;
}

void check_places(const cfy::base::Diagnostics& diagnostics) {
  for (const cfy::base::Diagnostic& one : diagnostics.all())
    if (!one.range.is_known()) {
      std::fprintf(stderr, "a message without a place: %s\n", one.message.c_str());
      std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int fd = memory_file();
  if (ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != static_cast<ssize_t>(size)) return 0;
  cfy::dsl::LoadOptions options;
  options.path = "/proc/self/fd/" + std::to_string(fd);
  options.shown_path = "blueprint.yaml";
  cfy::base::SourceMap sources;
  cfy::base::Diagnostics diagnostics;
  auto plan = cfy::dsl::load_blueprint(options, sources, diagnostics);
  check_places(diagnostics);
  if (!plan) {
    if (!diagnostics.has_errors()) std::abort();  // refused without a word
    return 0;
  }
  cfy::base::Diagnostics preparing;
  if (const auto prepared = cfy::deploy::prepare_deployment(*std::move(plan), {}, preparing))
    (void)cfy::plan::to_json(*prepared).dump(-1, ' ', false,
                                             nlohmann::json::error_handler_t::replace);
  return 0;
}
