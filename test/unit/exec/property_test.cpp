// Random graphs with subgraphs, failures, retries, handlers and cancels, answered in any order; and
// the same cut off at random moments and resumed. What must hold is read from what was written
// down.
#include <random>
#include <set>
#include <sstream>

#include <catch2/catch.hpp>

#include "stored_execution.hpp"
#include "support/graph_text.hpp"

namespace cfy::test {
namespace {

class RandomRun {
 public:
  explicit RandomRun(unsigned seed) : random_(seed) {}
  virtual ~RandomRun() = default;

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

 protected:
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

/// One execution through several runs: each may fail, be cancelled, or be cut off as by the death
/// of its process; operations that ran then may finish alone. The last run lets all go well.
class RandomResumes : public RandomRun {
 public:
  RandomResumes(ResumeStore& store, unsigned seed)
      : RandomRun(seed), execution_(store, "x" + std::to_string(seed)) {}

  void check_all() {
    text_ = list(3, {});
    tasks_ = read_graph_text(text_);
    choose_handlers();
    INFO(text_);
    const unsigned runs = 1 + below(5);
    for (unsigned i = 0; i < runs; ++i)
      run(false);
    // What was cut off before it was judged may still fail once.
    for (unsigned i = 0; i < 2 && !run(true); ++i) {
    }
    check_last();
  }

 private:
  bool run(bool is_last) {
    ExecutorFixture f(text_, 1 + below(4));
    for (const GraphTextTask& task : tasks_)
      f.more_operations.push_back("again_" + task.name);
    f.options.task_retries = 2;
    f.options.subgraph_retries = 2;
    f.runner.hold_all();
    const bool is_cut = !is_last && below(2) == 0;
    execution_.prepare(f, is_cut ? below(12) : StoredExecution::kNever, below(4) == 0);
    add_chosen_handlers(f);
    f.start();
    drive_run(f, is_last);
    const std::string outcome = f.wait();
    INFO(outcome << "\n" << f.trace());
    note(f.trace());
    let_some_finish_alone();
    last_outcome_ = outcome;
    return outcome == "ok";
  }

  void choose_handlers() {
    using plugin::HandlerAction;
    const HandlerAction actions[] = {HandlerAction::ignore, HandlerAction::fail,
                                     HandlerAction::cont};
    for (const GraphTextTask& task : tasks_) {
      if (below(3) != 0) continue;
      if (task.is_subgraph && below(2) == 0)
        replaced_.insert(task.name);
      else
        actions_[task.name] = actions[below(3)];
    }
  }

  void add_chosen_handlers(ExecutorFixture& f) {
    for (const auto& [name, action] : actions_) {
      f.on_failure(name, {verdict(action)});
      f.on_success(name, {verdict(plugin::HandlerAction::cont)});
    }
    for (const std::string& name : replaced_)
      f.on_failure(name, [&f, this, name](plugin::TaskId, const plugin::TaskOutcome&) {
        return base::Result(replace(f, name));
      });
  }

  /// A new subgraph, with an operation of its own, in the place of the one that failed.
  plugin::HandlerResult replace(ExecutorFixture& f, const std::string& name) const {
    auto& host = f.call().host();
    const auto again = host.make_subgraph(name);
    const auto made =
        host.make_operation_task(plugin::InstanceId{0}, "again_" + name, json::object(), false, {});
    std::optional<plugin::TaskId> container;
    for (const GraphTextTask& task : tasks_)
      if (task.name == name && !task.container.empty()) container = f.id(task.container);
    // What it stands in may have failed before it.
    if (!host.add_task(container, again).ok()) return verdict(plugin::HandlerAction::fail);
    CFY_ASSERT(host.add_task(again, made.value()).ok());
    auto answer = verdict(plugin::HandlerAction::retry);
    answer.retried_task = again;
    return answer;
  }

  void drive_run(ExecutorFixture& f, bool is_last) {
    const unsigned cancel_at = !is_last && below(3) == 0 ? below(10) : 1000;
    for (unsigned step = 0; !f.is_over(); ++step) {
      const auto held = f.runner.wait_held([&] { return f.is_over(); });
      if (step == cancel_at)
        f.call().request_cancel(exec::CancelDegree{1 + static_cast<int>(below(3))});
      if (held.empty()) continue;
      const std::string& name = held[below(static_cast<unsigned>(held.size()))];
      CHECK_FALSE(good_.contains(name));  // what was done never runs again
      const unsigned what = is_last ? 9 : below(8);
      f.runner.finish(name, what == 0   ? fatal("fatal")
                            : what == 1 ? recoverable("recoverable")
                            : what == 2 ? reschedule("again")
                                        : ok());
    }
  }

  void note(const std::string& trace) {
    std::istringstream lines(trace);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string verb, name;
      words >> verb >> name;
      INFO(line);
      if (verb == "start") check_may_start(name);
      if (verb == "start") started_.insert(name);
      if (verb == "done" || verb == "ignore") good_.insert(name);
    }
  }

  void check_last() {
    // Whoever failed and is not forgiven starts anew; then nothing fails any more.
    CHECK(last_outcome_ == "ok");
    for (const store::Operation& row : execution_.rows()) {
      // A subgraph that was to take the place of one that is well now is not made again.
      if (row.is_late) continue;
      INFO(row.name << " " << row.state);
      CHECK(row.state != "started");
      CHECK(row.state != "rescheduled");
    }
    for (const GraphTextTask& task : tasks_)
      if (task.container.empty()) CHECK(good_.contains(task.name));
  }

  void let_some_finish_alone() {
    for (const store::Operation& row : execution_.rows()) {
      if (row.state != "started" || row.type != "operation" || below(2) == 0) continue;
      const bool succeeds = below(3) != 0;
      execution_.finish_alone(row, succeeds);
      if (succeeds) good_.insert(row.name);
    }
  }

  StoredExecution execution_;
  std::string text_, last_outcome_;
  std::map<std::string, plugin::HandlerAction> actions_;
  std::set<std::string> replaced_;
};

}  // namespace

TEST_CASE("however often it is cut off, what was done is done once", "[exec][resume][property]") {
  ResumeStore store;
  for (unsigned seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    RandomResumes(store, seed).check_all();
  }
}

TEST_CASE("whatever happens, the rules of the graph hold", "[exec][property]") {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    INFO("seed " << seed);
    RandomRun(seed).check();
  }
}

}  // namespace cfy::test
