#include "executor_fixture.hpp"

#include <utility>

#include "support/graph_text.hpp"

namespace cfy::test {

void EventList::take(const event::Event& event) {
  const std::scoped_lock lock(mutex_);
  events_.push_back(event);
}

std::vector<event::Event> EventList::all() {
  const std::scoped_lock lock(mutex_);
  return events_;
}

std::string EventList::text() {
  std::string text;
  for (const event::Event& event : all())
    text += (event.kind == event::Event::Kind::log ? event.level : event.event_type) + ": " +
            event.text + "\n";
  return text;
}

plan::Plan make_plan(const std::vector<std::string>& operations) {
  auto map = std::make_shared<plan::OperationMap>();
  for (const std::string& name : operations) {
    auto operation = std::make_shared<plan::Operation>();
    operation->plugin = "test";
    operation->operation = name;
    map->emplace("test.interface." + name, operation);
    map->emplace(name, operation);
  }
  plan::Node node;
  node.id = "n";
  node.type = "cloudify.nodes.Root";
  node.type_hierarchy = std::make_shared<std::vector<std::string>>(1, node.type);
  node.operations = std::move(map);
  plan::Plan plan;
  plan.nodes.push_back(std::move(node));
  return plan;
}

store::NodeInstance make_instance(std::string node, std::string id, std::uint32_t index) {
  store::NodeInstance instance;
  instance.id = std::move(id);
  instance.node_id = std::move(node);
  instance.index = index;
  return instance;
}

plugin::HandlerResult verdict(plugin::HandlerAction action) {
  plugin::HandlerResult result;
  result.action = action;
  return result;
}

ExecutorFixture::ExecutorFixture(std::string_view graph_text, std::size_t capacity)
    : runner(capacity), graph_text_(graph_text) {
  options.task_retries = 0;
  options.task_retry_interval_s = 0;
}

ExecutorFixture::~ExecutorFixture() {
  if (thread_.joinable()) thread_.join();
}

namespace {
plugin::Handler in_turn(std::vector<plugin::HandlerResult> verdicts) {
  auto next = std::make_shared<std::size_t>(0);
  return [verdicts = std::move(verdicts), next](plugin::TaskId, const plugin::TaskOutcome&) {
    return base::Result(verdicts[std::min((*next)++, verdicts.size() - 1)]);
  };
}
}  // namespace

void ExecutorFixture::on_failure(const std::string& name,
                                 std::vector<plugin::HandlerResult> verdicts) {
  failure_handlers_[name] = in_turn(std::move(verdicts));
}

void ExecutorFixture::on_success(const std::string& name,
                                 std::vector<plugin::HandlerResult> verdicts) {
  success_handlers_[name] = in_turn(std::move(verdicts));
}

base::Result<json> ExecutorFixture::build_and_run(plugin::WorkflowHost& host) {
  const auto tasks = read_graph_text(graph_text_);
  for (const GraphTextTask& task : tasks) {
    const auto made = task.is_subgraph ? host.make_subgraph(task.name)
                                       : host.make_operation_task(plugin::InstanceId{0}, task.name,
                                                                  json::object(), false, {})
                                             .value();
    ids_[task.name] = made;
    std::optional<plugin::TaskId> container;
    if (!task.container.empty()) container = id(task.container);
    CFY_ASSERT(host.add_task(container, made).ok());
    if (failure_handlers_.contains(task.name))
      CFY_ASSERT(host.set_on_failure(made, failure_handlers_[task.name]).ok());
    if (success_handlers_.contains(task.name))
      CFY_ASSERT(host.set_on_success(made, success_handlers_[task.name]).ok());
  }
  for (const GraphTextTask& task : tasks)
    for (const std::string& after : task.after)
      CFY_ASSERT(host.add_dependency(id(task.name), id(after)).ok());
  if (step_) return step_(host);
  if (auto done = host.execute(); !done) return done.error();
  return json(nullptr);
}

void ExecutorFixture::start() {
  std::vector<std::string> names = more_operations;
  for (const GraphTextTask& task : read_graph_text(graph_text_))
    names.push_back(task.name);
  plan_ = make_plan(names);
  exec::CallSetup setup;
  setup.plan = &plan_;
  setup.instances.push_back(make_instance("n", "n_1"));
  setup.context.execution_id = execution_id;
  setup.context.workflow_id = "wf";
  setup.options = options;
  setup.clock = &clock;
  setup.runner = &runner;
  setup.recorder = recorder_in_use;
  setup.is_resume = replay != nullptr;
  setup.replay = replay;
  setup.accepts_other_graph = accepts_other_graph;
  setup.sink = &events;
  call_ = std::make_unique<exec::WorkflowCall>(std::move(setup));
  clock.on_advance = [this] { call_->nudge(); };
  thread_ = std::thread([this] {
    result_ = call_->run([this](plugin::WorkflowHost& host) { return build_and_run(host); });
    is_over_ = true;
    runner.nudge();
  });
}

std::string ExecutorFixture::wait() {
  thread_.join();
  if (result_->ok()) return (*result_)->is_null() ? "ok" : "ok: " + (*result_)->dump();
  const base::Error& error = result_->error();
  switch (error.kind()) {
    case base::ErrorKind::cancelled:
      return "cancelled";
    case base::ErrorKind::failed:
      return "failed: " + error.message();
    case base::ErrorKind::invalid:
      return "invalid: " + error.message();
    case base::ErrorKind::state:
      return "state: " + error.message();
    default:
      return "other: " + error.message();
  }
}

std::string ExecutorFixture::run() {
  start();
  return wait();
}

}  // namespace cfy::test
