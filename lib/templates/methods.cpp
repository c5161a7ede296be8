#include "templates/methods.hpp"

#include "base/text.hpp"
#include "templates/filters.hpp"
#include "templates/operators.hpp"

namespace cfy::templates {
namespace {

constexpr std::int64_t kLongestRange = 100'000;  // Jinja2's sandbox has the same

Value make_range(const Arguments& given) {
  const ArgumentReader arguments("range", given, {"start", "stop", "step"});
  arguments.needed(0);
  const bool has_start = arguments.has(1);
  const std::int64_t start = has_start ? arguments.integer(0, 0) : 0;
  const std::int64_t stop = arguments.integer(has_start ? 1 : 0, 0);
  const std::int64_t step = arguments.integer(2, 1);
  if (step == 0) throw TemplateError("the step of range() cannot be 0");
  json list = json::array();
  for (std::int64_t at = start; step > 0 ? at < stop : at > stop;) {
    if (list.size() >= kLongestRange)
      throw TemplateError(fmt::format("range() gives {} numbers at most", kLongestRange));
    list.push_back(at);
    if (__builtin_add_overflow(at, step, &at)) break;
  }
  return list;
}

Value split_text(const std::string& text, const Arguments& given) {
  const ArgumentReader arguments("split", given, {"sep", "maxsplit"});
  json list = json::array();
  std::int64_t left = arguments.integer(1, -1);
  if (!arguments.has(0) || arguments.needed(0).is_null()) {
    constexpr std::string_view kBlanks = " \t\n\r\v\f";
    for (std::size_t at = text.find_first_not_of(kBlanks); at != std::string::npos;) {
      const std::size_t end = left-- == 0 ? std::string::npos : text.find_first_of(kBlanks, at);
      list.push_back(text.substr(at, end - at));
      at = end == std::string::npos ? end : text.find_first_not_of(kBlanks, end);
    }
    return list;
  }
  const std::string separator = arguments.text(0, "");
  if (separator.empty()) throw TemplateError("split() needs a separator that is not empty");
  std::size_t at = 0;
  for (std::size_t end = 0; end != std::string::npos; at = end + separator.size()) {
    end = left-- == 0 ? std::string::npos : text.find(separator, at);
    list.push_back(text.substr(at, end == std::string::npos ? end : end - at));
  }
  return list;
}

std::string stripped(const std::string& text, const std::string& blanks, bool left, bool right) {
  const std::size_t start = left ? text.find_first_not_of(blanks) : 0;
  if (start == std::string::npos) return "";
  const std::size_t end = right ? text.find_last_not_of(blanks) + 1 : text.size();
  return text.substr(start, end > start ? end - start : 0);
}

Value call_text_method(const std::string& name, const Value& value, const Arguments& given,
                       Scope& scope) {
  const std::string& text = value.get().get_ref<const std::string&>();
  for (const char* filter : {"upper", "lower", "title", "capitalize", "replace", "center"})
    if (name == filter) return apply_filter(name, value, given, scope);
  if (name == "split") return split_text(text, given);
  if (name == "splitlines") {
    if (text.empty()) return json::array();
    return json(base::split(text.back() == '\n' ? text.substr(0, text.size() - 1) : text, '\n'));
  }
  if (name == "strip" || name == "lstrip" || name == "rstrip") {
    const ArgumentReader arguments(name, given, {"chars"});
    return json(
        stripped(text, arguments.text(0, " \t\n\r\v\f"), name != "rstrip", name != "lstrip"));
  }
  if (name == "join") {
    Arguments between;
    between.positional = {value};
    const ArgumentReader arguments(name, given, {"iterable"});
    arguments.needed(0);
    return apply_filter("join", arguments.value(0), between, scope);
  }
  if (name == "startswith" || name == "endswith" || name == "find" || name == "count") {
    const ArgumentReader arguments(name, given, {"sub"});
    const std::string& part = to_text(arguments.needed(0), "the text looked for");
    if (name == "find") {
      const std::size_t found = text.find(part);
      return found == std::string::npos ? json(-1) : json(characters(text.substr(0, found)).size());
    }
    if (name == "count") {
      std::size_t count = 0;
      for (std::size_t at = 0; !part.empty() && (at = text.find(part, at)) != std::string::npos;
           at += part.size())
        ++count;
      return json(count);
    }
    if (part.size() > text.size()) return json(false);
    return json(
        text.compare(name == "endswith" ? text.size() - part.size() : 0, part.size(), part) == 0);
  }
  return Value::undefined(name);
}

Value call_map_method(const std::string& name, const Value& value, const Arguments& given,
                      Scope& scope) {
  if (name == "get") {
    const ArgumentReader arguments(name, given, {"key", "default"});
    const Value found = find_part(value, arguments.needed(0));
    if (found.is_defined()) return found;
    return arguments.has(1) ? arguments.value(1) : Value(json());
  }
  if (name != "items" && name != "keys" && name != "values") return Value::undefined(name);
  const ArgumentReader none(name, given, {});
  json list = json::array();
  for (const auto& [key, member] : value.get().items()) {
    scope.count_step();
    if (name == "items")
      list.push_back(json::array({key, member}));
    else
      list.push_back(name == "keys" ? json(key) : member);
  }
  return list;
}

}  // namespace

Value call_function(const std::string& name, const Arguments& arguments, Scope&) {
  if (name == "range") return make_range(arguments);
  if (name == "dict") {
    if (!arguments.positional.empty()) throw TemplateError("dict() takes named arguments only");
    json map = json::object();
    for (const auto& [key, value] : arguments.named)
      map[key] = value.get();
    return checked_depth(std::move(map));
  }
  throw TemplateError(
      fmt::format("there is no function '{}': templates may call range() and dict()", name));
}

Value call_method(const std::string& name, const Value& value, const Arguments& arguments,
                  Scope& scope) {
  const json& data = value.get();
  Value result = Value::undefined(name);
  if (data.is_string())
    result = call_text_method(name, value, arguments, scope);
  else if (data.is_object())
    result = call_map_method(name, value, arguments, scope);
  if (!result.is_defined())
    throw TemplateError(
        fmt::format("{} has no method '{}' that templates may call", type_name(data), name));
  return result;
}

}  // namespace cfy::templates
