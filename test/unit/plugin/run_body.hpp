// Runs a lambda as the workflow function of a plugin, through the C table, against a host in
// memory.
#pragma once

#include <functional>

#include <catch2/catch.hpp>
#include <cfy/plugin.hpp>

#include "fake_workflow_host.hpp"
#include "plugin/run.hpp"

namespace cfy::test {

using Body = std::function<json(WorkflowContext&, const Parameters&)>;

namespace detail {
inline const Body* current = nullptr;
inline json call_current(WorkflowContext& ctx, const Parameters& parameters) {
  return (*current)(ctx, parameters);
}
}  // namespace detail

inline base::Result<json> run(FakeWorkflowHost& host, const Body& body) {
  constexpr cfy_entry kRaw = cfy::workflow<detail::call_current>("module.current");
  plugin::Entry entry;
  entry.workflow = kRaw.workflow;
  detail::current = &body;
  return plugin::run_workflow(entry, host);
}
/// For bodies that return nothing.
template <typename Function>
base::Result<json> run_void(FakeWorkflowHost& host, Function function) {
  return run(host, [&](WorkflowContext& ctx, const Parameters&) -> json {
    function(ctx);
    return nullptr;
  });
}
template <typename Function>
void run_well(FakeWorkflowHost& host, Function function) {
  const auto result = run_void(host, function);
  INFO((result ? "" : result.error().message()));
  CHECK(result);
}

}  // namespace cfy::test
