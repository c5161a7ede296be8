// Finding a filter, those for any value, and what filters share.
#include "templates/filters.hpp"

#include <array>

#include "base/json_text.hpp"
#include "base/text.hpp"
#include "templates/characters.hpp"
#include "templates/operators.hpp"

namespace cfy::templates {
namespace {

Value filter_default(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"default_value", "boolean"});
  const bool is_missing =
      !call.value.is_defined() || (arguments.truth(1, false) && !call.value.is_true());
  if (!is_missing) return call.value;
  return arguments.has(0) ? arguments.value(0) : Value("");
}

Value filter_string(const FilterCall& call) {
  const ArgumentReader none(call.name, call.arguments, {});
  return call.value.is_text() ? call.value : Value(call.value.text());
}

// As Python's json.dumps(sort_keys=True).
void write_json(const json& value, std::string& out) {
  if (value.is_number_float()) {
    out += base::to_python_repr(value);
    return;
  }
  if (!value.is_structured()) {
    out += value.dump(-1, ' ', true, json::error_handler_t::replace);
    return;
  }
  const char* separator = "";
  out += value.is_object() ? '{' : '[';
  for (const auto& item : value.items()) {
    out += std::exchange(separator, ", ");
    if (value.is_object())
      out += json(item.key()).dump(-1, ' ', true, json::error_handler_t::replace) + ": ";
    write_json(item.value(), out);
  }
  out += value.is_object() ? '}' : ']';
}

// What HTML would take for its own is escaped.
Value filter_tojson(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"indent"});
  const json value = call.value.to_json();
  const std::int64_t indent = arguments.has_some(0) ? arguments.integer(0, 0) : -1;
  if (indent > 100) throw TemplateError("'tojson' indents by 100 at most");
  std::string text;
  if (indent < 0)
    write_json(value, text);
  else
    text = value.dump(static_cast<int>(indent), ' ', true, json::error_handler_t::replace);
  std::string safe;
  for (const char byte : text) {
    if (std::string_view("<>&'").find(byte) == std::string_view::npos)
      safe += byte;
    else
      safe += fmt::format("\\u{:04x}", static_cast<unsigned>(byte));
  }
  call.scope.check_size(safe.size());
  return Value::safe(std::move(safe));
}

constexpr std::array<NamedFilter, 4> kFilters{{{"d", filter_default},
                                               {"default", filter_default},
                                               {"string", filter_string},
                                               {"tojson", filter_tojson}}};

std::vector<NamedFilter> all_filters() {
  std::vector<NamedFilter> all(kFilters.begin(), kFilters.end());
  for (const auto& table : {number_filters(), text_filters(), layout_filters(), markup_filters(),
                            list_filters(), order_filters(), pick_filters()})
    all.insert(all.end(), table.begin(), table.end());
  return all;
}

[[noreturn]] void refuse_filter(const std::string& name,
                                const std::map<std::string_view, Filter>& known) {
  std::vector<std::string> names;
  for (const auto& [one, filter] : known)
    names.emplace_back(one);
  const std::string guess = base::did_you_mean(name, names);
  throw TemplateError(
      fmt::format("there is no filter '{}'{}{}", name, guess.empty() ? "" : "; ", guess));
}

}  // namespace

Value apply_filter(const std::string& name, const Value& value, const Arguments& arguments,
                   Scope& scope) {
  static const std::map<std::string_view, Filter> kKnown = [] {
    std::map<std::string_view, Filter> known;
    for (const NamedFilter& one : all_filters())
      known.emplace(one.name, one.filter);
    return known;
  }();
  const auto found = kKnown.find(name);
  if (found == kKnown.end()) refuse_filter(name, kKnown);
  scope.count_size(value);
  const Scope::Level level(scope, 8);  // map() in map() ...
  return found->second({name, value, arguments, scope});
}

Items counted_items(const FilterCall& call) {
  Items items = items_of(call.value);
  call.scope.count_steps(items.size());
  return items;
}

Value attribute_of(const Value& item, const Value& attribute, const Value& otherwise) {
  if (!attribute.is_defined() || attribute.is_none()) return item;
  const auto part_of = [&otherwise](const Value& value, const Value& key) {
    const Value found = find_part(value, key);
    return found.is_defined() || !otherwise.is_defined() ? found : otherwise;
  };
  if (attribute.is_integer()) return part_of(item, attribute);
  Value found = item;
  for (const std::string& name : base::split(to_text(attribute, "an attribute"), '.')) {
    const bool is_index =
        !name.empty() && name.size() < 10 && std::all_of(name.begin(), name.end(), is_digit);
    found = part_of(found, is_index ? Value(std::stoll(name)) : Value(name));
  }
  return found;
}

Value attribute_of(const Value& item, const Value& attribute) {
  return attribute_of(item, attribute, Value::undefined("default"));
}

Value folded(const Value& value, bool case_sensitive) {
  return case_sensitive || !value.is_text() ? value : Value(lower(value.str()));
}

Value text_like(const Value& like, std::string text) {
  return like.is_safe() ? Value::safe(std::move(text)) : Value(std::move(text));
}

}  // namespace cfy::templates
