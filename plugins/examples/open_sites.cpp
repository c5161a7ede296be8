// Handlers. A task that has ended asks its on_success or its on_failure what that means: go on,
// fail, try again, or ignore it. They run one at a time, on the thread that is in execute(), so
// they may make tasks and change the graph. A task without handlers goes on when it succeeded, and
// is tried again, then fails, when it failed.
#include "examples.hpp"

namespace {

/// cont(): go on. This handler only looks at the result.
cfy::Task measure(const cfy::NodeInstance& site) {
  return site.execute_operation("examples.interfaces.care.measure")
      .on_success([site](const cfy::Task& task) {
        site.logger().info("it has " + task.result().dump() + " pages");
        return cfy::HandlerResult::cont();
      });
}

/// retry(): once more, also after a success. Asks until the site is warm; that costs none of the
/// retries, which are for failures.
cfy::Task warm_up(const cfy::NodeInstance& site) {
  return site.execute_operation("examples.interfaces.care.warm_up")
      .on_success([](const cfy::Task& task) {
        if (task.result() == 100) return cfy::HandlerResult::cont();
        return cfy::HandlerResult::retry(/*ignore_total_retries=*/true, /*retry_after=*/0.1);
      });
}

/// ignore(): the task failed, but counts as done.
cfy::Task tidy(const cfy::NodeInstance& site) {
  return site.execute_operation("examples.interfaces.care.tidy")
      .on_failure([site](const cfy::Task& failed) {
        site.logger().warning("it stays untidy, which can wait: " + failed.error());
        return cfy::HandlerResult::ignore();
      });
}

/// fail(): at once, although retries are left. Other failures are tried again as long as there are
/// any.
cfy::Task open(const cfy::NodeInstance& site, const std::string& license) {
  return site.execute_operation("examples.interfaces.care.open", {.kwargs = {{"license", license}}})
      .on_failure([](const cfy::Task& failed) {
        const bool is_hopeless = failed.error().find("no license") != std::string::npos;
        return is_hopeless ? cfy::HandlerResult::fail() : cfy::HandlerResult::retry();
      });
}

}  // namespace

void examples::open_sites(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  const auto license = parameters.get<std::string>("license");
  const cfy::TaskGraph graph = ctx.graph_mode();
  for (const cfy::NodeInstance& site : instances_of(ctx, parameters))
    graph.sequence().add(measure(site), warm_up(site), tidy(site), open(site, license));
  graph.execute();
}
