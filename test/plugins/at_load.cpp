// Static initialisers that do what nothing can be caught of.
#include <csignal>
#include <cstdlib>

#include <cfy/plugin.hpp>
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

void nothing(cfy::WorkflowContext&, const cfy::Parameters&) {}

}  // namespace

CFY_PLUGIN("at_load", "1.0.0", cfy::workflow<nothing>("module.nothing"));
