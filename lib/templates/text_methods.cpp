// Methods of texts. Letters are those of ASCII.
#include <array>

#include "templates/characters.hpp"
#include "templates/filters.hpp"
#include "templates/formatting.hpp"
#include "templates/methods.hpp"

namespace cfy::templates {
namespace {

Value use_filter(const MethodUse& use) {
  return apply_filter(use.name, use.value, use.arguments, use.scope);
}

// Unlike the filter: a word starts behind everything that is no letter.
Value method_title(const MethodUse& use) {
  const ArgumentReader none(use.name, use.arguments, {});
  std::string text = lower(use.value.str());
  bool starts_word = true;
  for (char& byte : text) {
    if (starts_word) byte = upper(byte);
    starts_word = !is_letter(byte) && static_cast<unsigned char>(byte) < 0x80;
  }
  return text;
}

Value method_swapcase(const MethodUse& use) {
  const ArgumentReader none(use.name, use.arguments, {});
  std::string text = use.value.str();
  for (char& byte : text)
    byte = upper(byte) == byte ? lower(byte) : upper(byte);
  return text;
}

Value method_format(const MethodUse& use) {
  return format_braces(use.value.str(), use.arguments, use.scope);
}

Value method_join(const MethodUse& use) {
  const ArgumentReader arguments(use.name, use.arguments, {"iterable"});
  std::string text;
  bool is_first = true;
  for (const Value& item : items_of(arguments.needed(0))) {
    use.scope.count_step();
    if (!std::exchange(is_first, false)) text += use.value.str();
    text += to_text(item, "each item that join() takes");
    use.scope.check_size(text.size());
  }
  return text;
}

Value method_strip(const MethodUse& use) {
  const ArgumentReader arguments(use.name, use.arguments, {"chars"});
  const std::string& text = use.value.str();
  const std::string blanks = arguments.has_some(0) ? arguments.text(0, "") : std::string(kBlanks);
  const std::size_t start = use.name == "rstrip" ? 0 : text.find_first_not_of(blanks);
  if (start == std::string::npos) return "";
  const std::size_t end = use.name == "lstrip" ? text.size() : text.find_last_not_of(blanks) + 1;
  return text.substr(start, end > start ? end - start : 0);
}

Value method_lines(const MethodUse& use) {
  const ArgumentReader arguments(use.name, use.arguments, {"keepends"});
  Items lines;
  for (std::string& line : lines_of(use.value.str(), arguments.truth(0, false)))
    lines.emplace_back(std::move(line));
  return Value::list(std::move(lines));
}

// Whether it starts, or ends, with a text or one of a tuple of texts.
Value method_has_end(const MethodUse& use) {
  const ArgumentReader arguments(use.name, use.arguments, {"affix"});
  const List* list = arguments.needed(0).as_list();
  const Items wanted =
      list != nullptr && list->is_tuple() ? list->items : Items{arguments.needed(0)};
  return std::any_of(wanted.begin(), wanted.end(), [&use](const Value& one) {
    const std::string& affix = to_text(one, "the text looked for");
    return use.name == "startswith" ? use.value.str().starts_with(affix)
                                    : use.value.str().ends_with(affix);
  });
}

Value method_remove(const MethodUse& use) {
  const ArgumentReader arguments(use.name, use.arguments, {"affix"});
  const std::string& affix = to_text(arguments.needed(0), "the text to remove");
  const std::string& text = use.value.str();
  if (use.name == "removeprefix") return text.starts_with(affix) ? text.substr(affix.size()) : text;
  return text.ends_with(affix) ? text.substr(0, text.size() - affix.size()) : text;
}

// find, rfind: -1 for what is not there; index, rindex: an error.
Value method_find(const MethodUse& use) {
  const ArgumentReader arguments(use.name, use.arguments, {"sub"});
  const std::string& part = to_text(arguments.needed(0), "the text looked for");
  const std::string& text = use.value.str();
  const std::size_t found = use.name[0] == 'r' ? text.rfind(part) : text.find(part);
  if (found != std::string::npos) return count_characters(text.substr(0, found));
  if (use.name.ends_with("find")) return -1;
  throw TemplateError(fmt::format("{}() does not find '{}'", use.name, part));
}

Value method_count(const MethodUse& use) {
  const ArgumentReader arguments(use.name, use.arguments, {"sub"});
  const std::string& part = to_text(arguments.needed(0), "the text looked for");
  const std::string& text = use.value.str();
  if (part.empty()) return count_characters(text) + 1;
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size())
    ++count;
  return count;
}

Value method_partition(const MethodUse& use) {
  const ArgumentReader arguments(use.name, use.arguments, {"sep"});
  const std::string& separator = to_text(arguments.needed(0), "the separator");
  const std::string& text = use.value.str();
  if (separator.empty()) throw TemplateError("partition() needs a separator that is not empty");
  const bool from_right = use.name == "rpartition";
  const std::size_t found = from_right ? text.rfind(separator) : text.find(separator);
  if (found == std::string::npos)
    return from_right ? Value::tuple({"", "", text}) : Value::tuple({text, "", ""});
  return Value::tuple({text.substr(0, found), separator, text.substr(found + separator.size())});
}

Value method_justify(const MethodUse& use) {
  const ArgumentReader arguments(use.name, use.arguments, {"width", "fillchar"});
  const auto width = static_cast<std::size_t>(
      std::max<std::int64_t>(to_integer(arguments.needed(0), "the width"), 0));
  const std::string fill = arguments.text(1, " ");
  if (count_characters(fill) != 1) throw TemplateError("what fills a text is one character");
  use.scope.check_size(width);
  use.scope.check_size(width * fill.size());
  const std::string& text = use.value.str();
  const std::size_t size = count_characters(text), missing = width > size ? width - size : 0;
  const std::size_t odd = missing & width & 1U;
  const std::size_t left = use.name == "ljust"   ? 0
                           : use.name == "rjust" ? missing
                                                 : missing / 2 + odd;
  std::string justified;
  for (std::size_t i = 0; i < left; ++i)
    justified += fill;
  justified += text;
  for (std::size_t i = left; i < missing; ++i)
    justified += fill;
  return justified;
}

Value method_zfill(const MethodUse& use) {
  const ArgumentReader arguments(use.name, use.arguments, {"width"});
  const std::int64_t width = to_integer(arguments.needed(0), "the width");
  std::string text = use.value.str();
  const auto size = static_cast<std::int64_t>(count_characters(text));
  if (width <= size) return text;
  use.scope.check_size(static_cast<std::size_t>(width));
  const bool has_sign = text.starts_with('-') || text.starts_with('+');
  return text.insert(has_sign ? 1 : 0, static_cast<std::size_t>(width - size), '0');
}

bool is_upper_letter(char byte) {
  return byte >= 'A' && byte <= 'Z';
}
bool is_lower_letter(char byte) {
  return byte >= 'a' && byte <= 'z';
}

// "isdigit" and the like: whether all characters are of a kind; of "isupper", all letters.
Value method_is(const MethodUse& use) {
  const ArgumentReader none(use.name, use.arguments, {});
  const std::string& text = use.value.str();
  const auto all = [&text](auto is_one) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_one);
  };
  const auto has = [&text](auto is_one) { return std::any_of(text.begin(), text.end(), is_one); };
  if (use.name == "isupper") return has(is_upper_letter) && !has(is_lower_letter);
  if (use.name == "islower") return has(is_lower_letter) && !has(is_upper_letter);
  if (use.name == "isalpha")
    return all([](char byte) { return is_word(byte) && !is_digit(byte) && byte != '_'; });
  if (use.name == "isalnum") return all([](char byte) { return is_word(byte) && byte != '_'; });
  if (use.name == "isspace")
    return all([](char byte) { return kBlanks.find(byte) != std::string_view::npos; });
  return all(is_digit);
}

