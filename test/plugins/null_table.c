/* Has the symbol, gives nothing. */
#include <cfy/plugin.h>

const cfy_plugin* cfy_plugin_v1(void) {
  return NULL;
}
