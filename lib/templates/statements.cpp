#include "templates/statements.hpp"

#include "templates/operators.hpp"

namespace cfy::templates {
namespace {

constexpr int kDeepestBlock = 100;

class Text final : public Statement {
 public:
  explicit Text(std::string text) : text_(std::move(text)) {}
  void run(Scope& scope, std::string& out) const override {
    scope.check_size(out.size() + text_.size());
    out += text_;
  }

 private:
  std::string text_;
};

class Output final : public Statement {
 public:
  explicit Output(ExpressionPointer value) : value_(std::move(value)) {}
  void run(Scope& scope, std::string& out) const override {
    const std::string text = value_->evaluate(scope).text();
    scope.check_size(out.size() + text.size());
    out += text;
  }

 private:
  ExpressionPointer value_;
};

class If final : public Statement {
 public:
  struct Branch {
    ExpressionPointer condition;  // nullptr: else
    Block block;
  };
  explicit If(std::vector<Branch> branches) : branches_(std::move(branches)) {}
  void run(Scope& scope, std::string& out) const override {
    for (const Branch& branch : branches_)
      if (!branch.condition || branch.condition->evaluate(scope).is_true())
        return templates::run(branch.block, scope, out);
  }

 private:
  std::vector<Branch> branches_;
};

// "x" or "key, value".
using Targets = std::vector<std::string>;

std::vector<Value> items_at(int line, const Value& value) {
  try {
    return items_of(value);
  } catch (const TemplateError& error) {
    throw TemplateError(line, error.what());
  }
}

void assign(const Targets& targets, const Value& value, Scope& scope, int line) {
  if (targets.size() == 1) return scope.set(targets[0], value);
  const std::vector<Value> parts = items_at(line, value);
  if (parts.size() != targets.size())
    throw TemplateError(line, fmt::format("{} names for {} values", targets.size(), parts.size()));
  for (std::size_t i = 0; i < parts.size(); ++i)
    scope.set(targets[i], parts[i]);
}

class For final : public Statement {
 public:
  int line = 0;
  Targets targets;
  ExpressionPointer list, condition;
  Block block, otherwise;

  void run(Scope& scope, std::string& out) const override {
    std::vector<Value> items = picked(scope);
    if (items.empty()) return templates::run(otherwise, scope, out);
    for (std::size_t i = 0; i < items.size(); ++i) {
      scope.count_step();
      scope.enter();
      assign(targets, items[i], scope, line);
      scope.set("loop", loop_of(items, i));
      templates::run(block, scope, out);
      scope.leave();
    }
  }

 private:
  std::vector<Value> picked(Scope& scope) const {
    std::vector<Value> items = items_at(line, list->evaluate(scope));
    if (!condition) return items;
    std::vector<Value> wanted;
    for (Value& item : items) {
      scope.enter();
      assign(targets, item, scope, line);
      if (condition->evaluate(scope).is_true()) wanted.push_back(std::move(item));
      scope.leave();
    }
    return wanted;
  }

  static Value loop_of(const std::vector<Value>& items, std::size_t at) {
    const std::size_t size = items.size();
    json loop{{"index", at + 1},       {"index0", at},
              {"revindex", size - at}, {"revindex0", size - at - 1},
              {"first", at == 0},      {"last", at + 1 == size},
              {"length", size}};
    // Small neighbours only: a loop over large ones would copy each of them twice.
    const auto add = [&loop](const char* name, const Value& value) {
      if (!value.get().is_structured()) loop[name] = value.get();
    };
    if (at > 0) add("previtem", items[at - 1]);
    if (at + 1 < size) add("nextitem", items[at + 1]);
    return loop;
  }
};

class Set final : public Statement {
 public:
  Set(int line, Targets targets, ExpressionPointer value)
      : line_(line), targets_(std::move(targets)), value_(std::move(value)) {}
  void run(Scope& scope, std::string&) const override {
    assign(targets_, value_->evaluate(scope), scope, line_);
  }

