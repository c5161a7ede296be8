#include "templates/token_stream.hpp"

#include <fmt/format.h>

namespace cfy::templates {

const Token& TokenStream::peek(std::size_t ahead) const {
  return tokens_[std::min(next_ + ahead, tokens_.size() - 1)];
}

Token TokenStream::take() {
  Token token = peek();
  if (!at_end()) ++next_;
  return token;
}

bool TokenStream::is_sign(std::string_view sign) const {
  return peek().kind == Token::Kind::sign && peek().word == sign;
}
bool TokenStream::is_name(std::string_view name) const {
  return peek().kind == Token::Kind::name && peek().word == name;
}
bool TokenStream::take_sign(std::string_view sign) {
  if (!is_sign(sign)) return false;
  ++next_;
  return true;
}
bool TokenStream::take_name(std::string_view name) {
  if (!is_name(name)) return false;
  ++next_;
  return true;
}

void TokenStream::need_sign(std::string_view sign) {
  if (!take_sign(sign)) refuse(fmt::format("'{}'", sign));
}
void TokenStream::need_name(std::string_view name) {
  if (!take_name(name)) refuse(fmt::format("'{}'", name));
}
std::string TokenStream::need_any_name(std::string_view what) {
  if (peek().kind != Token::Kind::name) refuse(what);
  return take().word;
}
void TokenStream::need_end() {
  if (!at_end()) refuse("the end");
}

void TokenStream::refuse(std::string_view expected) const {
  const Token& token = peek();
  std::string found = "the end";
  if (token.kind == Token::Kind::text || token.kind == Token::Kind::number)
    found = token.value.shown();
  else if (token.kind != Token::Kind::end)
    found = fmt::format("'{}'", token.word);
  throw TemplateError(token.line, fmt::format("expected {}, found {}", expected, found));
}

}  // namespace cfy::templates
