// Expressions: parsed once, evaluated against a Scope as often as a loop wants.
#pragma once

#include <memory>

#include "templates/arguments.hpp"
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
      const Scope::Level level(scope);
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

/// What a call's brackets hold: f(a, *list, name=b, **dict).
struct ArgumentExpressions {
  std::vector<ExpressionPointer> positional;
  std::vector<std::pair<std::string, ExpressionPointer>> named;
  ExpressionPointer more_positional, more_named;  ///< may be nullptr
  Arguments evaluate(Scope& scope) const;
};

/// name(arguments)|name(arguments)|...
struct FilterChain {
  struct Link {
    int line;
    std::string name;
    ArgumentExpressions arguments;
  };
  std::vector<Link> links;
  Value apply(Value value, Scope& scope) const;
};

/// Where expressions may stand, the grammar differs in details.
enum class Condition { allowed, refused };

/// One expression; stops at the first token that cannot belong to it. Throws TemplateError.
/// @param condition  whether `a if b else c` may stand here; not behind `in` of a loop
ExpressionPointer parse_expression(TokenStream& tokens, Condition condition = Condition::allowed);
/// The same; with commas it is a tuple: "a, b".
ExpressionPointer parse_expression_list(TokenStream& tokens,
                                        Condition condition = Condition::allowed);
/// "name(arguments)|...", without the value. Throws TemplateError.
FilterChain parse_filter_chain(TokenStream& tokens);
/// "(arguments)", or nothing. Throws TemplateError.
ArgumentExpressions parse_arguments(TokenStream& tokens);

}  // namespace cfy::templates
