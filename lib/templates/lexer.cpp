// As in Jinja2, "}}" ends an expression only where no bracket is open, and one line end at the end
// of the file is dropped.
#include "templates/lexer.hpp"

#include <array>

#include <fmt/format.h>

#include "templates/characters.hpp"
#include "templates/literals.hpp"

namespace cfy::templates {
namespace {

constexpr std::array<std::string_view, 6> kLongSigns{"==", "!=", "<=", ">=", "//", "**"};
constexpr std::string_view kSigns = "+-*/%~<>=()[]{}.,:|";

// Of one expression: what is nested by chaining (a + b + c ...) must fit the stack, too.
constexpr std::size_t kMostTokens = 2000;

bool starts_name(char byte) {
  return is_word(byte) && !is_digit(byte);
}

// Line ends of all systems become one, and a last one is dropped.
std::string normalised(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r')
      plain += text[i];
    else if (i + 1 >= text.size() || text[i + 1] != '\n')
      plain += '\n';
  }
  if (!plain.empty() && plain.back() == '\n') plain.pop_back();
  return plain;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(normalised(text)) {}

  std::vector<Piece> cut() {
    for (;;) {
      const std::size_t open = find_opening();
      add_text(text_.substr(at_, open - at_));
      advance(open);
      if (at_ >= text_.size()) return std::move(pieces_);
      const char kind = text_[at_ + 1];
      advance(at_ + 2);
      take_opening_control();
      if (kind == '#')
        skip_comment();
      else if (kind == '%')
        take_statement();
      else
        take_code(Piece::Kind::expression, "}}");
    }
  }

 private:
  std::size_t find_opening() const {
    for (std::size_t at = text_.find('{', at_); at != std::string::npos;
         at = text_.find('{', at + 1))
      if (at + 1 < text_.size() && std::string_view("{%#").find(text_[at + 1]) != std::string::npos)
        return at;
    return text_.size();
  }

  void advance(std::size_t to) {
    for (; at_ < to; ++at_)
      if (text_[at_] == '\n') ++line_;
  }

  void add_text(std::string text) {
    if (strips_next_) text.erase(0, std::min(text.find_first_not_of(kBlanks), text.size()));
    strips_next_ = false;
    ends_in_text_ = !text.empty();
    if (text.empty()) return;
    pieces_.push_back({Piece::Kind::text, std::move(text), {}, line_});
  }

  // "{%-" takes the blanks before it away; "{%+" is the wish for what we do anyway.
  void take_opening_control() {
    if (at_ >= text_.size()) return;
    if (text_[at_] == '-') strip_last();
    if (text_[at_] == '-' || text_[at_] == '+') advance(at_ + 1);
  }

  void strip_last() {
    if (!ends_in_text_) return;
    std::string& text = pieces_.back().text;
    text.erase(text.find_last_not_of(kBlanks) + 1);
  }

  void skip_comment() {
    const int line = line_;
    const std::size_t end = text_.find("#}", at_);
    if (end == std::string::npos) throw TemplateError(line, "this comment {# has no end #}");
    strips_next_ = end > at_ && text_[end - 1] == '-';
    advance(end + 2);
  }

  void take_statement() {
    take_code(Piece::Kind::statement, "%}");
    const std::vector<Token>& tokens = pieces_.back().tokens;
    if (tokens.size() != 2 || tokens[0].word != "raw") return;
    const int line = pieces_.back().line;
    pieces_.pop_back();
    take_raw(line);
  }

  void take_raw(int line) {
    for (std::size_t open = text_.find("{%", at_); open != std::string::npos;
         open = text_.find("{%", open + 2)) {
      std::size_t at = open + 2;
      const bool strips = at < text_.size() && text_[at] == '-';
      if (at < text_.size() && (text_[at] == '-' || text_[at] == '+')) ++at;
      at = text_.find_first_not_of(kBlanks, at);
      if (at == std::string::npos || text_.compare(at, 6, "endraw") != 0) continue;
      at = text_.find_first_not_of(kBlanks, at + 6);
      const bool strips_after = at != std::string::npos && text_[at] == '-';
      if (strips_after) ++at;
      if (at == std::string::npos || text_.compare(at, 2, "%}") != 0) continue;
      add_text(text_.substr(at_, open - at_));
      if (strips) strip_last();
      advance(at + 2);
      strips_next_ = strips_after;
      return;
    }
    throw TemplateError(line, "{% raw %} has no {% endraw %}");
  }