 private:
  int line_;
  Targets targets_;
  ExpressionPointer value_;
};

// {% set x %}...{% endset %}
class SetBlock final : public Statement {
 public:
  SetBlock(std::string name, Block block) : name_(std::move(name)), block_(std::move(block)) {}
  void run(Scope& scope, std::string&) const override {
    std::string text;
    scope.enter();
    templates::run(block_, scope, text);
    scope.leave();
    scope.set(name_, json(std::move(text)));
  }

 private:
  std::string name_;
  Block block_;
};

class TemplateParser {
 public:
  explicit TemplateParser(std::string_view text) : pieces_(cut(text)) {}

  Block parse() {
    Block block = parse_block({}, "", 0);
    return block;
  }

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
        block.push_back(std::make_unique<Output>(parse_expression_list(tokens)));
        tokens.need_end();
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

  std::unique_ptr<Statement> parse_statement(const Piece& piece) {
    TokenStream tokens(piece);
    const std::string word = tokens.need_any_name("the name of a statement");
    if (word == "if") return parse_if(tokens, piece.line);
    if (word == "for") return parse_for(tokens, piece.line);
    if (word == "set") return parse_set(tokens, piece.line);
    for (const char* closer : {"endif", "elif", "else", "endfor", "endset", "endraw"})
      if (word == closer)
        throw TemplateError(piece.line, fmt::format("{{% {} %}} belongs to nothing here", word));
    throw TemplateError(
        piece.line,
        fmt::format("{{% {} %}} is not supported: templates have if, for, set and raw", word));
  }

  // The statement that ended a block.
  TokenStream take_end() const { return TokenStream(pieces_[next_]); }

  std::unique_ptr<Statement> parse_if(TokenStream& tokens, int line) {
    std::vector<If::Branch> branches;
    branches.emplace_back();
    branches.back().condition = parse_expression(tokens);
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
      if (word == "elif") branches.back().condition = parse_expression(end);
      has_else = word == "else";
      end.need_end();
    }
  }

  static Targets parse_targets(TokenStream& tokens) {
    Targets targets;
    const bool has_brackets = tokens.take_sign("(");
    do {
      targets.push_back(tokens.need_any_name("the name of a variable"));
      if (targets.back() == "ctx" || targets.back() == "loop")
        throw TemplateError(tokens.line(), fmt::format("'{}' cannot be set", targets.back()));
    } while (tokens.take_sign(","));
    if (has_brackets) tokens.need_sign(")");
    return targets;
  }

  std::unique_ptr<Statement> parse_for(TokenStream& tokens, int line) {
    auto loop = std::make_unique<For>();
    loop->line = line;
    loop->targets = parse_targets(tokens);
    tokens.need_name("in");
    loop->list = parse_expression(tokens, /*allows_condition=*/false);
    if (tokens.take_name("if")) loop->condition = parse_expression(tokens);
    if (tokens.is_name("recursive")) throw TemplateError(line, "recursive loops are not supported");
    tokens.need_end();
    ++next_;
    loop->block = parse_block({"else", "endfor"}, "for", line);
    TokenStream end = take_end();
    if (end.take().word == "else") {
      end.need_end();
      ++next_;
      loop->otherwise = parse_block({"endfor"}, "for", line);
    }
    TokenStream last = take_end();
    last.take();
    last.need_end();
    return loop;
  }

  std::unique_ptr<Statement> parse_set(TokenStream& tokens, int line) {
    Targets targets = parse_targets(tokens);
    if (tokens.is_sign("."))
      throw TemplateError(line, "only variables can be set, not their attributes");
    if (tokens.take_sign("=")) {
      ExpressionPointer value = parse_expression_list(tokens);
      tokens.need_end();
      return std::make_unique<Set>(line, std::move(targets), std::move(value));
    }
    tokens.need_end();
    if (targets.size() != 1) throw TemplateError(line, "a block is put into one variable");
    ++next_;
    Block block = parse_block({"endset"}, "set", line);
    return std::make_unique<SetBlock>(targets[0], std::move(block));
  }

  std::vector<Piece> pieces_;
  std::size_t next_ = 0;
  int depth_ = 0;
};

}  // namespace

void run(const Block& block, Scope& scope, std::string& out) {
  for (const auto& statement : block)
    statement->run(scope, out);
}

Block parse_template(std::string_view text) {
  return TemplateParser(text).parse();
}

}  // namespace cfy::templates
