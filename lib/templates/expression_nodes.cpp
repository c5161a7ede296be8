#include "templates/expression_nodes.hpp"

#include "base/text.hpp"
#include "templates/filters.hpp"
#include "templates/methods.hpp"
#include "templates/operators.hpp"
#include "templates/value_tests.hpp"

namespace cfy::templates {

Value ListLiteral::compute(Scope& scope) const {
  json list = json::array();
  for (const ExpressionPointer& item : items_)
    list.push_back(item->evaluate(scope).get());
  return checked_depth(std::move(list));
}

Value MapLiteral::compute(Scope& scope) const {
  json map = json::object();
  for (const auto& [key, value] : items_) {
    const Value name = key->evaluate(scope);
    map[to_text(name.get(), "the key of a dict")] = value->evaluate(scope).get();
  }
  return checked_depth(std::move(map));
}

Value Part::compute(Scope& scope) const {
  const Value value = value_->evaluate(scope);
  const Value key = key_->evaluate(scope);
  return find_part(value, key.get());
}

Value Slice::compute(Scope& scope) const {
  const auto bound = [&](std::size_t place) {
    return place < bounds_.size() && bounds_[place] ? bounds_[place]->evaluate(scope)
                                                    : Value::undefined("");
  };
  return cut_slice(value_->evaluate(scope), bound(0), bound(1), bound(2));
}

Value Binary::compute(Scope& scope) const {
  const Value left = left_->evaluate(scope);
  return apply_operator(sign_, left, right_->evaluate(scope), scope);
}

Value Comparison::compute(Scope& scope) const {
  Value left = first_->evaluate(scope);
  for (const auto& [sign, operand] : rest_) {
    Value right = operand->evaluate(scope);
    if (!apply_operator(sign, left, right, scope).is_true()) return json(false);
    left = std::move(right);
  }
  return json(true);
}

Value Logic::compute(Scope& scope) const {
  Value left = left_->evaluate(scope);
  return left.is_true() == is_and_ ? right_->evaluate(scope) : left;
}

Value Unary::compute(Scope& scope) const {
  const Value value = operand_->evaluate(scope);
  if (sign_ == "not") return json(!value.is_true());
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
  for (const auto& [name, one] : named)
    arguments.named.emplace_back(name, one->evaluate(scope));
  return arguments;
}

Value Application::compute(Scope& scope) const {
  if (kind_ == Kind::function) return call_function(name_, arguments_.evaluate(scope), scope);
  const Value value = value_->evaluate(scope);
  const Arguments arguments = arguments_.evaluate(scope);
  switch (kind_) {
    case Kind::filter:
      return apply_filter(name_, value, arguments, scope);
    case Kind::test:
      return json(passes_test(name_, value, arguments));
    default:
      return call_method(name_, value, arguments, scope);
  }
}

ArgumentReader::ArgumentReader(const std::string& function, const Arguments& arguments,
                               std::vector<std::string> names)
    : function_(function), names_(std::move(names)), values_(names_.size()) {
  if (arguments.positional.size() > names_.size())
    throw TemplateError(fmt::format("'{}' takes {} arguments at most", function_, names_.size()));
  for (std::size_t i = 0; i < arguments.positional.size(); ++i)
    values_[i] = arguments.positional[i];
  for (const auto& [name, value] : arguments.named) {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end())
      throw TemplateError(fmt::format("'{}' has no argument '{}'", function_, name));
    values_[static_cast<std::size_t>(found - names_.begin())] = value;
  }
}

Value ArgumentReader::value(std::size_t place) const {
  return values_[place] ? *values_[place] : Value::undefined(names_[place]);
}

const json& ArgumentReader::needed(std::size_t place) const {
  if (!values_[place])
    throw TemplateError(fmt::format("'{}' needs its argument '{}'", function_, names_[place]));
  return values_[place]->get();
}

std::string ArgumentReader::text(std::size_t place, const std::string& otherwise) const {
  return values_[place] ? values_[place]->text() : otherwise;
}

std::int64_t ArgumentReader::integer(std::size_t place, std::int64_t otherwise) const {
  return values_[place] ? to_integer(values_[place]->get(), names_[place].c_str()) : otherwise;
}

bool ArgumentReader::truth(std::size_t place, bool otherwise) const {
  return values_[place] ? values_[place]->is_true() : otherwise;
}

}  // namespace cfy::templates
