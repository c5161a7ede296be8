// CFY_ASSERT: a bug in cfy-run itself. Prints the place and aborts, in every build type:
// going on with a broken invariant could write a wrong state to disk.
#pragma once

namespace cfy::base {
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line);
}  // namespace cfy::base

#define CFY_ASSERT(expression) \
  ((expression) ? void(0) : ::cfy::base::assertion_failed(#expression, __FILE__, __LINE__))
