// Uses a function that nobody defines.
#include <cfy/plugin.hpp>

extern "C" int defined_nowhere(int);

static int ask(cfy::WorkflowContext&, const cfy::Parameters&) {
  return defined_nowhere(1);
}

CFY_PLUGIN("unresolved_symbol", "1.0.0", cfy::workflow<ask>("module.ask"));
