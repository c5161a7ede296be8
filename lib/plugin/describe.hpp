// What a loaded plugin offers, for `cfy-run plugins info`.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "plugin/loader.hpp"

namespace cfy::plugin {

/// {name, version, build, abi: "1.0", path, workflows: [{name, resumable}], operations: [...]}.
nlohmann::json describe(const LoadedPlugin& plugin);

}  // namespace cfy::plugin