struct NamedMethod {
  std::string_view name;
  Method method;
};
constexpr std::array<NamedMethod, 37> kMethods{{{"capitalize", use_filter},
                                                {"center", method_justify},
                                                {"count", method_count},
                                                {"endswith", method_has_end},
                                                {"find", method_find},
                                                {"format", method_format},
                                                {"index", method_find},
                                                {"isalnum", method_is},
                                                {"isalpha", method_is},
                                                {"isdecimal", method_is},
                                                {"isdigit", method_is},
                                                {"islower", method_is},
                                                {"isnumeric", method_is},
                                                {"isspace", method_is},
                                                {"isupper", method_is},
                                                {"join", method_join},
                                                {"ljust", method_justify},
                                                {"lower", use_filter},
                                                {"lstrip", method_strip},
                                                {"partition", method_partition},
                                                {"removeprefix", method_remove},
                                                {"removesuffix", method_remove},
                                                {"replace", use_filter},
                                                {"rfind", method_find},
                                                {"rindex", method_find},
                                                {"rjust", method_justify},
                                                {"rpartition", method_partition},
                                                {"rsplit", split_from_right},
                                                {"rstrip", method_strip},
                                                {"split", split_from_left},
                                                {"splitlines", method_lines},
                                                {"startswith", method_has_end},
                                                {"strip", method_strip},
                                                {"swapcase", method_swapcase},
                                                {"title", method_title},
                                                {"upper", use_filter},
                                                {"zfill", method_zfill}}};

}  // namespace

Method find_text_method(const std::string& name) {
  for (const NamedMethod& one : kMethods)
    if (one.name == name) return one.method;
  return nullptr;
}

}  // namespace cfy::templates
