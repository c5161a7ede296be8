#include "templates/value_tests.hpp"

#include <array>

#include "base/text.hpp"
#include "templates/operators.hpp"

namespace cfy::templates {
namespace {

bool is_case(const Value& value, char first, char last) {
  bool has_letter = false;
  for (const char byte : value.text()) {
    const bool is_upper = byte >= 'A' && byte <= 'Z', is_lower = byte >= 'a' && byte <= 'z';
    if (!is_upper && !is_lower) continue;
    if (byte < first || byte > last) return false;
    has_letter = true;
  }
  return has_letter;
}

bool is_divisible(const Value& value, const Value& divisor, Scope& scope) {
  if (!value.defined().is_number() || !divisor.defined().is_number())
    throw TemplateError(
        fmt::format("{} is not a number to divide by {}", value.type(), divisor.shown()));
  return !apply_operator("%", value, divisor, scope).is_true();
}

bool is_iterable(const Value& value) {
  return !value.is_defined() || value.is_text() || value.as_list() != nullptr ||
         value.as_dict() != nullptr;
}

using Test = bool (*)(const Value& value);
struct NamedTest {
  std::string_view name;
  Test test;
};
constexpr std::array<NamedTest, 16> kTests{{
    {"boolean", [](const Value& value) { return value.is_boolean(); }},
    {"defined", [](const Value& value) { return value.is_defined(); }},
    {"escaped", [](const Value& value) { return value.is_safe(); }},
    {"false", [](const Value& value) { return value.is_boolean() && !value.is_true(); }},
    {"float", [](const Value& value) { return value.is_float(); }},
    {"integer", [](const Value& value) { return value.is_integer(); }},
    {"iterable", is_iterable},
    {"lower", [](const Value& value) { return is_case(value, 'a', 'z'); }},
    {"mapping", [](const Value& value) { return value.as_dict() != nullptr; }},
    {"none", [](const Value& value) { return value.is_none(); }},
    {"number", [](const Value& value) { return value.is_number(); }},
    {"sequence",
     [](const Value& value) {
       const List* list = value.as_list();
       return is_iterable(value) && (list == nullptr || !list->is_view());
     }},
    {"string", [](const Value& value) { return value.is_text(); }},
    {"true", [](const Value& value) { return value.is_boolean() && value.is_true(); }},
    {"undefined", [](const Value& value) { return !value.is_defined(); }},
    {"upper", [](const Value& value) { return is_case(value, 'A', 'Z'); }},
}};

struct NamedComparison {
  std::string_view name, sign;
};
constexpr std::array<NamedComparison, 16> kComparisons{{{"==", "=="},
                                                        {"eq", "=="},
                                                        {"equalto", "=="},
                                                        {"!=", "!="},
                                                        {"ne", "!="},
                                                        {"<", "<"},
                                                        {"lt", "<"},
                                                        {"lessthan", "<"},
                                                        {"le", "<="},
                                                        {">", ">"},
                                                        {"gt", ">"},
                                                        {"greaterthan", ">"},
                                                        {"ge", ">="},
                                                        {">=", ">="},
                                                        {"<=", "<="},
                                                        {"in", "in"}}};

}  // namespace

bool passes_test(const std::string& name, const Value& value, const Arguments& arguments,
                 Scope& scope) {
  if (value.is_text()) scope.count_size(value);
  for (const NamedTest& one : kTests)
    if (one.name == name) {
      const ArgumentReader none(name, arguments, {});
      return one.test(value);
    }
  if (name == "even" || name == "odd") {
    const ArgumentReader none(name, arguments, {});
    return is_divisible(value, 2, scope) == (name == "even");
  }
  const ArgumentReader other(name, arguments, {"other"});
  if (name == "divisibleby") return is_divisible(value, other.needed(0), scope);
  if (name == "sameas") return value.is_same(other.needed(0));
  for (const NamedComparison& one : kComparisons)
    if (one.name == name)
      return apply_operator(std::string(one.sign), value, other.needed(0), scope).is_true();
  std::vector<std::string> known{"divisibleby", "even", "odd", "sameas"};
  for (const NamedTest& one : kTests)
    known.emplace_back(one.name);
  for (const NamedComparison& one : kComparisons)
    known.emplace_back(one.name);
  const std::string guess = base::did_you_mean(name, known);
  throw TemplateError(
      fmt::format("there is no test '{}'{}{}", name, guess.empty() ? "" : "; ", guess));
}

}  // namespace cfy::templates