  // Tokens up to `closing`.
  void take_code(Piece::Kind kind, std::string_view closing) {
    Piece piece{kind, {}, {}, line_};
    std::string open_brackets;
    for (;;) {
      advance(std::min(text_.find_first_not_of(kBlanks, at_), text_.size()));
      if (at_ >= text_.size())
        throw TemplateError(piece.line, fmt::format("this has no end: '{}' is missing", closing));
      if (open_brackets.empty() && take_closing(closing)) break;
      piece.tokens.push_back(take_token());
      if (piece.tokens.size() > kMostTokens)
        throw TemplateError(piece.line, "this expression is too long");
      keep_balance(piece.tokens.back(), open_brackets);
    }
    piece.tokens.push_back({Token::Kind::end, "", nullptr, line_});
    pieces_.push_back(std::move(piece));
  }

  bool take_closing(std::string_view closing) {
    const bool controls = text_[at_] == '-' || (text_[at_] == '+' && closing == "%}");
    if (text_.compare(at_ + (controls ? 1 : 0), closing.size(), closing) != 0) return false;
    strips_next_ = text_[at_] == '-';
    advance(at_ + (controls ? 1 : 0) + closing.size());
    return true;
  }

  static void keep_balance(const Token& token, std::string& open) {
    if (token.kind != Token::Kind::sign || token.word.size() != 1) return;
    const std::string_view opening = "([{", closing = ")]}";
    const char sign = token.word[0];
    if (opening.find(sign) != std::string_view::npos) {
      open += closing[opening.find(sign)];
    } else if (closing.find(sign) != std::string_view::npos) {
      if (open.empty() || open.back() != sign)
        throw TemplateError(token.line, fmt::format("'{}' closes nothing that is open", sign));
      open.pop_back();
    }
  }

  Token take_token() {
    const char byte = text_[at_];
    Token token{Token::Kind::sign, {}, nullptr, line_};
    if (byte == '\'' || byte == '"') {
      token.kind = Token::Kind::text;
      token.value = take_string(byte);
    } else if (is_digit(byte)) {
      token.kind = Token::Kind::number;
      token.value = take_number();
    } else if (starts_name(byte)) {
      token.kind = Token::Kind::name;
      const std::size_t start = at_;
      while (at_ < text_.size() && is_word(text_[at_]))
        ++at_;
      token.word = text_.substr(start, at_ - start);
    } else {
      token.word = take_sign();
    }
    return token;
  }

  std::string take_sign() {
    for (const std::string_view sign : kLongSigns)
      if (text_.compare(at_, sign.size(), sign) == 0) {
        advance(at_ + sign.size());
        return std::string(sign);
      }
    const char byte = text_[at_];
    if (kSigns.find(byte) == std::string_view::npos)
      throw TemplateError(line_, fmt::format("'{}' means nothing here", byte));
    advance(at_ + 1);
    return std::string(1, byte);
  }

  // What `read` returns or throws; its errors get the line.
  template <typename Read>
  auto at_line(const Read& read) const {
    try {
      return read();
    } catch (const TemplateError& error) {
      throw TemplateError(line_, error.what());
    }
  }

  std::string take_string(char quote) {
    const std::size_t start = at_ + 1;
    std::size_t end = start;
    while (end < text_.size() && text_[end] != quote)
      end += text_[end] == '\\' ? 2 : 1;
    if (end >= text_.size())
      throw TemplateError(line_, fmt::format("this text has no closing {}", quote));
    std::string text = at_line([&] { return unescape(text_.substr(start, end - start)); });
    advance(end + 1);
    return text;
  }

  Value take_number() {
    const bool is_index = at_ > 0 && text_[at_ - 1] == '.';
    const std::size_t end = end_of_number(text_, at_, is_index);
    Value number = at_line([&] { return parse_number_literal(text_.substr(at_, end - at_)); });
    at_ = end;
    return number;
  }

  const std::string text_;
  std::size_t at_ = 0;
  int line_ = 1;
  bool strips_next_ = false;
  bool ends_in_text_ = false;  // what comes next follows the last piece, which is text
  std::vector<Piece> pieces_;
};

}  // namespace

std::vector<Piece> cut(std::string_view text) {
  return Lexer(text).cut();
}

}  // namespace cfy::templates
