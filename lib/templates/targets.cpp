#include "templates/targets.hpp"

namespace cfy::templates {
namespace {

constexpr int kDeepestTarget = 20;

void assign_attribute(const Target& target, const Value& value, Scope& scope) {
  const auto space = std::dynamic_pointer_cast<Namespace>(scope.find(target.name).as_object());
  if (!space)
    throw TemplateError(
        fmt::format("attributes can be set of a namespace() only, and '{}' is none", target.name));
  space->set(target.attribute, value);
}

void assign_parts(const Target& target, const Value& value, Scope& scope) {
  const Items parts = items_of(value);
  if (parts.size() != target.parts.size())
    throw TemplateError(fmt::format("{} names for {} values", target.parts.size(), parts.size()));
  for (std::size_t i = 0; i < parts.size(); ++i)
    assign(target.parts[i], parts[i], scope);
}

Target parse_list(TokenStream& tokens, Attributes attributes, int depth);

Target parse_one(TokenStream& tokens, Attributes attributes, int depth) {
  if (depth > kDeepestTarget) throw TemplateError(tokens.line(), "the names are nested too deeply");
  if (tokens.take_sign("(")) {
    Target inner = parse_list(tokens, attributes, depth + 1);
    tokens.need_sign(")");
    return inner;
  }
  Target target{.line = tokens.line()};
  target.name = parse_variable(tokens);
  if (attributes == Attributes::allowed && tokens.take_sign("."))
    target.attribute = tokens.need_any_name("the name of an attribute");
  return target;
}

Target parse_list(TokenStream& tokens, Attributes attributes, int depth) {
  Target target{.line = tokens.line()};
  target.parts.push_back(parse_one(tokens, attributes, depth));
  if (!tokens.is_sign(",")) {
    Target only = std::move(target.parts[0]);
    return only;
  }
  while (tokens.take_sign(","))
    if (!tokens.is_sign(")") && !tokens.is_sign("=") && !tokens.is_name("in"))
      target.parts.push_back(parse_one(tokens, attributes, depth));
  return target;
}

}  // namespace

void assign(const Target& target, const Value& value, Scope& scope) {
  try {
    if (!target.parts.empty())
      assign_parts(target, value, scope);
    else if (!target.attribute.empty())
      assign_attribute(target, value, scope);
    else
      scope.set(target.name, value);
  } catch (const TemplateError& error) {
    if (error.line() != 0) throw;
    throw TemplateError(target.line, error.what());
  }
}

Target parse_target(TokenStream& tokens, Attributes attributes) {
  return parse_list(tokens, attributes, 0);
}

std::string parse_variable(TokenStream& tokens) {
  const int line = tokens.line();
  std::string name = tokens.need_any_name("the name of a variable");
  for (const char* fixed : {"ctx", "loop", "true", "false", "none", "True", "False", "None"})
    if (name == fixed) throw TemplateError(line, fmt::format("'{}' cannot be set", name));
  return name;
}

}  // namespace cfy::templates
