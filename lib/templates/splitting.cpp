// split() and rsplit() of texts.
#include "templates/characters.hpp"
#include "templates/methods.hpp"

namespace cfy::templates {
namespace {

// @param left  how many times it may still be split; negative: without end
void split_at_blanks(const std::string& text, std::int64_t left, Items& parts) {
  for (std::size_t at = text.find_first_not_of(kBlanks); at != std::string::npos;) {
    if (left-- == 0) {
      parts.emplace_back(text.substr(at));
      return;
    }
    const std::size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
    parts.emplace_back(text.substr(at, end - at));
    at = text.find_first_not_of(kBlanks, end);
  }
}

void split_at(const std::string& text, const std::string& separator, std::int64_t left,
              Items& parts) {
  std::size_t at = 0;
  for (std::size_t end = 0; end != std::string::npos; at = end + separator.size()) {
    end = left-- == 0 ? std::string::npos : text.find(separator, at);
    parts.emplace_back(text.substr(at, end == std::string::npos ? end : end - at));
  }
}

// The same from the end; the parts come in reverse.
void rsplit_at_blanks(const std::string& text, std::int64_t left, Items& parts) {
  for (std::size_t last = text.find_last_not_of(kBlanks); last != std::string::npos;) {
    if (left-- == 0) {
      parts.emplace_back(text.substr(0, last + 1));
      return;
    }
    const std::size_t blank = text.find_last_of(kBlanks, last);
    const std::size_t start = blank == std::string::npos ? 0 : blank + 1;
    parts.emplace_back(text.substr(start, last + 1 - start));
    last = start == 0 ? std::string::npos : text.find_last_not_of(kBlanks, start - 1);
  }
}

void rsplit_at(const std::string& text, const std::string& separator, std::int64_t left,
               Items& parts) {
  std::size_t end = text.size();
  while (left-- != 0 && end >= separator.size()) {
    const std::size_t found = text.rfind(separator, end - separator.size());
    if (found == std::string::npos) break;
    parts.emplace_back(text.substr(found + separator.size(), end - found - separator.size()));
    end = found;
  }
  parts.emplace_back(text.substr(0, end));
}

Value split(const MethodUse& use, bool from_right) {
  const ArgumentReader arguments(use.name, use.arguments, {"sep", "maxsplit"});
  const std::string& text = use.value.str();
  const std::int64_t most = arguments.integer(1, -1);
  use.scope.count_steps(text.size() / 256);
  Items parts;
  if (!arguments.has_some(0)) {
    from_right ? rsplit_at_blanks(text, most, parts) : split_at_blanks(text, most, parts);
  } else {
    const std::string& separator = to_text(arguments.needed(0), "the separator");
    if (separator.empty())
      throw TemplateError(fmt::format("{}() needs a separator that is not empty", use.name));
    from_right ? rsplit_at(text, separator, most, parts) : split_at(text, separator, most, parts);
  }
  if (from_right) std::reverse(parts.begin(), parts.end());
  return Value::list(std::move(parts));
}

}  // namespace

Value split_from_left(const MethodUse& use) {
  return split(use, false);
}
Value split_from_right(const MethodUse& use) {
  return split(use, true);
}

}  // namespace cfy::templates
