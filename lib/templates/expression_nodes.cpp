#include "templates/expression_nodes.hpp"

#include "templates/filters.hpp"
#include "templates/methods.hpp"
#include "templates/operators.hpp"

namespace cfy::templates {

Value Variable::compute(Scope& scope) const {
  Value value = scope.find(name_);
  if (!value.is_defined() && (is_function(name_) || name_ == "self"))
    throw TemplateError(fmt::format("'{}' is no variable", name_));
  return value;
}

Value ListLiteral::compute(Scope& scope) const {
  Items items;
  for (const ExpressionPointer& item : items_)
    items.push_back(item->evaluate(scope));
  return is_tuple_ ? Value::tuple(std::move(items)) : Value::list(std::move(items));
}

Value MapLiteral::compute(Scope& scope) const {
  Members members;
  for (const auto& [key, value] : items_) {
    Value name = key->evaluate(scope);
    members.emplace_back(std::move(name), value->evaluate(scope));
  }
  return Value::dict(std::move(members));
}

Value Part::compute(Scope& scope) const {
  const Value value = value_->evaluate(scope);
  if (value.is_text()) scope.count_size(value);
  return find_part(value, key_->evaluate(scope));
}

Value Slice::compute(Scope& scope) const {
  const auto bound = [&](std::size_t place) {
    return place < bounds_.size() && bounds_[place] ? bounds_[place]->evaluate(scope)
                                                    : Value::undefined("");
  };
  const Value value = value_->evaluate(scope);
  scope.count_size(value);
  return cut_slice(value, bound(0), bound(1), bound(2));
}

Value Binary::compute(Scope& scope) const {
  const Value left = left_->evaluate(scope);
  return apply_operator(sign_, left, right_->evaluate(scope), scope);
}

Value Comparison::compute(Scope& scope) const {
  Value left = first_->evaluate(scope);
  for (const auto& [sign, operand] : rest_) {
    Value right = operand->evaluate(scope);
    if (!apply_operator(sign, left, right, scope).is_true()) return false;
    left = std::move(right);
  }
  return true;
}

Value Logic::compute(Scope& scope) const {
  Value left = left_->evaluate(scope);
  return left.is_true() == is_and_ ? right_->evaluate(scope) : left;
}

Value Unary::compute(Scope& scope) const {
  const Value value = operand_->evaluate(scope);
  if (sign_ == "not") return !value.is_true();
  return sign_ == "-" ? negate(value) : negate(negate(value));
}

Value Conditional::compute(Scope& scope) const {
  if (condition_->evaluate(scope).is_true()) return yes_->evaluate(scope);
  return no_ ? no_->evaluate(scope) : Value::undefined("the else of an inline if");
}

Arguments ArgumentExpressions::evaluate(Scope& scope) const {
  Arguments arguments;
  for (const ExpressionPointer& one : positional)
    arguments.positional.push_back(one->evaluate(scope));
  if (more_positional)
    for (Value& one : items_of(more_positional->evaluate(scope)))
      arguments.positional.push_back(std::move(one));
  for (const auto& [name, one] : named)
    arguments.named.emplace_back(name, one->evaluate(scope));
  if (!more_named) return arguments;
  const Value more = more_named->evaluate(scope);
  if (more.as_dict() == nullptr)
    throw TemplateError(fmt::format("** needs a dict, not {}", more.type()));
  for (const auto& [name, value] : more.as_dict()->members)
    arguments.named.emplace_back(to_text(name, "the name of an argument"), value);
  return arguments;
}

Value FilterChain::apply(Value value, Scope& scope) const {
  for (const Link& link : links) {
    try {
      value = apply_filter(link.name, value, link.arguments.evaluate(scope), scope);
    } catch (const TemplateError& error) {
      if (error.line() != 0) throw;
      throw TemplateError(link.line, error.what());
    }
  }
  return value;
}

Value NamedUse::compute(Scope& scope) const {
  const Value value = value_->evaluate(scope);
  return apply_(name_, value, arguments_.evaluate(scope), scope);
}

Value FunctionCall::compute(Scope& scope) const {
  const Value callee = scope.find(name_);
  const Arguments arguments = arguments_.evaluate(scope);
  return callee.is_defined() ? call_value(name_, callee, arguments, scope)
                             : call_function(name_, arguments, scope);
}

}  // namespace cfy::templates
