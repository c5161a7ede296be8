// Static initialisers that do what nothing can be caught of.
#include <csignal>

#include <cfy/plugin.h>
#include <unistd.h>

namespace {

struct AtLoad {
  AtLoad() {
#if defined(AT_LOAD_CRASH)
    std::raise(SIGSEGV);
#elif defined(AT_LOAD_EXIT)
    _exit(7);
#elif defined(AT_LOAD_HANG)
    for (;;)
      pause();
#endif
  }
} at_load;

}  // namespace

const cfy_plugin* cfy_plugin_v1(void) {
  return nullptr;
}
