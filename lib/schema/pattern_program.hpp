// The code that a pattern is turned into: made by pattern_parse.cpp, run by pattern_match.cpp.
// Texts are code points there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cfy::schema::pattern {

enum class Op : std::uint8_t {
  character,    // the code point `a`
  any,          // anything; not a line end unless flag
  set,          // one of sets[a]
  split,        // try `a`, then `b`
  jump,         // to `a`
  save,         // position into register `a`
  check_moved,  // fail if nothing was read since register `a` was saved
  text_start,
  line_start,
  text_end,
  line_end,
  last_line_end,  // at the end, or before a line end that ends the text
  word_edge,
  not_word_edge,
  look,  // the code up to `a` must match (or not: flag) here, or `b` code points before
  look_done,
  same_as,   // the text of group `a` again
  if_group,  // go on if group `a` took part, else to `b`
  match,
};

struct Instruction {
  Op op;
  bool flag = false;  ///< any: dot matches line ends; look: negated
  bool ignore_case = false;
  std::uint32_t a = 0, b = 0;
};

/// Members of [...]; the classes are letters as in escapes: d, w, s and D, W, S.
struct Set {
  bool is_negated = false;
  std::vector<std::pair<char32_t, char32_t>> ranges;
  std::string classes;
};

struct Program {
  std::vector<Instruction> code;
  std::vector<Set> sets;
  std::uint32_t register_count = 2;  ///< two for each group, group 0 is all; then those of loops
};

bool is_word(char32_t c);
bool is_in_class(char32_t c, char name);
/// Invalid bytes become code points of their own, above Unicode.
std::u32string decode(std::string_view utf8);

}  // namespace cfy::schema::pattern
