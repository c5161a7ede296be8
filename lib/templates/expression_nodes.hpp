// The kinds of expressions.
#pragma once

#include "templates/expression.hpp"

namespace cfy::templates {

class Literal final : public Expression {
 public:
  Literal(int line, Value value) : Expression(line), value_(std::move(value)) {}

 private:
  Value compute(Scope&) const override { return value_; }
  Value value_;
};

class Variable final : public Expression {
 public:
  Variable(int line, std::string name) : Expression(line), name_(std::move(name)) {}
  const std::string& name() const { return name_; }

 private:
  Value compute(Scope& scope) const override;
  std::string name_;
};

class ListLiteral final : public Expression {
 public:
  ListLiteral(int line, bool is_tuple, std::vector<ExpressionPointer> items)
      : Expression(line), is_tuple_(is_tuple), items_(std::move(items)) {}

 private:
  Value compute(Scope& scope) const override;
  bool is_tuple_;
  std::vector<ExpressionPointer> items_;
};

class MapLiteral final : public Expression {
 public:
  using Items = std::vector<std::pair<ExpressionPointer, ExpressionPointer>>;
  MapLiteral(int line, Items items) : Expression(line), items_(std::move(items)) {}

 private:
  Value compute(Scope& scope) const override;
  Items items_;
};

/// value.name or value[key].
class Part final : public Expression {
 public:
  Part(int line, ExpressionPointer value, ExpressionPointer key)
      : Expression(line), value_(std::move(value)), key_(std::move(key)) {}

 private:
  Value compute(Scope& scope) const override;
  ExpressionPointer value_, key_;
};

/// value[from:to:step]; each bound may be nullptr.
class Slice final : public Expression {
 public:
  Slice(int line, ExpressionPointer value, std::vector<ExpressionPointer> bounds)
      : Expression(line), value_(std::move(value)), bounds_(std::move(bounds)) {}

 private:
  Value compute(Scope& scope) const override;
  ExpressionPointer value_;
  std::vector<ExpressionPointer> bounds_;
};

class Binary final : public Expression {
 public:
  Binary(int line, std::string sign, ExpressionPointer left, ExpressionPointer right)
      : Expression(line),
        sign_(std::move(sign)),
        left_(std::move(left)),
        right_(std::move(right)) {}

 private:
  Value compute(Scope& scope) const override;
  std::string sign_;
  ExpressionPointer left_, right_;
};

/// a < b <= c: each operand evaluated once.
class Comparison final : public Expression {
 public:
  using Rest = std::vector<std::pair<std::string, ExpressionPointer>>;
  Comparison(int line, ExpressionPointer first, Rest rest)
      : Expression(line), first_(std::move(first)), rest_(std::move(rest)) {}

 private:
  Value compute(Scope& scope) const override;
  ExpressionPointer first_;
  Rest rest_;
};

/// and, or: one of the operands, as in Python.
class Logic final : public Expression {
 public:
  Logic(int line, bool is_and, ExpressionPointer left, ExpressionPointer right)
      : Expression(line), is_and_(is_and), left_(std::move(left)), right_(std::move(right)) {}

 private:
  Value compute(Scope& scope) const override;
  bool is_and_;
  ExpressionPointer left_, right_;
};

/// not, -, +.
class Unary final : public Expression {
 public:
  Unary(int line, std::string sign, ExpressionPointer operand)
      : Expression(line), sign_(std::move(sign)), operand_(std::move(operand)) {}

 private:
  Value compute(Scope& scope) const override;
  std::string sign_;
  ExpressionPointer operand_;
};

/// a if condition else b; without `else` it may be undefined.
class Conditional final : public Expression {
 public:
  Conditional(int line, ExpressionPointer condition, ExpressionPointer yes, ExpressionPointer no)
      : Expression(line),
        condition_(std::move(condition)),
        yes_(std::move(yes)),
        no_(std::move(no)) {}

 private:
  Value compute(Scope& scope) const override;
  ExpressionPointer condition_, yes_, no_;
};

/// value|name(arguments), value is name(arguments), value.name(arguments)
class NamedUse final : public Expression {
 public:
  /// What a filter, a test or a method does with the value: apply_filter() and its like.
  using Apply = Value (*)(const std::string& name, const Value& value, const Arguments& arguments,
                          Scope& scope);
  NamedUse(int line, Apply apply, ExpressionPointer value, std::string name,
           ArgumentExpressions arguments)
      : Expression(line),
        apply_(apply),
        value_(std::move(value)),
        name_(std::move(name)),
        arguments_(std::move(arguments)) {}

 private:
  Value compute(Scope& scope) const override;
  Apply apply_;
  ExpressionPointer value_;
  std::string name_;
  ArgumentExpressions arguments_;
};

/// name(arguments)
class FunctionCall final : public Expression {
 public:
  FunctionCall(int line, std::string name, ArgumentExpressions arguments)
      : Expression(line), name_(std::move(name)), arguments_(std::move(arguments)) {}

 private:
  Value compute(Scope& scope) const override;
  std::string name_;
  ArgumentExpressions arguments_;
};

}  // namespace cfy::templates
