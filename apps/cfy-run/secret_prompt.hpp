// How a secret is read from whoever gives it: a terminal without echo, or a pipe.
#pragma once

#include <string>

#include "base/error.hpp"
#include "io.hpp"

namespace cfy::app {

/// The value on standard input, to its end or, on a terminal, to the end of the line. The one line
/// end that `echo` adds is not part of it. Errors: io, cancelled.
base::Result<std::string> read_secret(const Io& io, const std::string& name);

}  // namespace cfy::app
