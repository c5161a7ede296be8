#include "ui/screen.hpp"

#include <array>
#include <csignal>
#include <string>
#include <thread>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <unistd.h>

#include "support/memory_stream.hpp"

using namespace cfy::ui;
using cfy::test::MemoryStream;

namespace {

std::string count_text(std::size_t count) {
  return std::to_string(count) + " left out\n";
}

/// A pipe with as little room as there can be, and a screen that writes to it.
struct PipeFixture {
  explicit PipeFixture(std::size_t max_waiting_bytes) {
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    ::fcntl(ends[1], F_SETPIPE_SZ, 4096);
    out = ::fdopen(ends[1], "w");
    screen = Screen::open(out, err.file(), {max_waiting_bytes, count_text}).value();
  }
  ~PipeFixture() {
    screen.reset();
    std::fclose(out);
    if (ends[0] >= 0) ::close(ends[0]);
  }
  void show(std::size_t bytes) {
    screen->show([bytes] { return std::string(bytes - 1, 'x') + '\n'; }, bytes);
  }
  std::string read_all() {
    std::string text(1 << 20, '\0');
    const ssize_t size = ::read(ends[0], text.data(), text.size());
    text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return text;
  }

  std::array<int, 2> ends{-1, -1};
  std::FILE* out = nullptr;
  MemoryStream err;
  std::unique_ptr<Screen> screen;
};

}  // namespace

TEST_CASE("texts come in their order, to the stream that they are for", "[ui]") {
  MemoryStream out, err;
  const auto screen = Screen::open(out.file(), err.file(), {1000, count_text}).value();
  screen->show([] { return std::string("one\n"); }, 4);
  screen->say(err.file(), "aside\n");
  screen->show([] { return std::string("two\n"); }, 4);
  const auto outcome = screen->finish(true);
  CHECK_FALSE(outcome.is_stuck);
  CHECK_FALSE(outcome.is_output_lost);
  CHECK(out.text() == "one\ntwo\n");
  CHECK(err.text() == "aside\n");
}

TEST_CASE("who shows never waits for who reads, and what was left out is told", "[ui]") {
  PipeFixture f(50'000);
  for (int i = 0; i < 1000; ++i)
    f.show(1000);  // nobody reads; were one of these to wait, the test would hang
  const auto outcome = f.screen->finish(false);
  CHECK_FALSE(outcome.is_stuck);
  const std::string told = f.err.text();
  CHECK(told.ends_with(" left out\n"));
  // The pipe took some, the queue held some, the rest came when that was full.
  const int left_out = std::stoi(told);
  CHECK(left_out > 900);
  CHECK(left_out < 1000);
}

TEST_CASE("what is needed is said although the output is stuck", "[ui]") {
  PipeFixture f(1'000'000);
  for (int i = 0; i < 100; ++i)
    f.show(1000);
  f.screen->say(f.err.file(), "the end\n");
  f.screen->finish(false);
  CHECK(f.err.text().starts_with("the end\n"));
}

TEST_CASE("a reader that goes away is no error, and stops nothing", "[ui]") {
  std::signal(SIGPIPE, SIG_IGN);
  PipeFixture f(1'000'000);
  ::close(std::exchange(f.ends[0], -1));
  for (int i = 0; i < 100; ++i)
    f.show(1000);
  const auto outcome = f.screen->finish(true);
  CHECK_FALSE(outcome.is_output_lost);
  CHECK(f.err.text().empty());
}

TEST_CASE("a slow reader gets everything when it is waited for", "[ui]") {
  PipeFixture f(1'000'000);
  for (int i = 0; i < 20; ++i)
    f.show(1000);
  std::string read;
  std::thread reader([&] {
    while (read.size() < 20'000)
      read += f.read_all();
  });
  f.screen->finish(true);
  reader.join();
  CHECK(read.size() == 20'000);
  CHECK(f.err.text().empty());
}

TEST_CASE("a full disk is told from a reader that had enough", "[ui]") {
  MemoryStream err;
  std::FILE* full = std::fopen("/dev/full", "w");
  REQUIRE(full != nullptr);
  const auto screen = Screen::open(full, err.file(), {1000, count_text}).value();
  screen->show([] { return std::string("x"); }, 1);
  CHECK(screen->finish(true).is_output_lost);
  std::fclose(full);
}
