// Whole groups end: those that listen to SIGTERM, those that do not, and their children.
#include "process/termination.hpp"

#include <array>

#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "loop_fixture.hpp"
#include "process/child.hpp"
#include "process/process_table.hpp"

namespace {

using cfy::process::Child;
using cfy::process::ExitStatus;
using cfy::process::Termination;
using namespace std::chrono_literals;

// Starts a shell and waits for the "ready" that it prints when it is where the test wants it.
Child start_ready(const std::string& script) {
  auto pipe = std::move(cfy::process::make_pipe()).value();
  auto child = std::move(cfy::process::spawn({.argv = {"/bin/sh", "-c", script},
                                              .fds = {{pipe.write_end.get(), 1}}}))
                   .value();
  pipe.write_end.reset();
  std::array<char, 16> text;
  REQUIRE(::read(pipe.read_end.get(), text.data(), text.size()) > 0);
  return child;
}

std::size_t members_of(pid_t group) {
  std::size_t count = 0;
  for (const auto& entry : cfy::process::list_processes())
    if (entry.group == group && !entry.is_zombie) ++count;
  return count;
}

struct TerminationFixture : cfy::test::LoopFixture {
  void terminate(std::vector<pid_t> groups, std::chrono::milliseconds grace) {
    bool done = false;
    cfy::process::ProcessScanner scanner(*loop, "NONE");
    auto these = cfy::process::these_groups(std::move(groups));
    const Termination termination(*loop, scanner, std::move(these), grace, [&] {
      done = true;
      progress();
    });
    run_until([&] { return done; });
  }
};

TEST_CASE_METHOD(TerminationFixture, "a group that listens ends by SIGTERM", "[termination]") {
  Child child = start_ready("echo ready; exec sleep 600");
  terminate({child.pid()}, 1h);
  CHECK(child.wait() == ExitStatus{.by_signal = true, .value = SIGTERM});
}

TEST_CASE_METHOD(TerminationFixture, "a group that ignores SIGTERM is killed after the grace",
                 "[termination]") {
  Child child = start_ready("trap '' TERM; echo ready; while :; do sleep 600; done");
  terminate({child.pid()}, 1ms);
  CHECK(child.wait() == ExitStatus{.by_signal = true, .value = SIGKILL});
  CHECK(members_of(child.pid()) == 0);
}

TEST_CASE_METHOD(TerminationFixture, "a stopped group ends as well", "[termination]") {
  Child child = start_ready("echo ready; exec sleep 600");
  child.signal_group(SIGSTOP);
  terminate({child.pid()}, 1h);
  CHECK(child.wait() == ExitStatus{.by_signal = true, .value = SIGTERM});
}

TEST_CASE_METHOD(TerminationFixture, "a hundred children end with their parent", "[termination]") {
  Child child = start_ready(
      "trap '' TERM; i=0; while [ $i -lt 100 ]; do sleep 600 & i=$((i+1)); done;"
      "echo ready; while :; do wait; done");
  terminate({child.pid()}, 1ms);
  child.wait();
  CHECK(members_of(child.pid()) == 0);
}

TEST_CASE_METHOD(TerminationFixture, "groups that are gone already are done at once",
                 "[termination]") {
  Child child = start_ready("echo ready");
  child.wait();
  terminate({child.pid()}, 1h);
  CHECK(members_of(child.pid()) == 0);
}

}  // namespace
