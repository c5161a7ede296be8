// Expressions: parsed once, evaluated against a Scope as often as a loop wants.
#pragma once

#include <memory>

#include "templates/scope.hpp"
#include "templates/token_stream.hpp"

namespace cfy::templates {

class Expression {
 public:
  explicit Expression(int line) : line_(line) {}
  virtual ~Expression() = default;
  Expression(const Expression&) = delete;
  Expression& operator=(const Expression&) = delete;

  /// Throws TemplateError, with the line.
  Value evaluate(Scope& scope) const {
    try {
      scope.count_step();
      return compute(scope);
    } catch (const TemplateError& error) {
      if (error.line() != 0) throw;
      throw TemplateError(line_, error.what());
    }
  }
  int line() const { return line_; }

 private:
  virtual Value compute(Scope& scope) const = 0;
  int line_;
};
using ExpressionPointer = std::unique_ptr<Expression>;

/// The arguments of a call, a filter or a test, evaluated.
struct Arguments {
  std::vector<Value> positional;
  std::vector<std::pair<std::string, Value>> named;
};

/// One expression; stops at the first token that cannot belong to it. Throws TemplateError.
/// @param allows_condition  whether `a if b else c` may stand here; not behind `in` of a loop
ExpressionPointer parse_expression(TokenStream& tokens, bool allows_condition = true);
/// The same; with commas it is a list: "a, b".
ExpressionPointer parse_expression_list(TokenStream& tokens);

/// Where a filter, a test or a function finds its arguments by place or name.
class ArgumentReader {
 public:
  /// Throws TemplateError for more than there are names, and for unknown ones.
  ArgumentReader(const std::string& function, const Arguments& arguments,
                 std::vector<std::string> names);
  bool has(std::size_t place) const { return values_[place].has_value(); }
  /// Undefined when not given.
  Value value(std::size_t place) const;
  const json& needed(std::size_t place) const;
  std::string text(std::size_t place, const std::string& otherwise) const;
  std::int64_t integer(std::size_t place, std::int64_t otherwise) const;
  bool truth(std::size_t place, bool otherwise) const;

 private:
  std::string function_;
  std::vector<std::string> names_;
  std::vector<std::optional<Value>> values_;
};

}  // namespace cfy::templates
