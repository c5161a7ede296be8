// The levels of precedence: if, or, and, not, comparisons, + -, ~, * / // %, **, unary, filters and
// tests.
#include "templates/expression_parser.hpp"

#include "templates/filters.hpp"
#include "templates/value_tests.hpp"

namespace cfy::templates {
namespace {

Value apply_test(const std::string& name, const Value& value, const Arguments& arguments,
                 Scope& scope) {
  return passes_test(name, value, arguments, scope);
}

}  // namespace

ExpressionParser::Deeper::Deeper(ExpressionParser& parser) : depth_(parser.depth_) {
  // Brackets and signs in brackets: deeper than any person writes, shallower than the stack.
  constexpr int kDeepest = 100;
  if (++depth_ > kDeepest)
    throw TemplateError(parser.tokens_.line(), "this expression is nested too deeply");
}

ExpressionPointer ExpressionParser::condition() {
  const Deeper deeper(*this);
  ExpressionPointer value = either();
  while (tokens_.is_name("if")) {
    const int line = tokens_.take().line;
    ExpressionPointer test = either();
    ExpressionPointer otherwise;
    if (tokens_.take_name("else")) otherwise = condition();
    value = std::make_unique<Conditional>(line, std::move(test), std::move(value),
                                          std::move(otherwise));
  }
  return value;
}

ExpressionPointer ExpressionParser::either() {
  ExpressionPointer left = both();
  while (tokens_.is_name("or")) {
    const int line = tokens_.take().line;
    left = std::make_unique<Logic>(line, false, std::move(left), both());
  }
  return left;
}

ExpressionPointer ExpressionParser::both() {
  ExpressionPointer left = negation();
  while (tokens_.is_name("and")) {
    const int line = tokens_.take().line;
    left = std::make_unique<Logic>(line, true, std::move(left), negation());
  }
  return left;
}

ExpressionPointer ExpressionParser::negation() {
  if (!tokens_.is_name("not")) return comparison();
  const Deeper deeper(*this);
  const int line = tokens_.take().line;
  return std::make_unique<Unary>(line, "not", negation());
}

ExpressionPointer ExpressionParser::comparison() {
  const int line = tokens_.line();
  ExpressionPointer first = sum();
  Comparison::Rest rest;
  for (std::string sign = take_comparison(); !sign.empty(); sign = take_comparison())
    rest.emplace_back(std::move(sign), sum());
  if (rest.empty()) return first;
  return std::make_unique<Comparison>(line, std::move(first), std::move(rest));
}

std::string ExpressionParser::take_comparison() {
  for (const char* sign : {"==", "!=", "<", "<=", ">", ">="})
    if (tokens_.take_sign(sign)) return sign;
  if (tokens_.take_name("in")) return "in";
  if (tokens_.is_name("not") && tokens_.peek(1).word == "in") {
    tokens_.take();
    tokens_.take();
    return "not in";
  }
  return {};
}

ExpressionPointer ExpressionParser::binary(Level next, std::initializer_list<const char*> signs) {
  ExpressionPointer left = (this->*next)();
  for (;;) {
    const auto found = std::find_if(signs.begin(), signs.end(),
                                    [this](const char* sign) { return tokens_.is_sign(sign); });
    if (found == signs.end()) return left;
    const int line = tokens_.take().line;
    left = std::make_unique<Binary>(line, *found, std::move(left), (this->*next)());
  }
}

ExpressionPointer ExpressionParser::sum() {
  return binary(&ExpressionParser::concatenation, {"+", "-"});
}

ExpressionPointer ExpressionParser::concatenation() {
  return binary(&ExpressionParser::product, {"~"});
}

ExpressionPointer ExpressionParser::product() {
  return binary(&ExpressionParser::power, {"*", "/", "//", "%"});
}

ExpressionPointer ExpressionParser::power() {
  return binary(&ExpressionParser::filtered, {"**"});
}

ExpressionPointer ExpressionParser::filtered() {
  ExpressionPointer value = unary();
  for (;;) {
    const int line = tokens_.line();
    if (tokens_.take_sign("|")) {
      std::string name = dotted_name("the name of a filter");
      value = std::make_unique<NamedUse>(line, apply_filter, std::move(value), std::move(name),
                                         optional_arguments());
    } else if (tokens_.take_name("is")) {
      value = test(std::move(value), line);
    } else {
      return value;
    }
  }
}

ExpressionPointer ExpressionParser::test(ExpressionPointer value, int line) {
  const bool is_negated = tokens_.take_name("not");
  std::string name = dotted_name("the name of a test");
  ArgumentExpressions arguments = optional_arguments();
  if (tokens_.is_name("is"))
    throw TemplateError(tokens_.line(), "one test cannot follow another: use 'and'");
  const Token& next = tokens_.peek();
  const bool starts_value = next.kind == Token::Kind::text || next.kind == Token::Kind::number ||
                            (next.kind == Token::Kind::name && next.word != "and" &&
                             next.word != "or" && next.word != "else" && next.word != "if" &&
                             next.word != "is" && next.word != "not" && next.word != "in") ||
                            tokens_.is_sign("[");
  // "x is divisibleby 3": one argument may do without brackets.
  if (starts_value && arguments.positional.empty()) arguments.positional.push_back(postfixed());
  value = std::make_unique<NamedUse>(line, apply_test, std::move(value), std::move(name),
                                     std::move(arguments));
  if (!is_negated) return value;
  return std::make_unique<Unary>(line, "not", std::move(value));
}

ExpressionPointer ExpressionParser::unary() {
  for (const char* sign : {"-", "+"})
    if (tokens_.is_sign(sign)) {
      const Deeper deeper(*this);
      const int line = tokens_.take().line;
      return std::make_unique<Unary>(line, sign, unary());
    }
  return postfixed();
}

ExpressionPointer ExpressionParser::list(Condition conditions) {
  const auto item = [&] { return conditions == Condition::allowed ? condition() : either(); };
  const int line = tokens_.line();
  ExpressionPointer first = item();
  if (!tokens_.is_sign(",")) return first;
  std::vector<ExpressionPointer> items;
  items.push_back(std::move(first));
  while (tokens_.take_sign(",") && !ends_list())
    items.push_back(item());
  return std::make_unique<ListLiteral>(line, /*is_tuple=*/true, std::move(items));
}

// Behind a comma.
bool ExpressionParser::ends_list() const {
  return tokens_.at_end() || tokens_.is_sign(")") || tokens_.is_sign("=") ||
         tokens_.is_name("recursive") || tokens_.is_name("if");
}

FilterChain ExpressionParser::filter_chain() {
  FilterChain chain;
  do {
    const int line = tokens_.line();
    std::string name = dotted_name("the name of a filter");
    chain.links.push_back({line, std::move(name), optional_arguments()});
  } while (tokens_.take_sign("|"));
  return chain;
}

std::string ExpressionParser::dotted_name(std::string_view what) {
  std::string name = tokens_.need_any_name(what);
  while (tokens_.take_sign("."))
    name += "." + tokens_.need_any_name(what);
  return name;
}

ExpressionPointer parse_expression(TokenStream& tokens, Condition condition) {
  ExpressionParser parser(tokens);
  return condition == Condition::allowed ? parser.condition() : parser.either();
}

ExpressionPointer parse_expression_list(TokenStream& tokens, Condition condition) {
  return ExpressionParser(tokens).list(condition);
}

FilterChain parse_filter_chain(TokenStream& tokens) {
  return ExpressionParser(tokens).filter_chain();
}

ArgumentExpressions parse_arguments(TokenStream& tokens) {
  return ExpressionParser(tokens).optional_arguments();
}

}  // namespace cfy::templates
