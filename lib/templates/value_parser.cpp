// Values as they are written, and what may follow one: parts, calls.
#include "templates/expression_parser.hpp"
#include "templates/methods.hpp"

namespace cfy::templates {

ExpressionPointer ExpressionParser::postfixed() {
  ExpressionPointer value = primary();
  for (;;) {
    const int line = tokens_.line();
    if (tokens_.take_sign(".")) {
      value = attribute(std::move(value), line);
    } else if (tokens_.take_sign("[")) {
      value = subscript(std::move(value), line);
    } else if (tokens_.is_sign("(")) {
      const auto* variable = dynamic_cast<const Variable*>(value.get());
      if (variable == nullptr) throw TemplateError(line, "this cannot be called");
      value = std::make_unique<FunctionCall>(line, variable->name(), optional_arguments());
    } else {
      return value;
    }
  }
}

ExpressionPointer ExpressionParser::attribute(ExpressionPointer value, int line) {
  if (tokens_.peek().kind == Token::Kind::number)
    return std::make_unique<Part>(line, std::move(value),
                                  std::make_unique<Literal>(line, tokens_.take().value));
  std::string name = tokens_.need_any_name("a name after '.'");
  if (tokens_.is_sign("("))
    return std::make_unique<NamedUse>(line, call_method, std::move(value), std::move(name),
                                      optional_arguments());
  return std::make_unique<Part>(line, std::move(value),
                                std::make_unique<Literal>(line, std::move(name)));
}

ExpressionPointer ExpressionParser::subscript(ExpressionPointer value, int line) {
  std::vector<ExpressionPointer> bounds(1);
  bool is_slice = false;
  if (!tokens_.is_sign(":")) bounds[0] = condition();
  while (tokens_.take_sign(":")) {
    is_slice = true;
    const bool is_empty = tokens_.is_sign(":") || tokens_.is_sign("]");
    bounds.push_back(is_empty ? nullptr : condition());
  }
  tokens_.need_sign("]");
  if (bounds.size() > 3) throw TemplateError(line, "a slice has three parts at most");
  if (is_slice) return std::make_unique<Slice>(line, std::move(value), std::move(bounds));
  return std::make_unique<Part>(line, std::move(value), std::move(bounds[0]));
}

ArgumentExpressions ExpressionParser::optional_arguments() {
  ArgumentExpressions arguments;
  if (!tokens_.take_sign("(")) return arguments;
  while (!tokens_.take_sign(")")) {
    add_argument(arguments);
    if (!tokens_.is_sign(")")) tokens_.need_sign(",");
  }
  return arguments;
}

void ExpressionParser::add_argument(ArgumentExpressions& arguments) {
  const int line = tokens_.line();
  if (tokens_.take_sign("**")) {
    if (arguments.more_named) throw TemplateError(line, "there is one '**' in a call at most");
    arguments.more_named = condition();
  } else if (tokens_.take_sign("*")) {
    if (arguments.more_positional || arguments.more_named)
      throw TemplateError(line, "there is one '*' in a call at most, before '**'");
    arguments.more_positional = condition();
  } else if (tokens_.peek().kind == Token::Kind::name && tokens_.peek(1).word == "=") {
    std::string name = tokens_.take().word;
    tokens_.take();
    arguments.named.emplace_back(std::move(name), condition());
  } else {
    if (!arguments.named.empty() || arguments.more_positional || arguments.more_named)
      throw TemplateError(line, "an argument without a name comes after named ones");
    arguments.positional.push_back(condition());
  }
}

ExpressionPointer ExpressionParser::primary() {
  const Token token = tokens_.peek();
  if (token.kind == Token::Kind::text) return text_literal();
  if (token.kind == Token::Kind::number)
    return std::make_unique<Literal>(token.line, tokens_.take().value);
  if (token.kind == Token::Kind::name) return name();
  if (tokens_.take_sign("(")) {
    if (tokens_.take_sign(")")) return std::make_unique<Literal>(token.line, Value::tuple({}));
    ExpressionPointer inner = list(Condition::allowed);
    tokens_.need_sign(")");
    return inner;
  }
  if (tokens_.take_sign("[")) return list_literal(token.line);
  if (tokens_.take_sign("{")) return map_literal(token.line);
  tokens_.refuse("a value");
}

// 'a' 'b' is 'ab'.
ExpressionPointer ExpressionParser::text_literal() {
  const int line = tokens_.line();
  std::string text;
  while (tokens_.peek().kind == Token::Kind::text)
    text += tokens_.take().value.str();
  return std::make_unique<Literal>(line, std::move(text));
}

ExpressionPointer ExpressionParser::name() {
  const Token token = tokens_.take();
  const std::string& word = token.word;
  if (word == "true" || word == "True") return std::make_unique<Literal>(token.line, true);
  if (word == "false" || word == "False") return std::make_unique<Literal>(token.line, false);
  if (word == "none" || word == "None") return std::make_unique<Literal>(token.line, nullptr);
  for (const char* reserved : {"if", "else", "and", "or", "in", "is", "not"})
    if (word == reserved)
      throw TemplateError(token.line, fmt::format("expected a value, found '{}'", word));
  return std::make_unique<Variable>(token.line, word);
}

ExpressionPointer ExpressionParser::list_literal(int line) {
  std::vector<ExpressionPointer> items;
  while (!tokens_.take_sign("]")) {
    items.push_back(condition());
    if (!tokens_.is_sign("]")) tokens_.need_sign(",");
  }
  return std::make_unique<ListLiteral>(line, /*is_tuple=*/false, std::move(items));
}

ExpressionPointer ExpressionParser::map_literal(int line) {
  MapLiteral::Items items;
  while (!tokens_.take_sign("}")) {
    ExpressionPointer key = condition();
    tokens_.need_sign(":");
    items.emplace_back(std::move(key), condition());
    if (!tokens_.is_sign("}")) tokens_.need_sign(",");
  }
  return std::make_unique<MapLiteral>(line, std::move(items));
}

}  // namespace cfy::templates
