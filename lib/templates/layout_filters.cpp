// Filters for how a text lies in its lines.
#include <array>

#include "base/text.hpp"
#include "templates/characters.hpp"
#include "templates/filters.hpp"
#include "templates/word_wrap.hpp"

namespace cfy::templates {
namespace {

// The first line stays unless `first` says otherwise, and so do empty ones unless `blank` does.
Value filter_indent(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"width", "first", "blank"});
  std::string blanks;
  if (arguments.has(0) && arguments.needed(0).is_text()) {
    blanks = arguments.text(0, "");
  } else {
    const std::int64_t width = std::max<std::int64_t>(arguments.integer(0, 4), 0);
    call.scope.check_size(static_cast<std::size_t>(width));
    blanks.assign(static_cast<std::size_t>(width), ' ');
  }
  const std::string& text = to_text(call.value, "what is indented");
  std::vector<std::string> lines = lines_of(text + '\n');
  call.scope.check_size(lines.size() * (blanks.size() + 1) + text.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool is_moved =
        i == 0 ? arguments.truth(1, false) : !lines[i].empty() || arguments.truth(2, false);
    if (is_moved) lines[i].insert(0, blanks);
  }
  return text_like(call.value, base::join(lines, "\n"));
}

// Where both sides cannot be the same, Python puts the odd blank left of an even width.
Value filter_center(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"width"});
  const std::string text = call.value.text();
  const auto width = static_cast<std::size_t>(std::max<std::int64_t>(arguments.integer(0, 80), 0));
  call.scope.check_size(width);
  const std::size_t size = count_characters(text);
  if (size >= width) return text_like(call.value, text);
  const std::size_t missing = width - size, left = missing / 2 + (missing & width & 1U);
  return text_like(call.value, std::string(left, ' ') + text + std::string(missing - left, ' '));
}

Value filter_truncate(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments,
                                 {"length", "killwords", "end", "leeway"});
  const std::int64_t length = arguments.integer(0, 255);
  const std::int64_t leeway = arguments.has_some(3) ? arguments.integer(3, 5) : 5;
  const std::string end = arguments.text(2, "...");
  if (!call.value.is_defined()) return call.value;
  const std::string& text = to_text(call.value, "what is truncated");
  const auto letters = characters(text);
  const auto end_size = static_cast<std::int64_t>(count_characters(end));
  if (length < end_size || leeway < 0) throw TemplateError("'truncate' has no room for its end");
  const auto size = static_cast<std::int64_t>(letters.size());
  if (size - length <= leeway) return call.value;
  std::string cut;
  for (std::int64_t i = 0; i < length - end_size; ++i)
    cut += letters[static_cast<std::size_t>(i)];
  if (!arguments.truth(1, false) && cut.find(' ') != std::string::npos) cut.erase(cut.rfind(' '));
  return text_like(call.value, cut + end);
}

Value filter_wordwrap(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments,
                                 {"width", "break_long_words", "wrapstring", "break_on_hyphens"});
  const std::int64_t width = arguments.integer(0, 79);
  if (width <= 0) throw TemplateError("the width of 'wordwrap' must be more than 0");
  const WrapOptions options{.width = static_cast<std::size_t>(width),
                            .breaks_words = arguments.truth(1, true),
                            .breaks_at_hyphens = arguments.truth(3, true)};
  const std::string between = arguments.has_some(2) ? arguments.text(2, "") : "\n";
  std::string wrapped;
  bool is_first = true;
  for (const std::string& line : lines_of(to_text(call.value, "what is wrapped"))) {
    if (!std::exchange(is_first, false)) wrapped += between;
    wrapped += base::join(wrap_line(line, options), between);
    call.scope.check_size(wrapped.size());
  }
  return wrapped;
}

constexpr std::array<NamedFilter, 4> kLayoutFilters{{{"center", filter_center},
                                                     {"indent", filter_indent},
                                                     {"truncate", filter_truncate},
                                                     {"wordwrap", filter_wordwrap}}};

}  // namespace

std::span<const NamedFilter> layout_filters() {
  return kLayoutFilters;
}

}  // namespace cfy::templates
