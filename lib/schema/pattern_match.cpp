// Runs a pattern: backtracking over an explicit stack, so that no text can overflow the real one,
// and with a limit of steps, so that no pattern can run for hours.
#include <algorithm>

#include "schema/pattern.hpp"
#include "schema/pattern_program.hpp"

namespace cfy::schema {
namespace pattern {

bool is_word(char32_t c) {
  if (c >= 128) return true;  // letters of other scripts; their punctuation is not told apart
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_in_class(char32_t c, char name) {
  switch (name) {
    case 'd':
      return c >= '0' && c <= '9';
    case 'w':
      return is_word(c);
    case 's':
      return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x2028;
    default:
      return !is_in_class(c, static_cast<char>(name - 'A' + 'a'));
  }
}

std::u32string decode(std::string_view utf8) {
  std::u32string text;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t size = lead < 0x80   ? 1
                             : lead < 0xC0 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                                           : 4;
    if (size == 0 || i + size > utf8.size()) {
      text += static_cast<char32_t>(0x110000U + lead);
      ++i;
      continue;
    }
    char32_t c = size == 1 ? lead : lead & (0xFFU >> (size + 1));
    for (std::size_t k = 1; k < size; ++k)
      c = (c << 6U) | (static_cast<unsigned char>(utf8[i + k]) & 0x3FU);
    text += c;
    i += size;
  }
  return text;
}

namespace {

constexpr std::size_t kMaxSteps = 4'000'000;
constexpr std::size_t kUnset = static_cast<std::size_t>(-1);

char32_t folded(char32_t c) {
  return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool is_in_set(const Set& set, char32_t c) {
  const bool found =
      std::any_of(set.ranges.begin(), set.ranges.end(),
                  [c](const auto& range) { return range.first <= c && c <= range.second; }) ||
      std::any_of(set.classes.begin(), set.classes.end(),
                  [c](char name) { return is_in_class(c, name); });
  return found != set.is_negated;
}

class Run {
 public:
  Run(const Program& program, const std::u32string& text)
      : program_(program), text_(text), registers_(program.register_count, kUnset) {}

  Match start() {
    const bool found = run(0, 0);
    if (is_given_up_) return Match::too_hard;
    return found ? Match::yes : Match::no;
  }

 private:
  // What to go back to: either another way to go on, or a register to restore on the way there.
  struct Undo {
    bool is_register;
    std::uint32_t where;
    std::size_t value;
  };

  // Recursive only for look-around, as deep as the pattern nests it (the parser limits that).
  bool run(std::uint32_t pc, std::size_t position) {
    const std::size_t floor = stack_.size();
    for (;;) {
      if (++steps_ > kMaxSteps) {
        is_given_up_ = true;
        return false;
      }
      const Instruction& code = program_.code[pc];
      if (code.op == Op::match || code.op == Op::look_done) {
        forget_choices(floor);
        return true;
      }
      if (step(code, pc, position)) continue;
      if (is_given_up_ || !back(floor, pc, position)) return false;
    }
  }

  // Executes one instruction; false: this way leads nowhere.
  bool step(const Instruction& code, std::uint32_t& pc, std::size_t& position) {
    switch (code.op) {
      case Op::split:
        stack_.push_back({false, code.b, position});
        pc = code.a;
        return true;
      case Op::jump:
        pc = code.a;
        return true;
      case Op::if_group:
        pc = registers_[2 * code.a + 1] == kUnset ? code.b : pc + 1;
        return true;
      case Op::save:
        stack_.push_back({true, code.a, registers_[code.a]});
        registers_[code.a] = position;
        ++pc;
        return true;
      case Op::look:
        if (!look(code, pc, position)) return false;
        pc = code.a;
        return true;
      default:
        if (!reads(code, position)) return false;
        ++pc;
        return true;
    }
  }

  // The instructions that read or inspect the text; moves on past what is read.
  bool reads(const Instruction& code, std::size_t& position) const {
    const bool at_end = position == text_.size();
    switch (code.op) {
      case Op::character:
        return !at_end && same(text_[position], code.a, code.ignore_case) && ++position;
      case Op::any:
        return !at_end && (code.flag || text_[position] != '\n') && ++position;
      case Op::set:
        return !at_end && set_has(code, text_[position]) && ++position;
      case Op::same_as:
        return reads_group(code, position);
      case Op::check_moved:
        return registers_[code.a] != position;
      case Op::text_start:
        return position == 0;
      case Op::line_start:
        return position == 0 || text_[position - 1] == '\n';
      case Op::text_end:
        return at_end;
      case Op::line_end:
        return at_end || text_[position] == '\n';
      case Op::last_line_end:
        return at_end || (position + 1 == text_.size() && text_[position] == '\n');
      default:
        return is_word_edge(position) == (code.op == Op::word_edge);
    }
  }

  static bool same(char32_t one, char32_t other, bool ignore_case) {
    return one == other || (ignore_case && folded(one) == folded(other));
  }

  bool set_has(const Instruction& code, char32_t c) const {
    const Set& set = program_.sets[code.a];
    if (!code.ignore_case) return is_in_set(set, c);
    const char32_t upper = c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
    if (set.is_negated) return is_in_set(set, folded(c)) && is_in_set(set, upper);
    return is_in_set(set, folded(c)) || is_in_set(set, upper);
  }

  bool reads_group(const Instruction& code, std::size_t& position) const {
    const std::size_t first = registers_[2 * code.a], last = registers_[2 * code.a + 1];
    if (first == kUnset || last == kUnset || text_.size() - position < last - first) return false;
    for (std::size_t i = first; i < last; ++i)
      if (!same(text_[position + i - first], text_[i], code.ignore_case)) return false;
    position += last - first;
    return true;
  }

  bool is_word_edge(std::size_t position) const {
    const bool before = position > 0 && is_word(text_[position - 1]);
    const bool after = position < text_.size() && is_word(text_[position]);
    return before != after;
  }

  bool look(const Instruction& code, std::uint32_t pc, std::size_t position) {
    if (position < code.b) return code.flag;
    return run(pc + 1, position - code.b) != code.flag && !is_given_up_;
  }

  bool back(std::size_t floor, std::uint32_t& pc, std::size_t& position) {
    while (stack_.size() > floor) {
      const Undo undo = stack_.back();
      stack_.pop_back();
      if (undo.is_register) {
        registers_[undo.where] = undo.value;
        continue;
      }
      pc = undo.where;
      position = undo.value;
      return true;
    }
    return false;
  }

  // A look-around that has matched is not entered again; its groups are still to be restored.
  void forget_choices(std::size_t floor) {
    const auto from = stack_.begin() + static_cast<std::ptrdiff_t>(floor);
    stack_.erase(
        std::remove_if(from, stack_.end(), [](const Undo& undo) { return !undo.is_register; }),
        stack_.end());
  }

  const Program& program_;
  const std::u32string& text_;
  std::vector<std::size_t> registers_;
  std::vector<Undo> stack_;
  std::size_t steps_ = 0;
  bool is_given_up_ = false;
};

}  // namespace
}  // namespace pattern

Pattern::Pattern(std::shared_ptr<const pattern::Program> program) : program_(std::move(program)) {}

Match Pattern::match_start(std::string_view text) const {
  const std::u32string decoded = pattern::decode(text);
  return pattern::Run(*program_, decoded).start();
}

}  // namespace cfy::schema
