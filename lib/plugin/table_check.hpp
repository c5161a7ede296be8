// The checks of what cfy_plugin_v1() gave: is it our table, can this program read it, is it whole?
#pragma once

#include <vector>

#include <cfy/plugin.h>

#include "base/error.hpp"
#include "plugin/loader.hpp"

namespace cfy::plugin {

/// The entries of the table, or why it is refused. Errors: plugin; nothing of the table beyond what
/// has been checked is read.
base::Result<std::vector<Entry>> read_entries(const cfy_plugin* table);

}  // namespace cfy::plugin
