// Drift: what instances and relationships say of their distance from the blueprint, in the system
// properties of instances.
#pragma once

#include <string_view>

#include "selection.hpp"

namespace workflows {

constexpr std::string_view kCheckDrift = "cloudify.interfaces.lifecycle.check_drift";

/// Run check_drift of the instances and of their relationships, and keep what they say: of the
/// instance as `configuration_drift`, of a relationship at its source and at its target as
/// `source_relationships_configuration_drift` {target: ...} and
/// `target_relationships_configuration_drift` {source: ...}.
/// @param ignore_failure  go on when checks fail, instead of throwing WorkflowFailed
void run_drift_checks(const cfy::WorkflowContext& ctx, const Instances& instances, bool is_ordered,
                      bool ignore_failure);

struct Drift {
  bool is_there = false;    ///< something was found
  bool is_unknown = false;  ///< a check failed
};
/// What the checks of an instance and of its relationships said last.
Drift find_any_drift(const cfy::NodeInstance& instance);
/// The same of its own check alone.
bool has_drift(const cfy::NodeInstance& instance);
/// Whether the source's, or the target's, check of this relationship has said something.
bool has_source_drift_report(const cfy::RelationshipInstance& relationship);
bool has_target_drift_report(const cfy::RelationshipInstance& relationship);

/// It was updated: its own drift is gone.
void note_no_drift(const cfy::NodeInstance& instance);
/// It was made anew: nothing that was said counts any more.
void forget_drift(const cfy::NodeInstance& instance);

}  // namespace workflows
