#include "base/error.hpp"

#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace cfy::base {

Error& Error::context(std::string_view what) & {
  message_ = fmt::format("{}: {}", what, message_);
  return *this;
}

Error&& Error::context(std::string_view what) && {
  context(what);
  return std::move(*this);
}

Error errno_error(int errno_value, std::string_view what) {
  return make_error(ErrorKind::io, "{}: {}", what, std::generic_category().message(errno_value));
}

void assertion_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "cfy-run: internal error: %s:%d: '%s' does not hold\n", file, line,
               expression);
  std::abort();
}

}  // namespace cfy::base
