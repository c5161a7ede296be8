// Style: what the stream that is written to can show: colours, and how wide its lines are.
#pragma once

#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace cfy::ui {

enum class ColorMode { automatic, always, never };

/// "auto", "always" or "never"; empty for anything else.
std::optional<ColorMode> color_mode_from(std::string_view word);

struct Style {
  bool has_color = false;
  std::size_t width = 0;  ///< columns; 0: lines may be as long as they like (a pipe, a file)
};

/// Colours when `out` is a terminal that has them and $NO_COLOR is empty, or when they are forced.
/// The width is $COLUMNS, else what the terminal says, and 0 when `out` is no terminal.
Style detect_style(std::FILE* out, ColorMode mode);

enum class Color { none, green, yellow, red, bright_green, bright_yellow, bright_red, bold };

/// `text` in a colour, when the style has colours.
std::string paint(const Style& style, Color color, std::string_view text);

}  // namespace cfy::ui
