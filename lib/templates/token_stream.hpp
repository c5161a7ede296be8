// TokenStream: the tokens of one {{ }} or {% %}, read once from left to right.
#pragma once

#include "templates/lexer.hpp"

namespace cfy::templates {

class TokenStream {
 public:
  /// Borrows the piece, which must not be text.
  explicit TokenStream(const Piece& piece) : tokens_(piece.tokens) {}

  const Token& peek(std::size_t ahead = 0) const;
  Token take();
  int line() const { return peek().line; }
  bool at_end() const { return peek().kind == Token::Kind::end; }

  bool is_sign(std::string_view sign) const;
  bool is_name(std::string_view name) const;
  /// Take it if it is next.
  bool take_sign(std::string_view sign);
  bool take_name(std::string_view name);

  /// The rest throw TemplateError when something else is next.
  void need_sign(std::string_view sign);
  void need_name(std::string_view name);
  std::string need_any_name(std::string_view what);
  void need_end();
  [[noreturn]] void refuse(std::string_view expected) const;

 private:
  const std::vector<Token>& tokens_;
  std::size_t next_ = 0;
};

}  // namespace cfy::templates
