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

std::int64_t remainder(const Value& value, std::int64_t divisor) {
  if (divisor == 0) throw TemplateError("division by zero");
  return divisor == -1 ? 0 : to_integer(value.get(), "the value") % divisor;
}

using Test = bool (*)(const Value& value);
struct NamedTest {
  std::string_view name;
  Test test;
};
constexpr std::array<NamedTest, 17> kTests{{
    {"boolean", [](const Value& value) { return value.is_defined() && value.get().is_boolean(); }},
    {"defined", [](const Value& value) { return value.is_defined(); }},
    {"even", [](const Value& value) { return remainder(value, 2) == 0; }},
    {"false", [](const Value& value) { return value.is_defined() && value.get() == json(false); }},
    {"float",
     [](const Value& value) { return value.is_defined() && value.get().is_number_float(); }},
    {"integer", [](const Value& value) { return value.is_defined() && is_integer(value.get()); }},
    {"iterable",
     [](const Value& value) {
       return !value.is_defined() || value.get().is_structured() || value.get().is_string();
     }},
    {"lower", [](const Value& value) { return is_case(value, 'a', 'z'); }},
    {"mapping", [](const Value& value) { return value.is_defined() && value.get().is_object(); }},
    {"none", [](const Value& value) { return value.is_defined() && value.get().is_null(); }},
    {"number",
     [](const Value& value) { return value.is_defined() && to_number(value.get()).has_value(); }},
    {"odd", [](const Value& value) { return remainder(value, 2) != 0; }},
    {"sequence",
     [](const Value& value) {
       return !value.is_defined() || value.get().is_structured() || value.get().is_string();
     }},
    {"string", [](const Value& value) { return value.is_defined() && value.get().is_string(); }},
    {"true", [](const Value& value) { return value.is_defined() && value.get() == json(true); }},
    {"undefined", [](const Value& value) { return !value.is_defined(); }},
    {"upper", [](const Value& value) { return is_case(value, 'A', 'Z'); }},
}};

struct NamedComparison {
  std::string_view name, sign;
};
constexpr std::array<NamedComparison, 15> kComparisons{{{"==", "=="},
                                                        {"eq", "=="},
                                                        {"equalto", "=="},
                                                        {"sameas", "=="},
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
                                                        {"in", "in"}}};

}  // namespace

bool passes_test(const std::string& name, const Value& value, const Arguments& arguments) {
  for (const NamedTest& one : kTests)
    if (one.name == name) {
      const ArgumentReader none(name, arguments, {});
      return one.test(value);
    }
  const ArgumentReader other(name, arguments, {"other"});
  if (name == "divisibleby")
    return remainder(value, to_integer(other.needed(0), "the divisor")) == 0;
  static const json kNothing = json::object();
  static const Limits kLimits;
  Scope scope(kNothing, kLimits);  // comparisons make no texts and have no parts
  for (const NamedComparison& one : kComparisons)
    if (one.name == name) {
      other.needed(0);
      return apply_operator(std::string(one.sign), value, other.value(0), scope).is_true();
    }
  std::vector<std::string> known{"divisibleby"};
  for (const NamedTest& one : kTests)
    known.emplace_back(one.name);
  for (const NamedComparison& one : kComparisons)
    known.emplace_back(one.name);
  const std::string guess = base::did_you_mean(name, known);
  throw TemplateError(
      fmt::format("there is no test '{}'{}{}", name, guess.empty() ? "" : "; ", guess));
}

}  // namespace cfy::templates
