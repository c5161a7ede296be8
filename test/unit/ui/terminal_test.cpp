#include "ui/terminal.hpp"

#include <cstdlib>

#include <catch2/catch.hpp>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "support/memory_stream.hpp"

using namespace cfy::ui;

namespace {

// A terminal of 33 columns.
struct Pty {
  Pty() {
    winsize size{};
    size.ws_col = 33;
    REQUIRE(openpty(&master, &slave, nullptr, nullptr, &size) == 0);
    file = fdopen(slave, "w");
  }
  ~Pty() {
    std::fclose(file);
    close(master);
  }
  int master = -1, slave = -1;
  std::FILE* file = nullptr;
};

// Sets an environment variable for one test.
struct Variable {
  Variable(const char* variable, const char* value) : name(variable) { setenv(name, value, 1); }
  ~Variable() { unsetenv(name); }
  const char* name;
};

}  // namespace

TEST_CASE("a pipe has neither colours nor a width", "[ui]") {
  cfy::test::MemoryStream stream;
  const Style style = detect_style(stream.file(), ColorMode::automatic);
  CHECK_FALSE(style.has_color);
  CHECK(style.width == 0);
}

TEST_CASE("colours may be forced into a pipe", "[ui]") {
  cfy::test::MemoryStream stream;
  CHECK(detect_style(stream.file(), ColorMode::always).has_color);
}

TEST_CASE("a terminal has colours and its width", "[ui]") {
  const Variable term("TERM", "xterm");
  unsetenv("COLUMNS");
  unsetenv("NO_COLOR");
  const Pty pty;
  const Style style = detect_style(pty.file, ColorMode::automatic);
  CHECK(style.has_color);
  CHECK(style.width == 33);
  CHECK_FALSE(detect_style(pty.file, ColorMode::never).has_color);
}

TEST_CASE("COLUMNS goes before the terminal's own width", "[ui]") {
  const Pty pty;
  const Variable columns("COLUMNS", "50");
  CHECK(detect_style(pty.file, ColorMode::automatic).width == 50);
  setenv("COLUMNS", "none", 1);
  CHECK(detect_style(pty.file, ColorMode::automatic).width == 33);
}

TEST_CASE("NO_COLOR and a dumb terminal mean no colours", "[ui]") {
  const Pty pty;
  {
    const Variable term("TERM", "dumb");
    CHECK_FALSE(detect_style(pty.file, ColorMode::automatic).has_color);
  }
  const Variable term("TERM", "xterm");
  const Variable no_color("NO_COLOR", "1");
  CHECK_FALSE(detect_style(pty.file, ColorMode::automatic).has_color);
  CHECK(detect_style(pty.file, ColorMode::always).has_color);
}

TEST_CASE("the words of --color are three", "[ui]") {
  CHECK(color_mode_from("auto") == ColorMode::automatic);
  CHECK(color_mode_from("always") == ColorMode::always);
  CHECK(color_mode_from("never") == ColorMode::never);
  CHECK_FALSE(color_mode_from("sometimes").has_value());
}

TEST_CASE("paint does nothing without colours", "[ui]") {
  CHECK(paint({}, Color::red, "x") == "x");
  CHECK(paint({true, 0}, Color::red, "x") == "\x1b[31mx\x1b[0m");
  CHECK(paint({true, 0}, Color::none, "x") == "x");
}
