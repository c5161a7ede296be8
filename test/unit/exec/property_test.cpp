// Random graphs with subgraphs, failures, retries, handlers and cancels, answered in any order.
// What must hold is read from what the run wrote down.
#include <random>
#include <set>
#include <sstream>

#include <catch2/catch.hpp>

#include "executor_fixture.hpp"
#include "support/graph_text.hpp"

namespace cfy::test {
namespace {

class RandomRun {
 public:
  explicit RandomRun(unsigned seed) : random_(seed) {}

  void check() {
    const std::string text = list(3, {});
    tasks_ = read_graph_text(text);
    INFO(text);
    ExecutorFixture f(text, 1 + below(4));
    f.options.task_retries = below(3);
    f.runner.hold_all();
    add_handlers(f);
    f.start();
    drive(f);
    const std::string outcome = f.wait();
    INFO(outcome << "\n" << f.trace());
    check_trace(f.trace());
    check_end(f, outcome);
  }

 private:
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }

  /// A list of tasks; each waits for some written before it that do not contain it, so that there
  /// is no ring.
  std::string list(unsigned depth, const std::vector<std::string>& open) {
    std::string text;
    for (unsigned i = 0, size = below(depth == 3 ? 12 : 5); i < size; ++i) {
      const std::string name = "t" + std::to_string(next_++);
      std::string after;
      for (unsigned d = below(3); d > 0 && !closed_.empty(); --d)
        after += (after.empty() ? " after " : ", ") +
                 closed_[below(static_cast<unsigned>(closed_.size()))];
      text += name;
      if (depth > 0 && below(4) == 0) {
        auto inner = open;
        inner.push_back(name);
        text += " { " + list(depth - 1, inner) + "}";
      }
      text += after + "; ";
      closed_.push_back(name);
    }
    return text;
  }

  void add_handlers(ExecutorFixture& f) {
    using plugin::HandlerAction;
    for (const GraphTextTask& task : tasks_) {
      if (below(3) != 0) continue;
      const HandlerAction actions[] = {HandlerAction::ignore, HandlerAction::fail,
                                       HandlerAction::cont, HandlerAction::retry};
      f.on_failure(task.name, {verdict(actions[below(4)])});
      if (below(3) == 0) f.on_success(task.name, {verdict(HandlerAction::cont)});
    }
  }

  void drive(ExecutorFixture& f) {
    const unsigned cancel_at = below(3) == 0 ? below(10) : 1000;
    for (unsigned step = 0; !f.is_over(); ++step) {
      const auto held = f.runner.wait_held([&] { return f.is_over(); });
      if (step == cancel_at) {
        was_cancelled_ = true;
        const int degrees[] = {1, 1, 2, 3};
        f.call().request_cancel(exec::CancelDegree{degrees[below(4)]});
      }
      if (held.empty()) continue;
      const std::string& name = held[below(static_cast<unsigned>(held.size()))];
      switch (below(8)) {
        case 0:
          f.runner.finish(name, fatal("fatal"));
          break;
        case 1:
          f.runner.finish(name, recoverable("recoverable"));
          break;
        case 2:
          f.runner.finish(name, reschedule("again"));
          break;
        default:
          f.runner.finish(name, ok());
          break;
      }
    }
  }

  void check_trace(const std::string& trace) {
    std::istringstream lines(trace);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string verb, name;
      words >> verb >> name;
      if (name.ends_with(':')) name.pop_back();
      INFO(line);
      CHECK_FALSE(final_.contains(name));  // a final state never changes
      if (verb == "start") {
        check_may_start(name);
        started_.insert(name);
      } else if (verb == "skip") {
        std::string because;
        words >> because;
        CHECK(failed_.contains(because));
        CHECK_FALSE(started_.contains(name));
      }
      if (verb == "done" || verb == "ignore") good_.insert(name);
      if (verb == "fail") failed_.insert(name);
      if (verb == "done" || verb == "ignore" || verb == "fail" || verb == "skip")
        final_.insert(name);
    }
  }

  void check_may_start(const std::string& name) {
    for (const GraphTextTask& task : tasks_) {
      if (task.name != name) continue;
      for (const std::string& after : task.after)
        CHECK(good_.contains(after));
      if (!task.container.empty()) CHECK(started_.contains(task.container));
    }
  }

  void check_end(ExecutorFixture& f, const std::string& outcome) {
    const auto summary = f.call().summary();
    CHECK(summary.tasks == tasks_.size());
    CHECK(final_.size() == summary.succeeded + summary.failed + summary.ignored + summary.skipped);
    CHECK(f.runner.most_at_a_time() <= f.runner.capacity());
    if (was_cancelled_ && outcome == "cancelled") return;
    CHECK(summary.unfinished() == 0);
    CHECK(outcome.starts_with("failed") == !summary.failures.empty());
    bool all_good = true;
    for (const GraphTextTask& task : tasks_)
      if (task.container.empty()) all_good = all_good && good_.contains(task.name);
    CHECK((outcome == "ok") == all_good);
  }

  std::mt19937 random_;
  unsigned next_ = 0;
  std::vector<std::string> closed_;
  std::vector<GraphTextTask> tasks_;
  bool was_cancelled_ = false;
  std::set<std::string> started_, good_, failed_, final_;
};

}  // namespace

TEST_CASE("whatever happens, the rules of the graph hold", "[exec][property]") {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    INFO("seed " << seed);
    RandomRun(seed).check();
  }
}

}  // namespace cfy::test
