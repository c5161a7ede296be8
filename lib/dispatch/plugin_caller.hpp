// PluginCaller: operations out of plugins, loaded at the first call that needs them.
#pragma once

#include "dispatch/operation_caller.hpp"

namespace cfy::dispatch {

class PluginCaller : public OperationCaller {
 public:
  /// @param probe  load each plugin in a child first (plugin::LoadOptions): for the runner itself;
  ///   a worker may die of a plugin, and says why just as well
  explicit PluginCaller(bool probe) : probe_(probe) {}
  CallOutcome call(const OperationRequest& request, plugin::OperationHost& host) override;

 private:
  bool probe_;
};

}  // namespace cfy::dispatch
