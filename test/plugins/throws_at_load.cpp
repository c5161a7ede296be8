// A static initialiser that throws: it ends the process that loads the plugin.
#include <stdexcept>

#include <cfy/plugin.hpp>

namespace {

struct Licence {
  Licence() { throw std::runtime_error("no licence file"); }
} licence;

void nothing(cfy::WorkflowContext&, const cfy::Parameters&) {}

}  // namespace

CFY_PLUGIN("throws_at_load", "1.0.0", cfy::workflow<nothing>("module.nothing"));
