// The parser of expressions: by descent, one function for each level of precedence.
#pragma once

#include "templates/expression_nodes.hpp"

namespace cfy::templates {

/// All throw TemplateError, with the line.
class ExpressionParser {
 public:
  explicit ExpressionParser(TokenStream& tokens) : tokens_(tokens) {}

  ExpressionPointer condition();  ///< a if b else c
  ExpressionPointer either();     ///< a or b
  ExpressionPointer list(Condition conditions);
  FilterChain filter_chain();
  ArgumentExpressions optional_arguments();

 private:
  // One bracket or sign more, for as long as this lives.
  class Deeper {
   public:
    explicit Deeper(ExpressionParser& parser);
    ~Deeper() { --depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    int& depth_;
  };

  // The levels, from the loosest.
  ExpressionPointer both();
  ExpressionPointer negation();
  ExpressionPointer comparison();
  ExpressionPointer sum();
  ExpressionPointer concatenation();
  ExpressionPointer product();
  ExpressionPointer power();
  ExpressionPointer filtered();
  ExpressionPointer unary();
  ExpressionPointer postfixed();
  ExpressionPointer primary();

  using Level = ExpressionPointer (ExpressionParser::*)();
  ExpressionPointer binary(Level next, std::initializer_list<const char*> signs);
  std::string take_comparison();
  ExpressionPointer test(ExpressionPointer value, int line);
  std::string dotted_name(std::string_view what);
  bool ends_list() const;

  // What follows a value.
  ExpressionPointer attribute(ExpressionPointer value, int line);
  ExpressionPointer subscript(ExpressionPointer value, int line);
  void add_argument(ArgumentExpressions& arguments);

  // Values as they are written.
  ExpressionPointer text_literal();
  ExpressionPointer name();
  ExpressionPointer list_literal(int line);
  ExpressionPointer map_literal(int line);

  TokenStream& tokens_;
  int depth_ = 0;
};

}  // namespace cfy::templates
