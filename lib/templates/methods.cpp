// Finding a method, and those of lists and dicts.
#include "templates/methods.hpp"

#include <array>

#include "templates/comparison.hpp"
#include "templates/operators.hpp"

namespace cfy::templates {
namespace {

// What Python has; those that change a value, or give bytes, are not called here.
constexpr std::array<std::string_view, 47> kTextMethods{
    "capitalize",   "casefold",    "center",    "count",      "encode",       "endswith",
    "expandtabs",   "find",        "format",    "format_map", "index",        "isalnum",
    "isalpha",      "isascii",     "isdecimal", "isdigit",    "isidentifier", "islower",
    "isnumeric",    "isprintable", "isspace",   "istitle",    "isupper",      "join",
    "ljust",        "lower",       "lstrip",    "maketrans",  "partition",    "removeprefix",
    "removesuffix", "replace",     "rfind",     "rindex",     "rjust",        "rpartition",
    "rsplit",       "rstrip",      "split",     "splitlines", "startswith",   "strip",
    "swapcase",     "title",       "translate", "upper",      "zfill"};
constexpr std::array<std::string_view, 11> kListMethods{"append", "clear",   "copy",   "count",
                                                        "extend", "index",   "insert", "pop",
                                                        "remove", "reverse", "sort"};
constexpr std::array<std::string_view, 11> kDictMethods{
    "clear", "copy",    "fromkeys",   "get",    "items", "keys",
    "pop",   "popitem", "setdefault", "update", "values"};

template <typename Names>
bool is_among(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Value list_method(const MethodUse& use) {
  const Items& items = use.value.as_list()->items;
  if (use.name == "copy") {
    const ArgumentReader none(use.name, use.arguments, {});
    return use.value;
  }
  const ArgumentReader arguments(use.name, use.arguments, {"value"});
  const Value& wanted = arguments.needed(0);
  use.scope.count_steps(items.size());
  const auto is_wanted = [&wanted](const Value& one) { return equals(one, wanted); };
  if (use.name == "count") return std::count_if(items.begin(), items.end(), is_wanted);
  const auto found = std::find_if(items.begin(), items.end(), is_wanted);
  if (found == items.end())
    throw TemplateError(fmt::format("index() does not find {}", wanted.shown()));
  return found - items.begin();
}

Value dict_get(const MethodUse& use) {
  const ArgumentReader arguments(use.name, use.arguments, {"key", "default"});
  const Value* found = use.value.as_dict()->find(arguments.needed(0));
  if (found != nullptr) return *found;
  return arguments.has(1) ? arguments.value(1) : Value(nullptr);
}

Value dict_view(const MethodUse& use) {
  const ArgumentReader none(use.name, use.arguments, {});
  const Members& members = use.value.as_dict()->members;
  use.scope.count_steps(members.size());
  List list{.kind = use.name == "items"  ? List::Kind::items
                    : use.name == "keys" ? List::Kind::keys
                                         : List::Kind::values};
  for (const auto& [key, member] : members)
    list.items.push_back(use.name == "items"  ? Value::tuple({key, member})
                         : use.name == "keys" ? key
                                              : member);
  return Value::of(std::move(list));
}

Value dict_copy(const MethodUse& use) {
  const ArgumentReader none(use.name, use.arguments, {});
  return use.value;
}

Method find_method(const Value& value, const std::string& name) {
  if (value.is_text()) return find_text_method(name);
  if (const List* list = value.as_list()) {
    const bool is_known = name == "count" || name == "index";
    const bool is_copy = name == "copy" && list->kind == List::Kind::list;
    return !list->is_view() && (is_known || is_copy) ? list_method : nullptr;
  }
  if (value.as_dict() == nullptr) return nullptr;
  if (name == "get") return dict_get;
  if (name == "copy") return dict_copy;
  return name == "items" || name == "keys" || name == "values" ? dict_view : nullptr;
}

// A member of a dict that a macro, for example, was put into.
bool is_callable_member(const Value& value, const std::string& name) {
  const Value* found = value.as_dict() != nullptr ? value.as_dict()->find(name) : nullptr;
  return found != nullptr && found->is_object();
}

}  // namespace

bool has_method(const Value& value, const std::string& name) {
  if (value.is_text()) return is_among(kTextMethods, name);
  if (value.as_list() != nullptr) return is_among(kListMethods, name);
  return value.as_dict() != nullptr && is_among(kDictMethods, name);
}

Value call_method(const std::string& name, const Value& value, const Arguments& arguments,
                  Scope& scope) {
  if (const auto object = value.defined().as_object())
    return object->call_method(name, arguments, scope);
  if (value.as_dict() == nullptr) scope.count_size(value);
  if (const Method method = find_method(value, name))
    return method({name, value, arguments, scope});
  if (is_callable_member(value, name))
    return call_value(name, *value.as_dict()->find(name), arguments, scope);
  constexpr std::array<std::string_view, 12> kChanging{
      "append", "clear",   "extend",     "insert", "pop",    "popitem",
      "remove", "reverse", "setdefault", "sort",   "update", "fromkeys"};
  const bool would_change = !value.is_text() && is_among(kChanging, name);
  throw TemplateError(
      fmt::format("{} has no method '{}' that templates may call{}", value.type(), name,
                  would_change ? ": nothing changes a value; {% set %} makes new ones, "
                                 "namespace() keeps them across loops"
                               : ""));
}

}  // namespace cfy::templates
