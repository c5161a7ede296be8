// A static initialiser that throws: it ends the process that loads the plugin.
#include <stdexcept>

#include <cfy/plugin.h>

namespace {

struct Licence {
  Licence() { throw std::runtime_error("no licence file"); }
} licence;

}  // namespace

const cfy_plugin* cfy_plugin_v1(void) {
  return nullptr;
}
