// The pieces of a text as a tree of statements.
#include "templates/loop.hpp"
#include "templates/macro.hpp"
#include "templates/statement_nodes.hpp"

namespace cfy::templates {
namespace {

constexpr int kDeepestBlock = 100;

class TemplateParser {
 public:
  explicit TemplateParser(std::string_view text) : pieces_(cut(text)) {}

  Block parse() { return parse_block({}, "", 0); }

 private:
  using Words = std::vector<std::string_view>;

  // Up to a statement that starts with one of `ends`, which is left to be read; up to the end of
  // the text when there are none.
  Block parse_block(const Words& ends, std::string_view opener, int opened) {
    if (++depth_ > kDeepestBlock) throw TemplateError(opened, "the blocks are nested too deeply");
    Block block;
    for (; next_ < pieces_.size(); ++next_) {
      Piece& piece = pieces_[next_];
      if (piece.kind == Piece::Kind::text) {
        block.push_back(std::make_unique<Text>(std::move(piece.text)));
      } else if (piece.kind == Piece::Kind::expression) {
        TokenStream tokens(piece);
        block.push_back(parse_output(tokens));
      } else {
        const std::string& word = piece.tokens[0].word;
        if (std::find(ends.begin(), ends.end(), word) != ends.end()) {
          --depth_;
          return block;
        }
        block.push_back(parse_statement(piece));
      }
    }
    if (!ends.empty())
      throw TemplateError(opened, fmt::format("{{% {} %}} has no {{% {} %}}", opener, ends.back()));
    --depth_;
    return block;
  }

  // The block behind a statement, with the statement that ends it.
  Block parse_body(std::string_view opener, std::string_view end, int line) {
    ++next_;
    Block block = parse_block({end}, opener, line);
    need_bare_end();
    return block;
  }

  // The statement that ended a block.
  TokenStream take_end() const { return TokenStream(pieces_[next_]); }
  void need_bare_end() const {
    TokenStream end = take_end();
    end.take();
    end.need_end();
  }

  std::unique_ptr<Statement> parse_statement(const Piece& piece) {
    TokenStream tokens(piece);
    const int line = piece.line;
    const std::string word = tokens.need_any_name("the name of a statement");
    if (word == "if") return parse_if(tokens, line);
    if (word == "for") return parse_for(tokens, line);
    if (word == "set") return parse_set(tokens, line);
    if (word == "with") return parse_with(tokens, line);
    if (word == "filter") return parse_filter(tokens, line);
    if (word == "macro") return parse_macro(tokens, line);
    if (word == "call") return parse_call(tokens, line);
    for (const char* closer : {"endif", "elif", "else", "endfor", "endset", "endwith", "endfilter",
                               "endmacro", "endcall", "endraw"})
      if (word == closer)
        throw TemplateError(line, fmt::format("{{% {} %}} belongs to nothing here", word));
    throw TemplateError(line, fmt::format("{{% {} %}} is not supported: templates have if, for, "
                                          "set, with, macro, call, filter and raw",
                                          word));
  }

  static std::unique_ptr<Statement> parse_output(TokenStream& tokens) {
    ExpressionPointer value = parse_expression_list(tokens);
    tokens.need_end();
    return std::make_unique<Output>(std::move(value));
  }

  std::unique_ptr<Statement> parse_if(TokenStream& tokens, int line) {
    std::vector<If::Branch> branches;
    branches.emplace_back();
    branches.back().condition = parse_expression_list(tokens, Condition::refused);
    tokens.need_end();
    for (bool has_else = false;;) {
      ++next_;
      const Words ends = has_else ? Words{"endif"} : Words{"elif", "else", "endif"};
      branches.back().block = parse_block(ends, "if", line);
      TokenStream end = take_end();
      const std::string word = end.take().word;
      if (word == "endif") {
        end.need_end();
        return std::make_unique<If>(std::move(branches));
      }
      branches.emplace_back();
      if (word == "elif")
        branches.back().condition = parse_expression_list(end, Condition::refused);
      has_else = word == "else";
      end.need_end();
    }
  }

  std::unique_ptr<Statement> parse_for(TokenStream& tokens, int line) {
    auto loop = std::make_unique<For>();
    loop->line = line;
    loop->target = parse_target(tokens, Attributes::refused);
    tokens.need_name("in");
    loop->list = parse_expression_list(tokens, Condition::refused);
    if (tokens.take_name("if")) loop->condition = parse_expression(tokens);
    loop->is_recursive = tokens.take_name("recursive");
    tokens.need_end();
    ++next_;
    loop->block = parse_block({"else", "endfor"}, "for", line);
    if (take_end().is_name("else")) {
      need_bare_end();
      ++next_;
      loop->otherwise = parse_block({"endfor"}, "for", line);
    }
    need_bare_end();
    return loop;
  }

