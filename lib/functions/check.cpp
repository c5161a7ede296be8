// Checks of functions at parse time: the form of arguments, then the names they refer to.
#include "functions/check.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "functions/arguments.hpp"
#include "functions/lookup.hpp"
#include "functions/texts.hpp"
#include "schema/types.hpp"

namespace cfy::functions {
namespace {

using MaybeFault = std::optional<Fault>;

bool has_function(const json& arguments) {
  return std::any_of(arguments.begin(), arguments.end(),
                     [](const json& item) { return is_function(item); });
}

MaybeFault check_input_name(const json& arguments, const Catalog& catalog) {
  const json& name = arguments.is_array() ? arguments[0] : arguments;
  if (is_function(name)) return {};
  const std::string text = text_of(name);
  if (name.is_string() && catalog.has_input(text)) return {};
  Fault fault{"UnknownInputError", fmt::format("get_input names the unknown input '{}'", text),
              base::did_you_mean(text, catalog.input_names())};
  fault.argument = 0;
  return fault;
}

MaybeFault unknown_node(std::string_view function, const std::string& name,
                        const Catalog& catalog) {
  Fault fault{"KeyError", fmt::format("{} names the unknown node template '{}'", function, name),
              base::did_you_mean(name, catalog.node_names())};
  fault.argument = 0;
  return fault;
}

// SELF is known in node templates only, SOURCE and TARGET in relationships only.
MaybeFault check_relative(std::string_view function, std::string_view name, const Place& place) {
  const Scope needed = name == "SELF" ? Scope::node_template : Scope::relationship;
  if (place.scope == needed) return {};
  Fault fault{"ValueError", fmt::format("{} cannot use {} in {}, only in {}", function, name,
                                        describe(place.scope), describe(needed))};
  fault.argument = 0;
  return fault;
}

MaybeFault check_property_path(const std::string& node, const json& properties,
                               const json& arguments) {
  const json* value = &properties;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (is_function(*value)) return {};  // what it gives is not known yet
    const Step step = step_into(value, arguments[i]);
    if (step == Step::found) continue;
    const std::string path = path_text(arguments, 1);
    Fault fault{"FunctionEvaluationError", {}};
    fault.argument = i;
    fault.message =
        step == Step::not_an_index
            ? fmt::format("property '{}' of node '{}': '{}' must be the index of a list", path,
                          node, text_of(arguments[i]))
            : fmt::format("get_property: node '{}' has no property '{}'", node, path);
    if (step == Step::no_key) {
      std::vector<std::string> names;
      for (auto member = value->begin(); member != value->end(); ++member)
        names.push_back(member.key());
      fault.hint = base::did_you_mean(text_of(arguments[i]), names);
    }
    return fault;
  }
  return {};
}

MaybeFault check_property(const json& arguments, const Place& place, const Catalog& catalog) {
  if (has_function(arguments)) return {};
  std::string node = text_of(arguments[0]);
  if (is_relative(node)) {
    if (auto fault = check_relative("get_property", node, place)) return fault;
    node = node == "TARGET" ? place.target : place.node;
  }
  if (!catalog.has_node(node)) return unknown_node("get_property", node, catalog);
  const json* properties = catalog.find_properties(node);
  if (properties == nullptr) return {};
  return check_property_path(node, *properties, arguments);
}

MaybeFault check_attribute_node(const FunctionForm& form, const Place& place,
                                const Catalog& catalog) {
  const json& arguments = *form.arguments;
  if (has_function(arguments)) return {};
  const std::string node = text_of(arguments[0]);
  if (is_relative(node)) return check_relative(form.name, node, place);
  if (!catalog.has_node(node)) return unknown_node(form.name, node, catalog);
  return {};
}

MaybeFault check_version(const FunctionForm& form, const Catalog& catalog) {
  const FunctionInfo* info = find_info(form.name);
  if (catalog.dsl_minor() >= info->since_minor) return {};
  return Fault{"FunctionValidationError",
               fmt::format("{} needs cloudify_dsl_1_{} or later, this is cloudify_dsl_1_{}",
                           form.name, info->since_minor, catalog.dsl_minor())};
}

MaybeFault check_merge_items(const json& arguments) {
  for (const json& item : arguments)
    if (!schema::is_map(item))
      return Fault{"FunctionValidationError",
                   fmt::format("merge needs dicts, got {}", schema::describe(item))};
  return {};
}

MaybeFault check_one(const FunctionForm& form, const Place& place, const Catalog& catalog) {
  if (auto fault = check_arguments(form)) return fault;
  if (auto fault = check_version(form, catalog)) return fault;
  if (form.name == "get_input") return check_input_name(*form.arguments, catalog);
  if (form.name == "get_property") return check_property(*form.arguments, place, catalog);
  if (form.name == "merge") return check_merge_items(*form.arguments);
  if (find_info(form.name)->refers == Refers::node)
    return check_attribute_node(form, place, catalog);
  return {};
}

struct Walk {
  const Place& place;
  const Catalog& catalog;
  schema::Problems& problems;
  schema::Path path = {};

  // A person looks for the argument that is wrong, or else for the name of the function.
  void add(const FunctionForm& form, const Fault& fault) {
    schema::Problem problem{std::nullopt, fault.type, fault.message, path, fault.hint};
    problem.focus.emplace_back(form.name);
    problem.at_key = !fault.argument;
    if (fault.argument && form.arguments->is_array())
      problem.focus.push_back(std::to_string(*fault.argument));
    problems.push_back(std::move(problem));
  }

  void visit(const json& value) {
    if (const auto form = find_function(value)) {
      if (const auto fault = check_one(*form, place, catalog)) add(*form, *fault);
    }
    if (!value.is_structured()) return;
    for (auto part = value.begin(); part != value.end(); ++part) {
      path.push_back(value.is_object() ? part.key() : std::to_string(part - value.begin()));
      visit(*part);
      path.pop_back();
    }
  }
};

}  // namespace

void check_functions(const json& value, const Place& place, const Catalog& catalog,
                     schema::Problems& problems) {
  Walk{place, catalog, problems}.visit(value);
}

void collect_requirements(const json& value, json& requirements) {
  if (const auto form = find_function(value)) {
    const json& arguments = *form->arguments;
    if (form->name == "get_secret") requirements["secrets"].push_back(arguments);
    if (form->name == "get_environment_capability")
      requirements["parent_capabilities"].push_back(
          arguments.is_array() ? arguments : json::array({arguments}));
  }
  if (!value.is_structured()) return;
  for (const json& part : value)
    collect_requirements(part, requirements);
}

}  // namespace cfy::functions
