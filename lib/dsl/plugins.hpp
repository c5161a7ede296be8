// The plugins section.
#pragma once

#include "dsl/imports.hpp"
#include "dsl/merge.hpp"
#include "dsl/schemas.hpp"
#include "plan/plan.hpp"

namespace cfy::dsl {

/// Errors: 1, 18 executor, 50 nothing to install from, 102, 220 and 221 properties that an import
/// sets.
void read_plugins(Context& context, const Merged& merged, const SourceFiles& files,
                  const TypeNames& data_types, plan::Plan& plan);

}  // namespace cfy::dsl
