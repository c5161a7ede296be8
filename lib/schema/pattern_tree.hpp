// The tree that the text of a pattern is parsed into; pattern_code.cpp makes a Program of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "schema/pattern_program.hpp"

namespace cfy::schema::pattern {

/// As the most repetitions: no limit.
inline constexpr std::uint32_t kEndless = 4'294'967'295U;

enum class Kind { sequence, choice, code, group, repeat, look, conditional };

struct Node {
  Kind kind = Kind::sequence;
  std::vector<std::unique_ptr<Node>> parts;
  Instruction code{Op::match};        // code, look (flag and ignore_case used)
  std::uint32_t group = 0;            // group, conditional
  std::uint32_t least = 0, most = 0;  // repeat
  bool is_lazy = false;               // repeat
  bool is_behind = false;             // look
};
using NodePtr = std::unique_ptr<Node>;

/// nullptr, and why in `error`, when `text` is no valid pattern. Sets go to `program`, and the
/// number of registers that groups need.
NodePtr parse_tree(const std::u32string& text, Program& program, std::string& error);

/// Appends the code of `tree` to `program`. Returns why it cannot, or "".
std::string make_code(const Node& tree, Program& program);

}  // namespace cfy::schema::pattern
