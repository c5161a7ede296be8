// Filters for texts; a value that is none is turned into one first, as Jinja2 does. Upper and lower
// case are those of ASCII.
#include <array>
#include <cctype>

#include "base/text.hpp"
#include "templates/filters.hpp"

namespace cfy::templates {
namespace {

char upper(char byte) {
  return byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 'a' + 'A') : byte;
}
char lower(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

std::string mapped(std::string text, char (*change)(char)) {
  std::transform(text.begin(), text.end(), text.begin(), change);
  return text;
}

Value filter_upper(const FilterCall& call) {
  return json(mapped(call.value.text(), upper));
}
Value filter_lower(const FilterCall& call) {
  return json(mapped(call.value.text(), lower));
}
Value filter_capitalize(const FilterCall& call) {
  std::string text = mapped(call.value.text(), lower);
  if (!text.empty()) text[0] = upper(text[0]);
  return json(std::move(text));
}
Value filter_title(const FilterCall& call) {
  std::string text = mapped(call.value.text(), lower);
  bool starts_word = true;
  for (char& byte : text) {
    if (starts_word) byte = upper(byte);
    starts_word = std::string_view("-([{< \t\n").find(byte) != std::string_view::npos;
  }
  return json(std::move(text));
}

Value filter_trim(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"chars"});
  const std::string text = call.value.text(), blanks = arguments.text(0, " \t\n\r\v\f");
  const std::size_t start = text.find_first_not_of(blanks);
  if (start == std::string::npos) return json("");
  return json(text.substr(start, text.find_last_not_of(blanks) + 1 - start));
}

Value filter_replace(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"old", "new", "count"});
  const std::string text = call.value.text(), old = arguments.text(0, ""),
                    fresh = arguments.text(1, "");
  if (!arguments.has(0) || !arguments.has(1) || old.empty())
    throw TemplateError("'replace' needs the text to replace and the one to put there");
  std::int64_t left =
      arguments.has(2) && !arguments.needed(2).is_null() ? arguments.integer(2, -1) : -1;
  std::string result;
  std::size_t at = 0;
  for (; left != 0; --left) {
    const std::size_t found = text.find(old, at);
    if (found == std::string::npos) break;
    result.append(text, at, found - at).append(fresh);
    call.scope.check_size(result.size());
    at = found + old.size();
  }
  return json(result.append(text, at));
}

// The first line stays unless `first` says otherwise, and so do empty ones unless `blank` does.
Value filter_indent(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"width", "first", "blank"});
  std::string blanks;
  if (arguments.has(0) && arguments.needed(0).is_string()) {
    blanks = arguments.text(0, "");
  } else {
    const std::int64_t width = std::max<std::int64_t>(arguments.integer(0, 4), 0);
    call.scope.check_size(static_cast<std::size_t>(width));
    blanks.assign(static_cast<std::size_t>(width), ' ');
  }
  std::vector<std::string> lines = base::split(call.value.text(), '\n');
  call.scope.check_size(lines.size() * blanks.size());
  for (std::size_t i = 0; i < lines.size(); ++i)
    if ((i > 0 || arguments.truth(1, false)) && (!lines[i].empty() || arguments.truth(2, false)))
      lines[i].insert(0, blanks);
  return json(base::join(lines, "\n"));
}

Value filter_center(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"width"});
  const std::string text = call.value.text();
  const auto width = static_cast<std::size_t>(std::max<std::int64_t>(arguments.integer(0, 80), 0));
  call.scope.check_size(width);
  const std::size_t size = characters(text).size();
  if (size >= width) return json(text);
  const std::size_t left = (width - size) / 2;
  return json(std::string(left, ' ') + text + std::string(width - size - left, ' '));
}

Value filter_truncate(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments,
                                 {"length", "killwords", "end", "leeway"});
  const std::int64_t length = arguments.integer(0, 255), leeway = arguments.integer(3, 5);
  const std::string end = arguments.text(2, "...");
  const auto letters = characters(call.value.text());
  const auto end_size = static_cast<std::int64_t>(characters(end).size());
  if (length < end_size || leeway < 0) throw TemplateError("'truncate' has no room for its end");
  if (static_cast<std::int64_t>(letters.size()) <= length + leeway) return json(call.value.text());
  std::string cut;
  for (std::int64_t i = 0; i < length - end_size; ++i)
    cut += letters[static_cast<std::size_t>(i)];
  if (!arguments.truth(1, false) && cut.find(' ') != std::string::npos) cut.erase(cut.rfind(' '));
  return json(cut + end);
}

Value filter_escape(const FilterCall& call) {
  std::string safe;
  for (const char byte : call.value.text()) {
    switch (byte) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      case '"':
        safe += "&#34;";
        break;
      default:
        safe += byte;
    }
  }
  call.scope.check_size(safe.size());
  return json(std::move(safe));
}

// For a template that wants no escaping, which is what every template here gets.
Value filter_safe(const FilterCall& call) {
  return call.value;
}

Value filter_urlencode(const FilterCall& call) {
  std::string encoded;
  for (const char byte : call.value.text()) {
    const auto code = static_cast<unsigned char>(byte);
    const bool is_plain =
        std::isalnum(code) != 0 || std::string_view("_.-~/").find(byte) != std::string_view::npos;
    encoded += is_plain ? std::string(1, byte) : fmt::format("%{:02X}", code);
  }
  call.scope.check_size(encoded.size());
  return json(std::move(encoded));
}

Value filter_wordcount(const FilterCall& call) {
  std::size_t words = 0;
  bool in_word = false;
  for (const char byte : call.value.text()) {
    const bool is_letter = std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_' ||
                           static_cast<unsigned char>(byte) >= 0x80;
    if (is_letter && !in_word) ++words;
    in_word = is_letter;
  }
  return json(words);
}

struct NamedText {
  std::string_view name;
  Filter filter;
};
constexpr std::array<NamedText, 14> kTextFilters{{{"capitalize", filter_capitalize},
                                                  {"center", filter_center},
                                                  {"e", filter_escape},
                                                  {"escape", filter_escape},
                                                  {"indent", filter_indent},
                                                  {"lower", filter_lower},
                                                  {"replace", filter_replace},
                                                  {"safe", filter_safe},
                                                  {"title", filter_title},
                                                  {"trim", filter_trim},
                                                  {"truncate", filter_truncate},
                                                  {"upper", filter_upper},
                                                  {"urlencode", filter_urlencode},
                                                  {"wordcount", filter_wordcount}}};

}  // namespace

Filter find_text_filter(std::string_view name) {
  for (const NamedText& one : kTextFilters)
    if (one.name == name) return one.filter;
  return nullptr;
}

std::vector<std::string> text_filter_names() {
  std::vector<std::string> names;
  for (const NamedText& one : kTextFilters)
    names.emplace_back(one.name);
  return names;
}

}  // namespace cfy::templates
