// By descent, one function for each level of precedence: if, or, and, not, comparisons, + -, ~,
// * / // %, **, unary, then what follows a value.
#include "templates/expression_nodes.hpp"

namespace cfy::templates {
namespace {

// Brackets and signs in brackets: deeper than any person writes, shallower than the stack.
constexpr int kDeepest = 100;

class ExpressionParser {
 public:
  explicit ExpressionParser(TokenStream& tokens) : tokens_(tokens) {}

  ExpressionPointer condition() {
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

  ExpressionPointer either() {
    ExpressionPointer left = both();
    while (tokens_.is_name("or")) {
      const int line = tokens_.take().line;
      left = std::make_unique<Logic>(line, false, std::move(left), both());
    }
    return left;
  }

  ExpressionPointer list() {
    const int line = tokens_.line();
    ExpressionPointer first = condition();
    if (!tokens_.is_sign(",")) return first;
    std::vector<ExpressionPointer> items;
    items.push_back(std::move(first));
    while (tokens_.take_sign(","))
      if (!tokens_.at_end() && !tokens_.is_sign(")")) items.push_back(condition());
    return std::make_unique<ListLiteral>(line, std::move(items));
  }

 private:
  class Deeper {
   public:
    explicit Deeper(ExpressionParser& parser) : depth_(parser.depth_) {
      if (++depth_ > kDeepest)
        throw TemplateError(parser.tokens_.line(), "this expression is nested too deeply");
    }
    ~Deeper() { --depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    int& depth_;
  };

  ExpressionPointer both() {
    ExpressionPointer left = negation();
    while (tokens_.is_name("and")) {
      const int line = tokens_.take().line;
      left = std::make_unique<Logic>(line, true, std::move(left), negation());
    }
    return left;
  }

  ExpressionPointer negation() {
    if (!tokens_.is_name("not")) return comparison();
    const Deeper deeper(*this);
    const int line = tokens_.take().line;
    return std::make_unique<Unary>(line, "not", negation());
  }

  ExpressionPointer comparison() {
    const int line = tokens_.line();
    ExpressionPointer first = sum();
    Comparison::Rest rest;
    for (std::string sign = take_comparison(); !sign.empty(); sign = take_comparison())
      rest.emplace_back(std::move(sign), sum());
    if (rest.empty()) return first;
    return std::make_unique<Comparison>(line, std::move(first), std::move(rest));
  }

  std::string take_comparison() {
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

  using Level = ExpressionPointer (ExpressionParser::*)();
  ExpressionPointer binary(Level next, std::initializer_list<const char*> signs) {
    ExpressionPointer left = (this->*next)();
    for (;;) {
      const auto found = std::find_if(signs.begin(), signs.end(),
                                      [this](const char* sign) { return tokens_.is_sign(sign); });
      if (found == signs.end()) return left;
      const int line = tokens_.take().line;
      left = std::make_unique<Binary>(line, *found, std::move(left), (this->*next)());
    }
  }
  ExpressionPointer sum() { return binary(&ExpressionParser::concatenation, {"+", "-"}); }
  ExpressionPointer concatenation() { return binary(&ExpressionParser::product, {"~"}); }
  ExpressionPointer product() { return binary(&ExpressionParser::power, {"*", "/", "//", "%"}); }
  ExpressionPointer power() { return binary(&ExpressionParser::filtered, {"**"}); }

  ExpressionPointer filtered() {
    ExpressionPointer value = unary();
    for (;;) {
      const int line = tokens_.line();
      if (tokens_.take_sign("|")) {
        std::string name = dotted_name("the name of a filter");
        value = std::make_unique<Application>(line, Application::Kind::filter, std::move(name),
                                              std::move(value), optional_arguments());
      } else if (tokens_.take_name("is")) {
        value = test(std::move(value), line);
      } else {
        return value;
      }
    }
  }

  ExpressionPointer test(ExpressionPointer value, int line) {
    const bool is_negated = tokens_.take_name("not");
    std::string name = dotted_name("the name of a test");
    ArgumentExpressions arguments = optional_arguments();
    const Token& next = tokens_.peek();
    const bool starts_value = next.kind == Token::Kind::text || next.kind == Token::Kind::number ||
                              (next.kind == Token::Kind::name && next.word != "and" &&
                               next.word != "or" && next.word != "else" && next.word != "if" &&
                               next.word != "is" && next.word != "not" && next.word != "in") ||
                              tokens_.is_sign("[");
    // "x is divisibleby 3": one argument may do without brackets.
    if (starts_value && arguments.positional.empty()) arguments.positional.push_back(postfixed());
    value = std::make_unique<Application>(line, Application::Kind::test, std::move(name),
                                          std::move(value), std::move(arguments));
    if (!is_negated) return value;
    return std::make_unique<Unary>(line, "not", std::move(value));
  }

  std::string dotted_name(std::string_view what) {
    std::string name = tokens_.need_any_name(what);
    while (tokens_.take_sign("."))
      name += "." + tokens_.need_any_name(what);
    return name;
  }

  ExpressionPointer unary() {
    for (const char* sign : {"-", "+"})
      if (tokens_.is_sign(sign)) {
        const Deeper deeper(*this);
        const int line = tokens_.take().line;
        return std::make_unique<Unary>(line, sign, unary());
      }
    return postfixed();
  }

  ExpressionPointer postfixed() {
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
        value = std::make_unique<Application>(line, Application::Kind::function, variable->name(),
                                              nullptr, optional_arguments());
      } else {
        return value;
      }
    }
  }

  ExpressionPointer attribute(ExpressionPointer value, int line) {
    if (tokens_.peek().kind == Token::Kind::number)
      return std::make_unique<Part>(line, std::move(value),
                                    std::make_unique<Literal>(line, tokens_.take().value));
    std::string name = tokens_.need_any_name("a name after '.'");
    if (tokens_.is_sign("("))
      return std::make_unique<Application>(line, Application::Kind::method, std::move(name),
                                           std::move(value), optional_arguments());
    return std::make_unique<Part>(line, std::move(value),
                                  std::make_unique<Literal>(line, std::move(name)));
  }

  ExpressionPointer subscript(ExpressionPointer value, int line) {
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

  ArgumentExpressions optional_arguments() {
    ArgumentExpressions arguments;
    if (!tokens_.take_sign("(")) return arguments;
    while (!tokens_.take_sign(")")) {
      const bool is_named = tokens_.peek().kind == Token::Kind::name && tokens_.peek(1).word == "=";
      if (is_named) {
        std::string name = tokens_.take().word;
        tokens_.take();
        arguments.named.emplace_back(std::move(name), condition());
      } else {
        if (!arguments.named.empty())
          throw TemplateError(tokens_.line(), "an argument without a name comes after named ones");
        arguments.positional.push_back(condition());
      }
      if (!tokens_.is_sign(")")) tokens_.need_sign(",");
    }
    return arguments;
  }

  ExpressionPointer primary() {
    const Token token = tokens_.peek();
    if (token.kind == Token::Kind::text) return text_literal();
    if (token.kind == Token::Kind::number)
      return std::make_unique<Literal>(token.line, tokens_.take().value);
    if (token.kind == Token::Kind::name) return name();
    if (tokens_.take_sign("(")) {
      if (tokens_.take_sign(")")) return std::make_unique<Literal>(token.line, json::array());
      ExpressionPointer inner = list();
      tokens_.need_sign(")");
      return inner;
    }
    if (tokens_.take_sign("[")) return list_literal(token.line);
    if (tokens_.take_sign("{")) return map_literal(token.line);
    tokens_.refuse("a value");
  }

  // 'a' 'b' is 'ab'.
  ExpressionPointer text_literal() {
    const int line = tokens_.line();
    std::string text;
    while (tokens_.peek().kind == Token::Kind::text)
      text += tokens_.take().value.get_ref<const std::string&>();
    return std::make_unique<Literal>(line, std::move(text));
  }

  ExpressionPointer name() {
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

  ExpressionPointer list_literal(int line) {
    std::vector<ExpressionPointer> items;
    while (!tokens_.take_sign("]")) {
      items.push_back(condition());
      if (!tokens_.is_sign("]")) tokens_.need_sign(",");
    }
    return std::make_unique<ListLiteral>(line, std::move(items));
  }

  ExpressionPointer map_literal(int line) {
    MapLiteral::Items items;
    while (!tokens_.take_sign("}")) {
      ExpressionPointer key = condition();
      tokens_.need_sign(":");
      items.emplace_back(std::move(key), condition());
      if (!tokens_.is_sign("}")) tokens_.need_sign(",");
    }
    return std::make_unique<MapLiteral>(line, std::move(items));
  }

  TokenStream& tokens_;
  int depth_ = 0;
};

}  // namespace

ExpressionPointer parse_expression(TokenStream& tokens, bool allows_condition) {
  ExpressionParser parser(tokens);
  return allows_condition ? parser.condition() : parser.either();
}

ExpressionPointer parse_expression_list(TokenStream& tokens) {
  return ExpressionParser(tokens).list();
}

}  // namespace cfy::templates
