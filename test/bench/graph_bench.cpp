// graph_bench [TASKS]: what a task costs in the executor alone: local tasks that do nothing, two
// dependencies each, no store, no events. Three sizes, so that anything that grows faster than the
// graph shows; and a oneTBB flow graph of the same shape beside it where that library was found.
// Prints numbers; never fails because of them.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <functional>
#include <new>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <malloc.h>

#include "exec/workflow_call.hpp"

#ifdef CFY_HAVE_TBB
#include <tbb/flow_graph.h>
#endif

namespace {

std::atomic<std::int64_t> live_bytes{0}, peak_bytes{0};

void count(std::int64_t bytes) {
  const std::int64_t now = live_bytes.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  std::int64_t peak = peak_bytes.load(std::memory_order_relaxed);
  while (now > peak && !peak_bytes.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {
  }
}

}  // namespace

// Every block of the program is counted with what the allocator really gives for it.
void* operator new(std::size_t size) {
  void* block = std::malloc(size);
  if (block == nullptr) throw std::bad_alloc();
  count(static_cast<std::int64_t>(malloc_usable_size(block)));
  return block;
}
void operator delete(void* block) noexcept {
  if (block == nullptr) return;
  count(-static_cast<std::int64_t>(malloc_usable_size(block)));
  std::free(block);
}
void operator delete(void* block, std::size_t) noexcept {
  operator delete(block);
}

namespace {

using cfy::base::Result;
using nlohmann::json;

/// Each task waits for two of the layer before it.
constexpr std::size_t kLayer = 1000;

std::pair<std::size_t, std::size_t> waits_for(std::size_t task) {
  const std::size_t in_layer = task % kLayer;
  const std::size_t layer_before = task - in_layer - kLayer;
  return {layer_before + in_layer, layer_before + (in_layer + 1) % kLayer};
}

struct Cost {
  double build_ns = 0, run_ns = 0, bytes = 0;  // per task
  double cpu_ns = 0;  // of all threads together; unlike the others it does not mind a busy machine
};

/// Measures from its construction on.
class Meter {
 public:
  double lap_ns() {
    const auto now = std::chrono::steady_clock::now();
    const double ns = std::chrono::duration<double, std::nano>(now - last_).count();
    last_ = now;
    return ns;
  }
  double cpu_ns() const {
    return static_cast<double>(std::clock() - cpu_start_) * 1e9 / CLOCKS_PER_SEC;
  }
  double bytes() const { return static_cast<double>(peak_bytes.load() - bytes_before_); }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
  std::clock_t cpu_start_ = std::clock();
  std::int64_t bytes_before_ = (peak_bytes.store(live_bytes.load()), live_bytes.load());
};

class NoOperations final : public cfy::exec::TaskRunner {
 public:
  std::size_t capacity() const override { return 1; }
  void start(const cfy::exec::OperationStart&, cfy::exec::OperationSink&) override {}
  void stop(cfy::dispatch::StopMode) override {}
};

void build(cfy::plugin::WorkflowHost& host, std::size_t tasks, std::atomic<std::size_t>& ran) {
  cfy::plugin::TaskOptions options;
  options.send_task_events = false;
  std::vector<cfy::plugin::TaskId> ids;
  ids.reserve(tasks);
  for (std::size_t i = 0; i < tasks; ++i) {
    ids.push_back(host.make_local_task(
        "no-op", {},
        [&ran]() -> cfy::plugin::LocalResult {
          ran.fetch_add(1, std::memory_order_relaxed);
          return json();
        },
        options));
    if (!host.add_task({}, ids[i])) std::abort();
    if (i < kLayer) continue;
    const auto [first, second] = waits_for(i);
    if (!host.add_dependency(ids[i], ids[first]) || !host.add_dependency(ids[i], ids[second]))
      std::abort();
  }
}

Cost measure_executor(std::size_t tasks) {
  const cfy::plan::Plan plan;
  NoOperations runner;
  cfy::exec::CallSetup setup;
  setup.plan = &plan;
  setup.runner = &runner;
  setup.options.local_threads = 2;
  std::atomic<std::size_t> ran{0};
  Cost cost;
  Meter meter;
  cfy::exec::WorkflowCall call(std::move(setup));
  const auto result = call.run([&](cfy::plugin::WorkflowHost& host) -> Result<json> {
    build(host, tasks, ran);
    cost.build_ns = meter.lap_ns() / static_cast<double>(tasks);
    if (auto done = host.execute(); !done) return done.error();
    return json();
  });
  cost.run_ns = meter.lap_ns() / static_cast<double>(tasks);
  cost.cpu_ns = meter.cpu_ns() / static_cast<double>(tasks);
  cost.bytes = meter.bytes() / static_cast<double>(tasks);
  if (!result.ok() || ran != tasks) {
    fmt::print(stderr, "the graph did not run\n");
    std::exit(1);
  }
  return cost;
}

#ifdef CFY_HAVE_TBB
Cost measure_tbb(std::size_t tasks) {
  namespace flow = tbb::flow;
  using Node = flow::continue_node<flow::continue_msg>;
  std::atomic<std::size_t> ran{0};
  Cost cost;
  Meter meter;
  flow::graph graph;
  std::deque<Node> nodes;
  for (std::size_t i = 0; i < tasks; ++i) {
    nodes.emplace_back(graph, [&ran](const flow::continue_msg&) {
      ran.fetch_add(1, std::memory_order_relaxed);
      return flow::continue_msg();
    });
    if (i < kLayer) continue;
    const auto [first, second] = waits_for(i);
    flow::make_edge(nodes[first], nodes[i]);
    flow::make_edge(nodes[second], nodes[i]);
  }
  cost.build_ns = meter.lap_ns() / static_cast<double>(tasks);
  for (std::size_t i = 0; i < std::min(kLayer, tasks); ++i)
    nodes[i].try_put(flow::continue_msg());
  graph.wait_for_all();
  cost.run_ns = meter.lap_ns() / static_cast<double>(tasks);
  cost.cpu_ns = meter.cpu_ns() / static_cast<double>(tasks);
  cost.bytes = meter.bytes() / static_cast<double>(tasks);
  if (ran != tasks) std::exit(1);
  return cost;
}
#endif

void print(const char* what, std::size_t tasks, const Cost& cost) {
  fmt::print(
      "{:<8} {:>8} tasks  build {:>5.0f}  run {:>5.0f}  together {:>5.0f} ns a task  (CPU "
      "{:>5.0f})  "
      "{:>4.0f} bytes a task\n",
      what, tasks, cost.build_ns, cost.run_ns, cost.build_ns + cost.run_ns, cost.cpu_ns,
      cost.bytes);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t most = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  std::optional<Cost> smallest, greatest;
  for (const std::size_t tasks : {most / 16, most / 4, most}) {
    const std::size_t whole_layers = std::max(tasks / kLayer, std::size_t{1}) * kLayer;
    greatest = measure_executor(whole_layers);
    if (!smallest) smallest = greatest;
    print("cfy-run", whole_layers, *greatest);
#ifdef CFY_HAVE_TBB
    print("oneTBB", whole_layers, measure_tbb(whole_layers));
#endif
  }
  const auto total = [](const Cost& cost) { return cost.build_ns + cost.run_ns; };
  fmt::print("growth of the time of a task over 16 times the size: {:.2f}\n",
             total(*greatest) / total(*smallest));
  fmt::print("budget: 1000 ns and 300 bytes a task\n");
  return 0;
}
