#include "templates/macro.hpp"

#include "templates/statement_nodes.hpp"

namespace cfy::templates {

Value Macro::attribute(const std::string& name) {
  return name == "name" ? Value(body_.name) : Object::attribute(name);
}

Value Macro::call(const Arguments& arguments, Scope& scope) {
  return call_with(Value::undefined("caller"), arguments, scope);
}

Value Macro::call_with(const Value& caller, const Arguments& arguments, Scope& scope) {
  if (caller.is_defined() && !body_.takes_caller)
    throw TemplateError(fmt::format("the macro '{}' does not use caller()", body_.name));
  const Scope::Level level(scope, 10);
  const Scope::Inner inner(scope, frame_);
  if (body_.takes_caller) scope.set("caller", caller);
  bind(arguments, scope);
  std::string out;
  run(body_.block, scope, out);
  return out;
}

// Defaults are evaluated last and in their order, so that they may use what stands before them.
void Macro::bind(const Arguments& arguments, Scope& scope) const {
  const auto& parameters = body_.parameters;
  const Items& given = arguments.positional;
  if (given.size() > parameters.size() && !body_.takes_varargs)
    throw TemplateError(
        fmt::format("the macro '{}' takes {}", body_.name, at_most(parameters.size())));
  std::map<std::string, Value> named;
  for (const auto& [name, value] : arguments.named)
    named.insert_or_assign(name, value);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto& [name, otherwise] = parameters[i];
    const auto found = named.find(name);
    if (i < given.size())
      scope.set(name, given[i]);
    else if (found != named.end())
      scope.set(name, named.extract(found).mapped());
    else
      scope.set(name, otherwise ? otherwise->evaluate(scope) : Value::undefined(name));
  }
  if (!named.empty() && !body_.takes_kwargs)
    throw TemplateError(
        fmt::format("the macro '{}' has no argument '{}'", body_.name, named.begin()->first));
  const auto first = static_cast<std::ptrdiff_t>(std::min(given.size(), parameters.size()));
  if (body_.takes_varargs) scope.set("varargs", Value::tuple({given.begin() + first, given.end()}));
  if (body_.takes_kwargs) scope.set("kwargs", Value::dict({named.begin(), named.end()}));
}

void MacroDefinition::run(Scope& scope, std::string&) const {
  scope.set(body_.name, scope.keep(std::make_shared<Macro>(body_, scope.frame())));
}

void CallBlock::run(Scope& scope, std::string& out) const {
  try {
    append(call(scope).text(), scope, out);
  } catch (const TemplateError& error) {
    throw TemplateError(error.line() != 0 ? error.line() : body_.line, error.what());
  }
}

Value CallBlock::call(Scope& scope) const {
  const auto macro = std::dynamic_pointer_cast<Macro>(scope.find(name_).as_object());
  if (!macro)
    throw TemplateError(fmt::format("{{% call %}} needs a macro, and '{}' is none", name_));
  const Arguments arguments = arguments_.evaluate(scope);
  const Value caller = scope.keep(std::make_shared<Macro>(body_, scope.frame()));
  return macro->call_with(caller, arguments, scope);
}

}  // namespace cfy::templates
