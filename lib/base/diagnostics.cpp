#include "base/diagnostics.hpp"

#include <utility>

namespace cfy::base {

Diagnostic& Diagnostics::add(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::error) ++error_count_;
  return all_.emplace_back(std::move(diagnostic));
}

}  // namespace cfy::base
