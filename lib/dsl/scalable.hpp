// Numbers of instances: the scalable capability of a node, its older `instances`, and the
// properties of a scaling policy, which say the same.
#pragma once

#include "dsl/context.hpp"
#include "plan/plan.hpp"

namespace cfy::dsl {

/// The properties {default_instances, min_instances, max_instances}; `value` may be nullptr.
/// Errors: 1, 207 a bad number, 208 a bad text, 210 a dict that is no function.
plan::Scalable read_scalable(Context& context, const Value* value, const Path& path);

/// `instances: {deploy: N}` and `capabilities: {scalable: ...}` of a node template.
/// Errors: as above, and 209 when both are given.
plan::Scalable read_node_scalable(Context& context, const Value& node_template, const Path& path);

}  // namespace cfy::dsl
