#include "ui/terminal.hpp"

#include <charconv>
#include <cstdlib>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace cfy::ui {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

constexpr std::size_t kUsualWidth = 80;

std::size_t terminal_width(int fd) {
  const std::string_view columns = environment("COLUMNS");
  std::size_t width = 0;
  const auto read = std::from_chars(columns.data(), columns.data() + columns.size(), width);
  if (read.ec == std::errc() && width > 0) return width;
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return kUsualWidth;
}

const char* code_of(Color color) {
  switch (color) {
    case Color::none:
      return "0";
    case Color::green:
      return "32";
    case Color::yellow:
      return "33";
    case Color::red:
      return "31";
    case Color::bright_green:
      return "92";
    case Color::bright_yellow:
      return "93";
    case Color::bright_red:
      return "91";
    case Color::bold:
      return "1";
  }
  return "0";
}

}  // namespace

std::optional<ColorMode> color_mode_from(std::string_view word) {
  if (word == "auto") return ColorMode::automatic;
  if (word == "always") return ColorMode::always;
  if (word == "never") return ColorMode::never;
  return std::nullopt;
}

Style detect_style(std::FILE* out, ColorMode mode) {
  const int fd = fileno(out);  // -1 for a stream in memory
  const bool is_terminal = fd >= 0 && isatty(fd) == 1;
  Style style;
  style.width = is_terminal ? terminal_width(fd) : 0;
  style.has_color = mode == ColorMode::always ||
                    (mode == ColorMode::automatic && is_terminal &&
                     environment("NO_COLOR").empty() && environment("TERM") != "dumb");
  return style;
}

std::string paint(const Style& style, Color color, std::string_view text) {
  if (!style.has_color || color == Color::none) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code_of(color), text);
}

}  // namespace cfy::ui
