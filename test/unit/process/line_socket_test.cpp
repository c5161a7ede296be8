// Lines over a socket pair, between a loop and a thread that blocks.
#include "process/line_socket.hpp"

#include <thread>

#include <sys/socket.h>
#include <unistd.h>

#include "loop_fixture.hpp"

namespace {

using cfy::process::LineChannel;
using cfy::process::LineSocket;

struct LineSocketFixture : cfy::test::LoopFixture {
  LineSocketFixture() {
    auto pair = std::move(cfy::process::make_socket_pair()).value();
    raw_other = pair.second.get();
    channel = std::make_unique<LineChannel>(std::move(pair.second));
    socket = std::make_unique<LineSocket>(*loop, std::move(pair.first),
                                          LineSocket::Callbacks{[this](std::string_view line) {
                                                                  lines.emplace_back(line);
                                                                  progress();
                                                                },
                                                                [this] {
                                                                  closed = true;
                                                                  progress();
                                                                }});
  }
  int raw_other = -1;
  std::unique_ptr<LineChannel> channel;
  std::unique_ptr<LineSocket> socket;
  std::vector<std::string> lines;
  bool closed = false;
};

TEST_CASE_METHOD(LineSocketFixture, "lines arrive whole and in order", "[line_socket]") {
  CHECK(channel->write_line("one"));
  CHECK(channel->write_line(""));
  CHECK(channel->write_line("two"));
  run_until([&] { return lines.size() == 3; });
  CHECK(lines == std::vector<std::string>{"one", "", "two"});
}

TEST_CASE_METHOD(LineSocketFixture,
                 "a line larger than the socket's buffer passes in both directions",
                 "[line_socket]") {
  const std::string large(std::size_t{5} << 20U, 'x');
  socket->send(large);
  socket->send("end");
  std::thread echo([&] {
    while (const auto line = channel->read_line()) {
      if (*line == "end") break;
      channel->write_line(*line);
    }
  });
  run_until([&] { return !lines.empty(); });
  echo.join();
  CHECK(lines == std::vector<std::string>{large});
}

TEST_CASE_METHOD(LineSocketFixture, "a close is told once, after the last line", "[line_socket]") {
  channel->write_line("last");
  channel.reset();
  run_until([&] { return closed; });
  CHECK(lines == std::vector<std::string>{"last"});
  socket->send("to nobody");  // does no harm
}

TEST_CASE_METHOD(LineSocketFixture, "a line may be cut anywhere on its way", "[line_socket]") {
  std::thread writer([&] {
    for (const char byte : std::string("ab\ncd\n"))
      ::send(raw_other, &byte, 1, 0);
  });
  run_until([&] { return lines.size() == 2; });
  writer.join();
  CHECK(lines == std::vector<std::string>{"ab", "cd"});
}

TEST_CASE_METHOD(LineSocketFixture, "the blocking side sees that the other has gone",
                 "[line_socket]") {
  socket->send("bye");
  socket.reset();
  CHECK(channel->read_line() == "bye");
  CHECK_FALSE(channel->read_line());
  CHECK_FALSE(channel->write_line("anybody?"));
  CHECK(channel->is_broken());
}

TEST_CASE_METHOD(LineSocketFixture, "a socket may be destroyed by its own callback",
                 "[line_socket]") {
  auto pair = std::move(cfy::process::make_socket_pair()).value();
  std::unique_ptr<LineSocket> doomed;
  int calls = 0;
  doomed = std::make_unique<LineSocket>(*loop, std::move(pair.first),
                                        LineSocket::Callbacks{[&](std::string_view) {
                                                                ++calls;
                                                                doomed.reset();
                                                                progress();
                                                              },
                                                              [] {}});
  LineChannel other(std::move(pair.second));
  other.write_line("one");
  other.write_line("two");
  run_until([&] { return calls > 0; });
  CHECK(calls == 1);
}

}  // namespace
