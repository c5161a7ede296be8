// Functions that belong to nothing.
#include "templates/methods.hpp"

namespace cfy::templates {
namespace {

constexpr std::int64_t kLongestRange = 100'000;  // Jinja2's sandbox has the same

Value make_range(const Arguments& given, Scope& scope) {
  const ArgumentReader arguments("range", given, {"start", "stop", "step"});
  arguments.needed(0);
  const bool has_start = arguments.has(1);
  const std::int64_t start = has_start ? arguments.integer(0, 0) : 0;
  const std::int64_t stop = arguments.integer(has_start ? 1 : 0, 0);
  const std::int64_t step = arguments.integer(2, 1);
  if (step == 0) throw TemplateError("the step of range() cannot be 0");
  List list{.kind = List::Kind::range};
  list.range = step == 1 ? fmt::format("range({}, {})", start, stop)
                         : fmt::format("range({}, {}, {})", start, stop, step);
  for (std::int64_t at = start; step > 0 ? at < stop : at > stop;) {
    if (list.items.size() >= kLongestRange)
      throw TemplateError(fmt::format("range() gives {} numbers at most", kLongestRange));
    list.items.emplace_back(at);
    if (__builtin_add_overflow(at, step, &at)) break;
  }
  scope.count_steps(list.items.size() / 16);
  return Value::of(std::move(list));
}

// dict(a=1), dict(other, a=1), dict([["a", 1]]).
Members make_members(const std::string& function, const Arguments& given) {
  Members members;
  if (given.positional.size() > 1)
    throw TemplateError(fmt::format("'{}' takes one argument without a name at most", function));
  const Value first = given.positional.empty() ? Value::dict({}) : given.positional[0];
  if (const Dict* dict = first.as_dict()) {
    members = dict->members;
  } else {
    for (const Value& item : items_of(first)) {
      Items parts = items_of(item);
      if (parts.size() != 2)
        throw TemplateError(fmt::format("'{}' needs pairs of keys and values", function));
      members.emplace_back(parts[0], parts[1]);
    }
  }
  for (const auto& [name, value] : given.named)
    members.emplace_back(name, value);
  return members;
}

Value make_namespace(const Arguments& given, Scope& scope) {
  auto space = std::make_shared<Namespace>();
  for (auto& [name, value] : make_members("namespace", given))
    space->set(to_text(name, "the name of an attribute"), std::move(value));
  return scope.keep(std::move(space));
}

Value make_joiner(const Arguments& given, Scope& scope) {
  const ArgumentReader arguments("joiner", given, {"sep"});
  return scope.keep(std::make_shared<Joiner>(arguments.has(0) ? arguments.value(0) : Value(", ")));
}

Value make_cycler(const Arguments& given, Scope& scope) {
  if (given.positional.empty() || !given.named.empty())
    throw TemplateError("cycler() needs values, without names");
  return scope.keep(std::make_shared<Cycler>(given.positional));
}

}  // namespace

bool is_function(const std::string& name) {
  for (const char* known : {"range", "dict", "namespace", "joiner", "cycler", "lipsum"})
    if (name == known) return true;
  return false;
}

Value call_function(const std::string& name, const Arguments& arguments, Scope& scope) {
  if (name == "range") return make_range(arguments, scope);
  if (name == "dict") {
    Members members = make_members(name, arguments);
    scope.count_steps(members.size());
    return Value::dict(std::move(members));
  }
  if (name == "namespace") return make_namespace(arguments, scope);
  if (name == "joiner") return make_joiner(arguments, scope);
  if (name == "cycler") return make_cycler(arguments, scope);
  throw TemplateError(
      fmt::format("there is no function '{}': templates may call range(), dict(), namespace(), "
                  "joiner(), cycler() and their macros",
                  name));
}

}  // namespace cfy::templates
