// load_blueprint: a blueprint file and all that it imports to a Plan. The door of this room.
#pragma once

#include <optional>

#include "base/diagnostics.hpp"
#include "base/source.hpp"
#include "dsl/options.hpp"
#include "plan/plan.hpp"

namespace cfy::dsl {

/// Read, merge and check a blueprint.
///
/// All mistakes of all files are reported, not only the first; warnings (duplicate keys) too. Each
/// has a place, and the code and type that the reference gives it.
///
/// @param sources  gets the texts that were read; messages point into them
/// @return nothing when there was an error
/// Cost: linear in the files and in the plan. Not safe to call with one `sources` from two threads.
std::optional<plan::Plan> load_blueprint(const LoadOptions& options, base::SourceMap& sources,
                                         base::Diagnostics& diagnostics);

}  // namespace cfy::dsl