  std::unique_ptr<Statement> parse_set(TokenStream& tokens, int line) {
    Target target = parse_target(tokens, Attributes::allowed);
    if (tokens.take_sign("=")) {
      ExpressionPointer value = parse_expression_list(tokens);
      tokens.need_end();
      return std::make_unique<Set>(std::move(target), std::move(value));
    }
    FilterChain filters;
    if (tokens.take_sign("|")) filters = parse_filter_chain(tokens);
    tokens.need_end();
    if (!target.parts.empty()) throw TemplateError(line, "a block is put into one variable");
    Block block = parse_body("set", "endset", line);
    return std::make_unique<SetBlock>(std::move(target), std::move(filters), std::move(block));
  }

  std::unique_ptr<Statement> parse_with(TokenStream& tokens, int line) {
    With::Settings settings;
    while (!tokens.at_end()) {
      if (!settings.empty()) tokens.need_sign(",");
      Target target{.line = line, .name = parse_variable(tokens)};
      tokens.need_sign("=");
      settings.emplace_back(std::move(target), parse_expression(tokens));
    }
    return std::make_unique<With>(std::move(settings), parse_body("with", "endwith", line));
  }

  std::unique_ptr<Statement> parse_filter(TokenStream& tokens, int line) {
    FilterChain filters = parse_filter_chain(tokens);
    tokens.need_end();
    return std::make_unique<FilterBlock>(std::move(filters),
                                         parse_body("filter", "endfilter", line));
  }

  std::unique_ptr<Statement> parse_macro(TokenStream& tokens, int line) {
    MacroBody body{.line = line, .name = parse_variable(tokens)};
    if (!tokens.is_sign("(")) tokens.refuse("'('");
    body.parameters = parse_parameters(tokens);
    tokens.need_end();
    parse_macro_block(body, "macro", "endmacro");
    return std::make_unique<MacroDefinition>(std::move(body));
  }

  std::unique_ptr<Statement> parse_call(TokenStream& tokens, int line) {
    MacroBody body{.line = line, .name = "caller"};
    body.parameters = parse_parameters(tokens);
    std::string name = tokens.need_any_name("the name of a macro");
    ArgumentExpressions arguments = parse_arguments(tokens);
    tokens.need_end();
    parse_macro_block(body, "call", "endcall");
    return std::make_unique<CallBlock>(std::move(name), std::move(arguments), std::move(body));
  }

  static std::vector<MacroBody::Parameter> parse_parameters(TokenStream& tokens) {
    std::vector<MacroBody::Parameter> parameters;
    if (!tokens.take_sign("(")) return parameters;
    while (!tokens.take_sign(")")) {
      if (!parameters.empty()) tokens.need_sign(",");
      const bool had_default = !parameters.empty() && parameters.back().otherwise;
      std::string name = parse_variable(tokens);
      for (const auto& known : parameters)
        if (known.name == name)
          throw TemplateError(tokens.line(), fmt::format("there are two parameters '{}'", name));
      parameters.push_back({std::move(name), nullptr});
      if (tokens.take_sign("="))
        parameters.back().otherwise = parse_expression(tokens);
      else if (had_default)
        throw TemplateError(tokens.line(), "a parameter without a default follows one that has it");
    }
    return parameters;
  }

  void parse_macro_block(MacroBody& body, std::string_view opener, std::string_view end) {
    const std::size_t first = next_;
    body.block = parse_body(opener, end, body.line);
    body.takes_varargs = is_mentioned("varargs", first);
    body.takes_kwargs = is_mentioned("kwargs", first);
    body.takes_caller = is_mentioned("caller", first);
  }

  // Between the piece `first` and the one that is read now.
  bool is_mentioned(std::string_view name, std::size_t first) const {
    for (std::size_t i = first; i < next_; ++i)
      for (const Token& token : pieces_[i].tokens)
        if (token.kind == Token::Kind::name && token.word == name) return true;
    return false;
  }

  std::vector<Piece> pieces_;
  std::size_t next_ = 0;
  int depth_ = 0;
};

}  // namespace

Block parse_template(std::string_view text) {
  return TemplateParser(text).parse();
}

}  // namespace cfy::templates
