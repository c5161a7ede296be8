// The file of --secrets: a YAML or JSON map of names to values.
#pragma once

#include <string>

#include "base/error.hpp"
#include "exec/secret_source.hpp"

namespace cfy::app {

/// Texts as they are, other values as JSON. Errors: invalid; they say where, but unlike those of
/// other files never show a line of it.
base::Result<exec::SecretValues> read_secrets_file(const std::string& path);

}  // namespace cfy::app
