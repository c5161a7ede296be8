// What the loop promises: order, threads, removal inside callbacks.
#include "process/loop.hpp"

#include <thread>

#include <sys/epoll.h>
#include <unistd.h>

#include "loop_fixture.hpp"

namespace {

using cfy::process::Loop;
using cfy::process::TimerId;
using cfy::process::WatchId;
using namespace std::chrono_literals;

TEST_CASE("posts of one thread run in their order on the loop's thread", "[loop]") {
  const auto loop = std::move(Loop::make()).value();
  std::string trace;
  std::thread::id seen;
  std::thread poster([&] {
    for (char letter = 'a'; letter <= 'e'; ++letter)
      loop->post([&, letter] { trace += letter; });
    loop->post([&] { seen = std::this_thread::get_id(); });
    loop->stop();
  });
  loop->run();
  poster.join();
  CHECK(trace == "abcde");
  CHECK(seen == std::this_thread::get_id());
}

TEST_CASE("a stop before run() lets run() return after the posts made so far", "[loop]") {
  const auto loop = std::move(Loop::make()).value();
  bool ran = false;
  loop->post([&] { ran = true; });
  loop->stop();
  loop->run();
  CHECK(ran);
}

TEST_CASE("timers run by their due time, and a cancelled one does not", "[loop]") {
  const auto loop = std::move(Loop::make()).value();
  std::string trace;
  loop->add_timer(3ms, [&] {
    trace += 'c';
    loop->stop();
  });
  const TimerId cancelled = loop->add_timer(2ms, [&] { trace += 'x'; });
  loop->add_timer(0ms, [&] {
    trace += 'a';
    loop->cancel_timer(cancelled);
  });
  loop->run();
  CHECK(trace == "ac");
}

TEST_CASE("a watch that removes itself is not called again", "[loop]") {
  const auto loop = std::move(Loop::make()).value();
  auto pipe = std::move(cfy::process::make_pipe()).value();
  REQUIRE(::write(pipe.write_end.get(), "x", 1) == 1);
  int calls = 0;
  WatchId id{};
  id = loop->watch(pipe.read_end.get(), EPOLLIN, [&](std::uint32_t) {
    ++calls;
    loop->unwatch(id);
    loop->add_timer(0ms, [&] { loop->stop(); });  // the byte is still there to be reported
  });
  loop->run();
  CHECK(calls == 1);
}

TEST_CASE("a watch removed by another callback of the same turn is not called", "[loop]") {
  const auto loop = std::move(Loop::make()).value();
  auto first = std::move(cfy::process::make_pipe()).value();
  auto second = std::move(cfy::process::make_pipe()).value();
  REQUIRE(::write(first.write_end.get(), "x", 1) == 1);
  REQUIRE(::write(second.write_end.get(), "x", 1) == 1);
  int calls = 0;
  WatchId ids[2];
  const auto once = [&](std::uint32_t) {
    ++calls;
    loop->unwatch(ids[0]);
    loop->unwatch(ids[1]);
    loop->stop();
  };
  ids[0] = loop->watch(first.read_end.get(), EPOLLIN, once);
  ids[1] = loop->watch(second.read_end.get(), EPOLLIN, once);
  loop->run();
  CHECK(calls == 1);
}

}  // namespace
