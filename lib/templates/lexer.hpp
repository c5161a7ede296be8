// The text of a template, cut into pieces: text as it stands, and the tokens of {{ expressions }}
// and {% statements %}. Comments, raw blocks and whitespace control end here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "templates/value.hpp"

namespace cfy::templates {

struct Token {
  enum class Kind { name, text, number, sign, end };
  Kind kind = Kind::end;
  std::string word;       ///< a name or a sign
  Value value = nullptr;  ///< a text or a number
  int line = 0;
};

struct Piece {
  enum class Kind { text, expression, statement };
  Kind kind = Kind::text;
  std::string text;           ///< of text
  std::vector<Token> tokens;  ///< of the others; the last one is `end`
  int line = 0;
};

/// Throws TemplateError with its line.
std::vector<Piece> cut(std::string_view text);

}  // namespace cfy::templates
