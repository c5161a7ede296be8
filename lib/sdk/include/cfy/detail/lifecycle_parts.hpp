// What the lifecycle of an instance is made of: operations in their order, with the states and
// events around them. Tables only; lifecycle_subgraph.hpp makes tasks of them.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace cfy::detail {

/// One step of a lifecycle. Empty texts are left out.
struct LifecyclePart {
  enum class Kind { operation, relationships, reversed_relationships, host_start, host_stop };
  Kind kind = Kind::operation;
  std::string_view operation = {};
  std::string_view before = {}, after = {};  ///< events around it
  std::string_view state_before = {}, state_after = {};
  std::string_view nothing = {};  ///< the event when the operation is not mapped
  int done_at = 0;                ///< of an installation: the progress from which on it is left out
};

/// How far an installation has come; states that are not of one count as 0.
inline int install_progress(std::string_view state) {
  if (state == "creating") return 1;
  if (state == "created" || state == "configuring") return 2;
  if (state == "configured" || state == "starting") return 3;
  return state == "started" ? 4 : 0;
}

inline constexpr std::array<LifecyclePart, 11> kInstallParts = {{
    {.operation = "cloudify.interfaces.validation.create",
     .before = "Validating node instance before creation",
     .after = "Node instance validated before creation",
     .nothing = "Validating node instance before creation: nothing to do",
     .done_at = 1},
    {.operation = "cloudify.interfaces.lifecycle.precreate",
     .before = "Precreating node instance",
     .after = "Node instance precreated",
     .nothing = "Precreating node instance: nothing to do",
     .done_at = 1},
    {.operation = "cloudify.interfaces.lifecycle.create",
     .before = "Creating node instance",
     .after = "Node instance created",
     .state_before = "creating",
     .state_after = "created",
     .nothing = "Creating node instance: nothing to do",
     .done_at = 2},
    {.kind = LifecyclePart::Kind::relationships,
     .operation = "cloudify.interfaces.relationship_lifecycle.preconfigure",
     .before = "Pre-configuring relationships",
     .after = "Relationships pre-configured",
     .done_at = 3},
    {.operation = "cloudify.interfaces.lifecycle.configure",
     .before = "Configuring node instance",
     .after = "Node instance configured",
     .state_before = "configuring",
     .state_after = "configured",
     .nothing = "Configuring node instance: nothing to do",
     .done_at = 3},
    {.kind = LifecyclePart::Kind::relationships,
     .operation = "cloudify.interfaces.relationship_lifecycle.postconfigure",
     .before = "Post-configuring relationships",
     .after = "Relationships post-configured",
     .done_at = 4},
    {.operation = "cloudify.interfaces.lifecycle.start",
     .before = "Starting node instance",
     .state_before = "starting",
     .nothing = "Starting node instance: nothing to do",
     .done_at = 4},
    {.kind = LifecyclePart::Kind::host_start, .done_at = 4},
    {.operation = "cloudify.interfaces.lifecycle.poststart",
     .before = "Poststarting node instance",
     .after = "Node instance poststarted",
     .nothing = "Poststarting node instance: nothing to do",
     .done_at = 4},
    {.operation = "cloudify.interfaces.monitoring.start", .done_at = 4},
    {.kind = LifecyclePart::Kind::relationships,
     .operation = "cloudify.interfaces.relationship_lifecycle.establish",
     .before = "Establishing relationships",
     .after = "Relationships established",
     .done_at = 4},
}};

inline constexpr LifecyclePart kDeletionValidation = {
    .operation = "cloudify.interfaces.validation.delete",
    .before = "Validating node instance before deletion",
    .after = "Node instance validated before deletion",
    .nothing = "Validating node instance after deletion: nothing to do"};

/// From a started instance to a stopped one, after the validation.
inline constexpr std::array<LifecyclePart, 4> kStopParts = {{
    {.operation = "cloudify.interfaces.monitoring.stop"},
    {.operation = "cloudify.interfaces.lifecycle.prestop",
     .before = "Prestopping node instance",
     .after = "Node instance prestopped"},
    {.kind = LifecyclePart::Kind::host_stop},
    {.operation = "cloudify.interfaces.lifecycle.stop",
     .after = "Stopped node instance",
     .nothing = "Stopped node instance: nothing to do"},
}};

/// From a stopped instance to none.
inline constexpr std::array<LifecyclePart, 3> kDeleteParts = {{
    {.kind = LifecyclePart::Kind::reversed_relationships,
     .operation = "cloudify.interfaces.relationship_lifecycle.unlink",
     .before = "Unlinking relationships",
     .after = "Relationships unlinked"},
    {.operation = "cloudify.interfaces.lifecycle.delete",
     .before = "Deleting node instance",
     .state_before = "deleting",
     .nothing = "Deleting node instance: nothing to do"},
    {.operation = "cloudify.interfaces.lifecycle.postdelete",
     .before = "Postdeleting node instance",
     .after = "Node instance postdeleted"},
}};

inline constexpr std::string_view kGetState = "cloudify.interfaces.host.get_state";

/// The agent of a host.
inline constexpr LifecyclePart kCreateAgent = {
    .operation = "cloudify.interfaces.cloudify_agent.create",
    .before = "Creating agent",
    .after = "Agent created"};
/// Of one that the host starts by itself.
inline constexpr LifecyclePart kStartAgent = {
    .operation = "cloudify.interfaces.cloudify_agent.start",
    .before = "Waiting for agent to start",
    .after = "Agent started"};
inline constexpr LifecyclePart kStopAgent = {.operation = "cloudify.interfaces.cloudify_agent.stop",
                                             .before = "Stopping agent"};
inline constexpr LifecyclePart kStopScriptedAgent = {
    .operation = "cloudify.interfaces.cloudify_agent.stop_amqp", .before = "Stopping agent"};
inline constexpr LifecyclePart kDeleteAgent = {
    .operation = "cloudify.interfaces.cloudify_agent.delete",
    .before = "Deleting agent",
    .after = "Agent deleted"};

/// From the middle of a creation to before it.
inline constexpr std::array<LifecyclePart, 2> kUndoCreateParts = {{
    {.operation = "cloudify.interfaces.lifecycle.delete",
     .before = "Deleting node instance",
     .after = "Deleted node instance"},
    kDeleteParts[2],
}};

/// What a resumed installation does before it runs an operation again that may have come half way.
/// The state stays, as it is the one in which that operation runs.
struct UndoParts {
  std::string_view state, operation;  ///< of the instance; the one that runs again
  std::span<const LifecyclePart> parts;
};
inline constexpr std::array<UndoParts, 2> kUndoParts = {{
    {"creating", "cloudify.interfaces.lifecycle.create", kUndoCreateParts},
    {"starting", "cloudify.interfaces.lifecycle.start", std::span(kStopParts).subspan(1)},
}};

}  // namespace cfy::detail
