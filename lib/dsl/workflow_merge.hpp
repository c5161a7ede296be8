// Two definitions of one workflow. Kept apart because the rule is ours, not the reference's:
// a workflow's mapping cannot be overridden.
#pragma once

#include "dsl/merge.hpp"

namespace cfy::dsl {

/// Both in the long form and DSL 1_4 or later: the keys merge, `first` (the importing file) wins,
/// with a warning. Anything else is error 4, which names both places.
void merge_workflow(Context& context, Element& first, const Element& again);

}  // namespace cfy::dsl
