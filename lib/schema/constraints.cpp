// The operators of constraints, each with the kind of argument it takes.
#include "schema/constraints.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "schema/complete.hpp"
#include "schema/function_form.hpp"
#include "schema/pattern.hpp"
#include "schema/types.hpp"

namespace cfy::schema {
namespace {

constexpr const char* kErrorMessage = "error_message";

enum class Argument { number, two_numbers, list, pattern, text, map };

struct Operator {
  std::string_view name;
  Argument argument;
  bool is_lookup = false;  ///< speaks of things that exist, not of the value itself
};

constexpr Operator kOperators[] = {
    {"equal", Argument::number},
    {"greater_than", Argument::number},
    {"greater_or_equal", Argument::number},
    {"less_than", Argument::number},
    {"less_or_equal", Argument::number},
    {"in_range", Argument::two_numbers},
    {"valid_values", Argument::list},
    {"length", Argument::number},
    {"min_length", Argument::number},
    {"max_length", Argument::number},
    {"pattern", Argument::pattern},
    {"filter_id", Argument::text, true},
    {"labels", Argument::list, true},
    {"tenants", Argument::list, true},
    {"name_pattern", Argument::map, true},
    {"deployment_id", Argument::text, true},
};

const Operator* find_operator(std::string_view name) {
  const auto* found = std::find_if(std::begin(kOperators), std::end(kOperators),
                                   [&](const Operator& one) { return one.name == name; });
  return found == std::end(kOperators) ? nullptr : found;
}

bool suits(const json& value, Argument argument) {
  switch (argument) {
    case Argument::number:
      return suits_builtin_type(value, "float");
    case Argument::two_numbers:
      return value.is_array() && value.size() == 2 && suits(value[0], Argument::number) &&
             suits(value[1], Argument::number);
    case Argument::list:
      return value.is_array();
    case Argument::pattern:
      return suits_builtin_type(value, "regex");
    case Argument::text:
      return value.is_string();
    case Argument::map:
      return is_map(value);
  }
  return false;
}

std::string_view describe(Argument argument) {
  switch (argument) {
    case Argument::number:
      return "a number";
    case Argument::two_numbers:
      return "a list of two numbers";
    case Argument::list:
      return "a list";
    case Argument::pattern:
      return "a valid regular expression";
    case Argument::text:
      return "a string";
    case Argument::map:
      return "a dict";
  }
  return "";
}

// The operator's entry of a definition that was found to be well formed.
json::const_iterator operator_entry(const json& definition) {
  auto entry = definition.begin();
  if (entry != definition.end() && entry.key() == kErrorMessage) ++entry;
  return entry;
}

std::optional<std::size_t> length_of(const json& value) {
  if (value.is_array() || is_map(value)) return value.size();
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

enum class Verdict { obeyed, broken, not_comparable };

Verdict verdict(bool is_obeyed) {
  return is_obeyed ? Verdict::obeyed : Verdict::broken;
}

// Numbers compare as in Python: booleans are 0 and 1 there.
std::optional<double> number_of(const json& value) {
  if (value.is_boolean()) return value.get<bool>() ? 1.0 : 0.0;
  if (value.is_number()) return value.get<double>();
  return std::nullopt;
}

Verdict compare(std::string_view name, const json& value, const json& argument) {
  const auto number = number_of(value);
  if (name == "equal") return verdict(number ? *number == number_of(argument) : value == argument);
  if (!number) return Verdict::not_comparable;
  if (name == "in_range")
    return verdict(*number_of(argument[0]) <= *number && *number <= *number_of(argument[1]));
  const double limit = *number_of(argument);
  if (name == "greater_than") return verdict(*number > limit);
  if (name == "greater_or_equal") return verdict(*number >= limit);
  if (name == "less_than") return verdict(*number < limit);
  return verdict(*number <= limit);
}

Verdict compare_length(std::string_view name, const json& value, const json& argument) {
  const auto length = length_of(value);
  if (!length) return Verdict::not_comparable;
  const double size = static_cast<double>(*length);
  const double limit = argument.get<double>();
  if (name == "length") return verdict(size == limit);
  return verdict(name == "min_length" ? size >= limit : size <= limit);
}

Verdict match(const json& value, const json& argument) {
  if (!value.is_string()) return Verdict::not_comparable;
  const auto pattern = Pattern::parse(argument.get_ref<const std::string&>());
  return verdict(pattern &&
                 pattern->match_start(value.get_ref<const std::string&>()) == Match::yes);
}

bool is_one_of(const json& value, const json& list) {
  return std::any_of(list.begin(), list.end(), [&](const json& item) {
    const auto number = number_of(value);
    return number ? number == number_of(item) : value == item;
  });
}

Verdict judge(const Operator& constraint, const json& value, const json& argument) {
  if (constraint.name == "valid_values") return verdict(is_one_of(value, argument));
  if (constraint.name == "pattern") return match(value, argument);
  if (constraint.name == "length" || constraint.name == "min_length" ||
      constraint.name == "max_length")
    return compare_length(constraint.name, value, argument);
  return compare(constraint.name, value, argument);
}

Problem violation(std::string message) {
  return Problem{std::nullopt, "ConstraintException", std::move(message), {}, ""};
}

std::string violation_text(const json& definition, const json& value, Verdict found) {
  const auto entry = operator_entry(definition);
  if (found == Verdict::not_comparable)
    return fmt::format("is {}, to which the constraint {} cannot be applied",
                       schema::describe(value), entry.key());
  const auto message = definition.find(kErrorMessage);
  if (message != definition.end() && message->is_string())
    return fmt::format("is {}, which is invalid: {}", schema::describe(value),
                       message->get<std::string>());
  return fmt::format("is {}, which violates the constraint {}: {}", schema::describe(value),
                     entry.key(), entry->dump(-1, ' ', false, json::error_handler_t::replace));
}

void check_one_value(const json& value, std::string_view type, const json& constraints,
                     const ValueLookup& lookup, const Path& path, Problems& problems) {
  const auto report = [&](Problem problem) {
    problem.path = path;
    problems.push_back(std::move(problem));
  };
  if (!constraints.empty() && is_function(value)) {
    report({213,
            "DSLParsingException",
            "has constraints, so its value cannot be an intrinsic function",
            {},
            ""});
    return;
  }
  for (const json& definition : constraints) {
    if (check_constraint(definition).has_value()) continue;  // reported where it is declared
    const auto entry = operator_entry(definition);
    const Operator& constraint = *find_operator(entry.key());
    if (constraint.is_lookup && !is_id_type(type))
      report(violation(
          fmt::format("cannot obey the constraint {}, which is for ids only", constraint.name)));
    if (constraint.is_lookup || is_function(*entry)) continue;
    const Verdict found = judge(constraint, value, *entry);
    if (found != Verdict::obeyed) report(violation(violation_text(definition, value, found)));
  }
  if (is_id_type(type) && lookup && !is_function(value) && !lookup(type, value, constraints))
    report(violation(fmt::format("is {}, which is no {} that exists and fits the constraints",
                                 schema::describe(value), type)));
}

}  // namespace

std::optional<Problem> check_constraint(const json& definition) {
  const auto format_problem = [](std::string message) {
    return Problem{1, "DSLParsingFormatException", std::move(message), {}, ""};
  };
  if (!is_map(definition))
    return format_problem(fmt::format("must be a dict of one constraint and its argument, got {}",
                                      schema::describe(definition)));
  const std::size_t expected = definition.contains(kErrorMessage) ? 2 : 1;
  if (definition.size() != expected)
    return Problem{
        103, "DSLParsingLogicException", "must name one constraint and its argument", {}, ""};
  const auto entry = operator_entry(definition);
  const Operator* constraint = find_operator(entry.key());
  if (constraint == nullptr) {
    std::vector<std::string> names;
    for (const Operator& one : kOperators)
      names.emplace_back(one.name);
    return Problem{103,
                   "DSLParsingLogicException",
                   fmt::format("names the unknown constraint '{}'", entry.key()),
                   {},
                   base::did_you_mean(entry.key(), names)};
  }
  if (is_function(*entry) || suits(*entry, constraint->argument)) return std::nullopt;
  std::string why;
  if (constraint->argument == Argument::pattern && entry->is_string())
    Pattern::parse(entry->get_ref<const std::string&>(), &why);
  return Problem{
      212,
      "DSLParsingLogicException",
      fmt::format("'{}' needs {}, got {}{}{}", constraint->name, describe(constraint->argument),
                  schema::describe(*entry), why.empty() ? "" : ": ", why),
      {},
      ""};
}

void check_constraints(const json& value, const json& schema, const ValueLookup& lookup,
                       Problems& problems) {
  static const json kNone = json::array();
  const auto found = schema.find("constraints");
  const json& constraints = found == schema.end() || !found->is_array() ? kNone : *found;
  const std::string_view type = type_of(schema);
  const auto item_type = schema.find("item_type");
  if (type != "list" || item_type == schema.end() || !item_type->is_string() || !value.is_array()) {
    check_one_value(value, type, constraints, lookup, {}, problems);
    return;
  }
  const auto& item_name = item_type->get_ref<const std::string&>();
  for (std::size_t index = 0; index < value.size(); ++index) {
    const json& item = value[index];
    const Path path = {std::to_string(index)};
    if (!suits_builtin_type(item, item_name)) {
      problems.push_back({105, "DSLParsingLogicException",
                          fmt::format("must be {}, got {}", item_name, schema::describe(item)),
                          path, ""});
      continue;
    }
    check_one_value(item, item_name, constraints, lookup, path, problems);
  }
}

}  // namespace cfy::schema
