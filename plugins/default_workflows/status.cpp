// check_status.
#include "status.hpp"

#include <chrono>
#include <cstdio>
#include <ctime>

#include "order.hpp"
#include "workflows.hpp"

namespace workflows {

void set_property(const cfy::NodeInstance& instance, const char* name, const cfy::json& value) {
  cfy::json properties = instance.system_properties();
  properties[name] = value;
  instance.set_system_properties(properties);
}

cfy::OperationOptions check_once() {
  return {.only_own_retries = true};
}

std::string timestamp() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  const auto seconds = static_cast<std::time_t>(us / 1000000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char date[32], whole[48];
  std::strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(whole, sizeof(whole), "%s.%06d", date, static_cast<int>(us % 1000000));
  return whole;
}

cfy::json report_on(const cfy::Task& task) {
  const bool is_ok = task.has_succeeded();
  return {{"ok", is_ok},
          {"timestamp", timestamp()},
          {"task", task.name()},
          {"result", is_ok ? task.result() : cfy::json(task.error())}};
}

void run_status_checks(const cfy::WorkflowContext& ctx, const Instances& instances, bool is_ordered,
                       bool ignore_failure) {
  const cfy::TaskGraph graph = ctx.graph_mode();
  Subgraphs subgraphs;
  for (const cfy::NodeInstance& instance : instances) {
    if (!instance.node().has_operation(kCheckStatus)) continue;
    const cfy::Subgraph subgraph = graph.subgraph("check_status_" + instance.id());
    const cfy::Task task = instance.execute_operation(kCheckStatus, check_once());
    const cfy::json before = instance.system_properties().value("status", cfy::json());
    keep_report(task, false, [instance, before](const cfy::json& report) {
      set_property(instance, "status", report);
      set_property(instance, "previous_status", before);
    });
    subgraph.add_task(task);
    if (ignore_failure) subgraph.on_failure([] { return cfy::HandlerResult::ignore(); });
    subgraphs.emplace(instance, subgraph);
  }
  if (is_ordered) put_in_order(ctx, subgraphs);
  graph.execute();
}

void check_status(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  run_status_checks(ctx, select(ctx, parameters).chosen,
                    is_on(parameters, "run_by_dependency_order", false),
                    is_on(parameters, "ignore_failure", false));
}

}  // namespace workflows
