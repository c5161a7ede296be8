#include "templates/statement_nodes.hpp"

namespace cfy::templates {

void run(const Block& block, Scope& scope, std::string& out) {
  const Scope::Level level(scope);
  for (const auto& statement : block)
    statement->run(scope, out);
}

std::string run_inside(const Block& block, Scope& scope) {
  const Scope::Inner inner(scope);
  std::string text;
  run(block, scope, text);
  return text;
}

void append(const std::string& text, Scope& scope, std::string& out) {
  scope.check_size(out.size() + text.size());
  out += text;
}

void Text::run(Scope& scope, std::string& out) const {
  append(text_, scope, out);
}

void Output::run(Scope& scope, std::string& out) const {
  const Value value = value_->evaluate(scope);
  try {
    append(value.text(), scope, out);
  } catch (const TemplateError& error) {
    throw TemplateError(value_->line(), error.what());
  }
}

void If::run(Scope& scope, std::string& out) const {
  for (const Branch& branch : branches_)
    if (!branch.condition || branch.condition->evaluate(scope).is_true())
      return templates::run(branch.block, scope, out);
}

void Set::run(Scope& scope, std::string&) const {
  assign(target_, value_->evaluate(scope), scope);
}

void SetBlock::run(Scope& scope, std::string&) const {
  assign(target_, filters_.apply(run_inside(block_, scope), scope), scope);
}

void With::run(Scope& scope, std::string& out) const {
  Items values;
  for (const auto& [target, value] : settings_)
    values.push_back(value->evaluate(scope));
  const Scope::Inner inner(scope);
  for (std::size_t i = 0; i < values.size(); ++i)
    assign(settings_[i].first, values[i], scope);
  templates::run(block_, scope, out);
}

void FilterBlock::run(Scope& scope, std::string& out) const {
  append(filters_.apply(run_inside(block_, scope), scope).text(), scope, out);
}

}  // namespace cfy::templates
