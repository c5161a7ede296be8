// Starting and reaping: what a child gets, what it does not, and how its end is told.
#include "process/child.hpp"

#include <array>
#include <thread>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "process/process_table.hpp"
#include "support/temp_dir.hpp"

namespace {

using cfy::base::ErrorKind;
using cfy::process::ExitStatus;
using cfy::process::make_pipe;
using cfy::process::spawn;
using cfy::process::SpawnOptions;

std::string read_all(int fd) {
  std::string text;
  std::array<char, 4096> piece;
  for (;;) {
    const ssize_t got = ::read(fd, piece.data(), piece.size());
    if (got <= 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
}

// Standard output of a shell command.
std::string output_of(const std::string& script, SpawnOptions options = {}) {
  auto pipe = std::move(make_pipe()).value();
  options.argv = {"/bin/sh", "-c", script};
  options.fds.push_back({pipe.write_end.get(), 1});
  auto child = std::move(spawn(options)).value();
  pipe.write_end.reset();
  std::string text = read_all(pipe.read_end.get());
  child.wait();
  return text;
}

ExitStatus status_of(const std::string& script) {
  return std::move(spawn({.argv = {"/bin/sh", "-c", script}})).value().wait();
}

TEST_CASE("exit codes and signals are told apart", "[child]") {
  CHECK(status_of("exit 0").is_success());
  CHECK(status_of("exit 3") == ExitStatus{.by_signal = false, .value = 3});
  CHECK(status_of("kill -SEGV $$") == ExitStatus{.by_signal = true, .value = SIGSEGV});
  CHECK(to_string(status_of("exit 3")) == "exit status 3");
  CHECK(to_string(status_of("kill -SEGV $$")) == "segmentation fault (SIGSEGV)");
}

TEST_CASE("a child sees the descriptors it is given and no others", "[child]") {
  // Left open without close-on-exec on purpose, as careless code in a plugin would.
  const int low = ::open("/dev/null", O_RDONLY);
  const int high = ::fcntl(low, F_DUPFD, 40);
  auto pipe = std::move(make_pipe()).value();
  SpawnOptions options;
  options.fds.push_back({pipe.write_end.get(), 20});
  const std::string listed = output_of(
      "for n in 0 1 2 3 4 5 6 7 20 40; do [ -e /proc/$$/fd/$n ] && echo $n; done", options);
  ::close(low);
  ::close(high);
  CHECK(listed == "0\n1\n2\n20\n");
}

TEST_CASE("descriptors may swap their numbers on the way", "[child]") {
  auto first = std::move(make_pipe()).value();
  auto second = std::move(make_pipe()).value();
  SpawnOptions options;
  options.fds.push_back({first.write_end.get(), second.write_end.get()});
  options.fds.push_back({second.write_end.get(), first.write_end.get()});
  const auto say = [](int fd, const char* text) {
    return fmt::format("echo {} > /proc/self/fd/{};", text, fd);
  };
  output_of(say(second.write_end.get(), "one") + say(first.write_end.get(), "two"), options);
  first.write_end.reset();
  second.write_end.reset();
  CHECK(read_all(first.read_end.get()) == "one\n");
  CHECK(read_all(second.read_end.get()) == "two\n");
}

TEST_CASE("environment and working folder are as given", "[child]") {
  const cfy::test::TempDir folder;
  SpawnOptions options;
  options.environment = {"GREETING=hello"};
  options.working_folder = folder.path().string();
  CHECK(output_of("echo $GREETING; pwd -P", options) ==
        "hello\n" + std::filesystem::canonical(folder.path()).string() + "\n");
}

TEST_CASE("a child leads its group, and its session when wanted", "[child]") {
  const auto started = std::move(spawn({.argv = {"/bin/sh", "-c", "kill -STOP $$"}})).value();
  const auto entry = cfy::process::find_process(started.pid());
  REQUIRE(entry);
  CHECK(entry->group == started.pid());
  CHECK(entry->session == ::getsid(0));
  CHECK(entry->parent == ::getpid());
  CHECK(entry->started_ticks <= cfy::process::now_ticks());
  CHECK(started.signal_group(SIGKILL));

  auto leader =
      std::move(spawn({.argv = {"/bin/sh", "-c", "kill -STOP $$"}, .new_session = true})).value();
  CHECK(::getsid(leader.pid()) == leader.pid());
  CHECK(leader.signal_group(SIGKILL));
  leader.wait();
  CHECK_FALSE(leader.signal_group(0));
}

TEST_CASE("blocked and ignored signals of the parent do not reach the child", "[child]") {
  sigset_t term;
  ::sigemptyset(&term);
  ::sigaddset(&term, SIGTERM);
  ExitStatus status;
  std::thread blocked([&] {
    ::pthread_sigmask(SIG_BLOCK, &term, nullptr);
    status = status_of("kill -TERM $$; exit 1");
  });
  blocked.join();
  CHECK(status == ExitStatus{.by_signal = true, .value = SIGTERM});
}

TEST_CASE("what cannot be started is named", "[child]") {
  const auto program = spawn({.argv = {"/nowhere/program"}});
  REQUIRE_FALSE(program);
  CHECK(program.error().kind() == ErrorKind::not_found);
  CHECK(program.error().message() == "cannot start '/nowhere/program': no such program");

  const auto folder = spawn({.argv = {"/bin/sh"}, .working_folder = "/nowhere"});
  REQUIRE_FALSE(folder);
  CHECK(folder.error().message() == "cannot start '/bin/sh': no folder '/nowhere'");

  const auto large = spawn({.argv = {"/bin/sh", std::string(200'000, 'x')}});
  REQUIRE_FALSE(large);
  CHECK(large.error().kind() == ErrorKind::invalid);
  CHECK(large.error().message() ==
        "cannot start '/bin/sh': its arguments and environment are too large");
}

TEST_CASE("starting children from many threads leaks no pipe into another", "[child]") {
  std::vector<std::thread> threads;
  std::array<std::string, 4> outputs;
  for (std::string& output : outputs)
    threads.emplace_back([&output] {
      for (int i = 0; i < 20; ++i)
        output += output_of("echo x");  // hangs if a writer leaks
    });
  for (std::thread& thread : threads)
    thread.join();
  for (const std::string& output : outputs)
    CHECK(output.size() == 40);
}

}  // namespace
