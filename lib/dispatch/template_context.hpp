// What a template of an operation sees as `ctx`.
#pragma once

#include <functional>

#include "dispatch/protocol.hpp"
#include "plugin/host.hpp"

namespace cfy::dispatch {

/// The request under the names of ctx: node and instance, or source and target, with host_ip;
/// operation with its inputs; plugin with its folders; capabilities by their keys; and the rest.
/// @param runtime_properties_of  those of a subject as the operation has them now
json template_context(const OperationRequest& request,
                      const std::function<json(plugin::SubjectRole)>& runtime_properties_of);

}  // namespace cfy::dispatch
