// Subgraphs. A subgraph is a task of the graph around it: others wait for it, it ends when all its
// members have, and fails with the first member that fails. Then its members that have not started
// never do, and its own on_failure decides.
#include "examples.hpp"

namespace {

constexpr const char* kInterface = "examples.interfaces.upgrade.";

/// Prepare, apply, then two probes side by side. A member is not tried again by itself here: when
/// one fails, the whole is.
cfy::Subgraph add_upgrade(const cfy::TaskGraph& graph, const cfy::NodeInstance& site,
                          std::int64_t retries) {
  const auto operation = [&](const std::string& name) {
    return site.execute_operation(kInterface + name, {.total_retries = 0});
  };
  const cfy::Subgraph upgrade = graph.subgraph("upgrade " + site.id(), {.total_retries = retries});
  const cfy::Subgraph probes = upgrade.subgraph("probe " + site.id());  // one within the other
  probes.add_task(operation("probe_pages"));
  probes.add_task(operation("probe_mail"));
  upgrade.sequence().add(operation("prepare"), operation("apply"), probes,
                         site.send_event("upgraded"));

  // A subgraph is tried again by a new one, made here. What waits for the old one waits for the new
  // one then. It is asked for also when no retries are left, and then taken out again.
  upgrade.on_failure([graph, site, retries](const cfy::Task& failed) {
    site.send_event_now("the upgrade failed: " + failed.error());
    return cfy::HandlerResult::retry_by(add_upgrade(graph, site, retries));
  });
  return upgrade;
}

}  // namespace

void examples::upgrade(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  const auto retries = parameters.get<std::int64_t>("retries");
  const cfy::TaskGraph graph = ctx.graph_mode();
  cfy::Task last = ctx.send_event("upgrading one after the other");
  graph.add_task(last);
  for (const cfy::NodeInstance& site : instances_of(ctx, parameters)) {
    const cfy::Subgraph upgrade = add_upgrade(graph, site, retries);
    graph.add_dependency(upgrade, last);
    last = upgrade;
  }
  graph.execute();
}
