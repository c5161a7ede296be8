// Who belongs to an operation, by a process table of our own.
#include "dispatch/call_groups.hpp"

#include <map>

#include <catch2/catch.hpp>

namespace {

using cfy::process::ProcessEntry;
using cfy::process::ProcessTable;

constexpr pid_t kRunner = 10, kWorker = 20;
constexpr const char* kMine = "x/x-7/1";
constexpr std::uint64_t kBefore = 100, kCall = 200, kDuring = 300;

// The groups of the call that began at kCall in the worker, with these processes besides.
std::vector<pid_t> find(std::vector<ProcessEntry> others, std::map<pid_t, std::string> marks = {}) {
  others.push_back({.pid = kRunner, .parent = 1, .group = kRunner, .session = kRunner});
  others.push_back({.pid = kWorker,
                    .parent = kRunner,
                    .group = kWorker,
                    .session = kWorker,
                    .started_ticks = kBefore});
  marks[kWorker] = "worker";
  const ProcessTable table(others, [marks](pid_t pid) -> std::optional<std::string> {
    const auto found = marks.find(pid);
    return found == marks.end() ? std::nullopt : std::optional(found->second);
  });
  const cfy::dispatch::WorkerCall call{kWorker, "worker", kMine, kCall};
  return cfy::dispatch::CallProcesses(table, call).groups();
}

ProcessEntry process(pid_t pid, pid_t parent, pid_t group, pid_t session, std::uint64_t started) {
  return {
      .pid = pid, .parent = parent, .group = group, .session = session, .started_ticks = started};
}

using Groups = std::vector<pid_t>;

TEST_CASE("a script in the worker's session belongs to the call", "[call_groups]") {
  CHECK(find({process(30, kWorker, 30, kWorker, kDuring), process(31, 30, 30, kWorker, kDuring)}) ==
        Groups{30});
}

TEST_CASE("what the worker's own group holds is not a group of the call", "[call_groups]") {
  CHECK(find({process(30, kWorker, kWorker, kWorker, kDuring)}).empty());
}

TEST_CASE("a daemon belongs to the call by its mark", "[call_groups]") {
  CHECK(find({process(40, 1, 40, 40, kDuring)}, {{40, kMine}}) == Groups{40});
  CHECK(find({process(40, 1, 40, 40, kDuring)}, {{40, "x/x-8/0"}}).empty());
  CHECK(find({process(40, 1, 40, 40, kDuring)}).empty());
}

TEST_CASE("the leader of a daemon's group may be gone", "[call_groups]") {
  CHECK(find({process(41, 1, 40, 40, kDuring)}, {{41, kMine}}) == Groups{40});
}

TEST_CASE("a process without a mark has that of its parent", "[call_groups]") {
  CHECK(find({process(30, kWorker, 30, kWorker, kDuring), process(50, 30, 50, 50, kDuring),
              process(60, 50, 60, 60, kDuring)},
             {{30, kMine}}) == Groups{30, 50, 60});
}

TEST_CASE("a runner that a script has started keeps its own workers", "[call_groups]") {
  CHECK(find({process(30, kWorker, 30, kWorker, kDuring), process(50, 30, 50, 50, kDuring),
              process(60, 50, 60, 60, kDuring)},
             {{30, kMine}, {50, "of the inner runner"}}) == Groups{30});
}

TEST_CASE("a server of an earlier operation stays, and what it starts", "[call_groups]") {
  const ProcessEntry server = process(70, 1, 70, 70, kBefore);
  CHECK(find({server, process(71, 70, 70, 70, kDuring), process(72, 70, 72, 72, kDuring)},
             {{70, "x/x-3/0"}, {72, "x/x-3/0"}})
            .empty());
  // Also in the session of the worker, and when it has no mark any more.
  CHECK(find({process(70, 1, 70, kWorker, kDuring)}, {{70, "x/x-7/0"}}).empty());
  CHECK(
      find({process(70, 1, 70, kWorker, kBefore), process(71, 70, 71, kWorker, kDuring)}).empty());
}

TEST_CASE("what has thrown away its environment is known by its session or its parent",
          "[call_groups]") {
  CHECK(find({process(30, 1, 30, kWorker, kDuring)}) == Groups{30});
  CHECK(find({process(50, kWorker, 50, 50, kDuring)}) == Groups{50});
}

TEST_CASE("a reused number is no parent", "[call_groups]") {
  CHECK(find({process(70, kWorker, 70, kWorker, kDuring + 1), process(80, 70, 80, 80, kDuring)}) ==
        Groups{70, 80});
}

TEST_CASE("of a worker that is gone its own group belongs to the call", "[call_groups]") {
  const ProcessTable table({process(31, 1, kWorker, kWorker, kDuring)},
                           [](pid_t) { return std::nullopt; });
  const cfy::dispatch::WorkerCall call{kWorker, "", kMine, kCall};
  CHECK(cfy::dispatch::CallProcesses(table, call).groups() == Groups{kWorker});
}

TEST_CASE("where the worker is not known the mark alone tells", "[call_groups]") {
  const ProcessTable table(
      {process(40, 1, 40, 0, kDuring), process(41, 1, 41, 0, kDuring)},
      [](pid_t pid) { return pid == 40 ? std::optional<std::string>(kMine) : std::nullopt; });
  const cfy::dispatch::WorkerCall call{0, "", kMine, 0};
  CHECK(cfy::dispatch::CallProcesses(table, call).groups() == Groups{40});
}

TEST_CASE("a mark reads back as it was written, and nothing else is one", "[call_groups]") {
  const auto mark = cfy::dispatch::parse_call_mark(cfy::dispatch::to_text({"x", "x-7", 3}));
  REQUIRE(mark.has_value());
  CHECK(mark->execution_id == "x");
  CHECK(mark->task_id == "x-7");
  CHECK(mark->attempt == 3);
  for (const char* text : {"", "x", "x/y", "x/y/", "x/y/z", "x/y/-1", "x/y/1 "})
    CHECK_FALSE(cfy::dispatch::parse_call_mark(text).has_value());
}

}  // namespace
