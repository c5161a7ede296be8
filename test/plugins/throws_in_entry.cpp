// The entry function itself throws, which no plugin made by CFY_PLUGIN does.
#include <stdexcept>

#include <cfy/plugin.h>

const cfy_plugin* cfy_plugin_v1(void) {
  throw std::runtime_error("the table is not ready");
}
