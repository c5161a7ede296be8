// Finding a filter, and those for any value.
#include "templates/filters.hpp"

#include <array>
#include <cmath>

#include "base/json_text.hpp"
#include "base/text.hpp"
#include "templates/operators.hpp"

namespace cfy::templates {
namespace {

Value filter_default(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"default_value", "boolean"});
  const bool is_missing =
      !call.value.is_defined() || (arguments.truth(1, false) && !call.value.is_true());
  if (!is_missing) return call.value;
  return arguments.has(0) ? arguments.value(0) : Value(json(""));
}

Value filter_string(const FilterCall& call) {
  return json(call.value.text());
}

std::optional<std::int64_t> parse_whole(const std::string& text, int base) {
  const std::size_t start = text.find_first_not_of(" \t\n");
  if (start == std::string::npos) return std::nullopt;
  const std::string trimmed = text.substr(start, text.find_last_not_of(" \t\n") + 1 - start);
  char* end = nullptr;
  errno = 0;
  const std::int64_t number = std::strtoll(trimmed.c_str(), &end, base);
  return *end == '\0' && errno == 0 ? std::optional(number) : std::nullopt;
}

std::optional<double> parse_number(const std::string& text) {
  const std::size_t start = text.find_first_not_of(" \t\n");
  if (start == std::string::npos) return std::nullopt;
  const std::string trimmed = text.substr(start, text.find_last_not_of(" \t\n") + 1 - start);
  char* end = nullptr;
  const double number = std::strtod(trimmed.c_str(), &end);
  return *end == '\0' && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

// What is no number is the default, as in Jinja2.
Value filter_int(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"default", "base"});
  const std::int64_t otherwise = arguments.integer(0, 0);
  const std::int64_t base = arguments.integer(1, 10);
  if (base != 0 && (base < 2 || base > 36)) throw TemplateError("'int' knows bases from 2 to 36");
  if (!call.value.is_defined()) return json(otherwise);
  const json& data = call.value.get();
  std::optional<double> number;
  if (data.is_string()) {
    if (const auto whole = parse_whole(data.get<std::string>(), static_cast<int>(base)))
      return json(*whole);
    number = parse_number(data.get<std::string>());
  } else if (is_integer(data)) {
    return call.value;
  } else {
    number = to_number(data);
  }
  constexpr double kLargest = 9.2e18;
  if (!number || std::fabs(*number) > kLargest) return json(otherwise);
  return json(static_cast<std::int64_t>(*number));
}

Value filter_float(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"default"});
  std::optional<double> number;
  if (call.value.is_defined())
    number = call.value.get().is_string() ? parse_number(call.value.get().get<std::string>())
                                          : to_number(call.value.get());
  if (number) return json(*number);
  return arguments.has(0) ? arguments.value(0) : Value(json(0.0));
}

Value filter_abs(const FilterCall& call) {
  const json& data = call.value.get();
  return to_number(data) < 0 ? negate(call.value) : call.value;
}

Value filter_round(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"precision", "method"});
  const std::string method = arguments.text(1, "common");
  const auto number = to_number(call.value.get());
  const std::int64_t precision = arguments.integer(0, 0);
  if (!number)
    throw TemplateError(fmt::format("'round' needs a number, not {}", type_name(call.value.get())));
  if (precision < -300 || precision > 300) throw TemplateError("'round' cannot be that precise");
  const double factor = std::pow(10.0, static_cast<double>(precision));
  if (method == "floor") return json(std::floor(*number * factor) / factor);
  if (method == "ceil") return json(std::ceil(*number * factor) / factor);
  if (method != "common") throw TemplateError("the method of 'round' is common, ceil or floor");
  return json(std::nearbyint(*number * factor) / factor);
}

// As Python's json.dumps(sort_keys=True), with what HTML would take for its own escaped.
void write_json(const json& value, std::string& out) {
  if (!value.is_structured()) {
    out += value.dump(-1, ' ', true, json::error_handler_t::replace);
    return;
  }
  const char* separator = "";
  out += value.is_object() ? '{' : '[';
  for (const auto& item : value.items()) {
    out += separator;
    separator = ", ";
    if (value.is_object())
      out += json(item.key()).dump(-1, ' ', true, json::error_handler_t::replace) + ": ";
    write_json(item.value(), out);
  }
  out += value.is_object() ? '}' : ']';
}

Value filter_tojson(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"indent"});
  std::string text;
  const std::int64_t indent =
      arguments.has(0) && !arguments.needed(0).is_null() ? arguments.integer(0, 0) : -1;
  if (indent > 100) throw TemplateError("'tojson' indents by 100 at most");
  if (indent < 0)
    write_json(call.value.get(), text);
  else
    text =
        call.value.get().dump(static_cast<int>(indent), ' ', true, json::error_handler_t::replace);
  std::string safe;
  for (const char byte : text) {
    if (std::string_view("<>&'").find(byte) == std::string_view::npos)
      safe += byte;
    else
      safe += fmt::format("\\u{:04x}", static_cast<unsigned>(byte));
  }
  call.scope.check_size(safe.size());
  return json(std::move(safe));
}

struct Named {
  std::string_view name;
  Filter filter;
};
constexpr std::array<Named, 8> kFilters{{{"abs", filter_abs},
                                         {"d", filter_default},
                                         {"default", filter_default},
                                         {"float", filter_float},
                                         {"int", filter_int},
                                         {"round", filter_round},
                                         {"string", filter_string},
                                         {"tojson", filter_tojson}}};

Filter find_filter(std::string_view name) {
  for (const Named& one : kFilters)
    if (one.name == name) return one.filter;
  const Filter found = find_text_filter(name);
  return found != nullptr ? found : find_list_filter(name);
}

}  // namespace

Value apply_filter(const std::string& name, const Value& value, const Arguments& arguments,
                   Scope& scope) {
  if (const Filter filter = find_filter(name)) return filter({name, value, arguments, scope});
  std::vector<std::string> known = text_filter_names();
  for (std::string& one : list_filter_names())
    known.push_back(std::move(one));
  for (const Named& one : kFilters)
    known.emplace_back(one.name);
  const std::string guess = base::did_you_mean(name, known);
  throw TemplateError(
      fmt::format("there is no filter '{}'{}{}", name, guess.empty() ? "" : "; ", guess));
}

}  // namespace cfy::templates
