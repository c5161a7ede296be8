// Uses a function that nobody defines.
#include <cfy/plugin.h>

extern "C" const cfy_plugin* defined_nowhere(void);

const cfy_plugin* cfy_plugin_v1(void) {
  return defined_nowhere();
}
