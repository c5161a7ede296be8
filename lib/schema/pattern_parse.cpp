// Parses the text of a pattern into a tree, by recursive descent.
#include <algorithm>
#include <map>
#include <memory>

#include "schema/pattern_tree.hpp"

namespace cfy::schema::pattern {
namespace {

constexpr std::uint32_t kMaxGroups = 1'000;
constexpr int kMaxNesting = 100;

struct Flags {
  bool ignore_case = false, multi_line = false, dot_all = false, verbose = false;
};

bool is_letter(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char32_t c) {
  return c >= '0' && c <= '9';
}

int hex_value(char32_t c) {
  if (is_digit(c)) return static_cast<int>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<int>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<int>(c - 'A') + 10;
  return -1;
}

NodePtr make_node(Kind kind) {
  auto node = std::make_unique<Node>();
  node->kind = kind;
  return node;
}

// Every parse function returns nullptr (or false) after fail(); the first reason stays.
class Parser {
 public:
  Parser(std::u32string text, Program& program) : text_(std::move(text)), program_(program) {}

  NodePtr parse() {
    NodePtr node = choice();
    if (node && at_ < text_.size()) return fail("unbalanced parenthesis");
    return node;
  }
  const std::string& error() const { return error_; }
  std::uint32_t group_count() const { return group_count_; }

 private:
  NodePtr fail(const char* why) {
    if (error_.empty()) error_ = why;
    return nullptr;
  }

  bool has(std::u32string_view ahead) const { return text_.compare(at_, ahead.size(), ahead) == 0; }
  bool take(std::u32string_view ahead) {
    if (!has(ahead)) return false;
    at_ += ahead.size();
    return true;
  }
  bool is_at_end() const { return at_ >= text_.size(); }

  NodePtr choice() {
    if (++nesting_ > kMaxNesting) return fail("nested too deeply");
    const Flags outer = flags_;
    NodePtr node = make_node(Kind::choice);
    do {
      NodePtr part = sequence();
      if (!part) return nullptr;
      node->parts.push_back(std::move(part));
    } while (take(U"|"));
    flags_ = nesting_ == 1 ? flags_ : outer;
    --nesting_;
    return node;
  }

  NodePtr sequence() {
    NodePtr node = make_node(Kind::sequence);
    while (!is_at_end() && !has(U"|") && !has(U")")) {
      if (flags_.verbose && skip_comment()) continue;
      bool is_nothing = false;  // a comment or a flag: not to be repeated
      NodePtr part = item(is_nothing);
      if (!part) return nullptr;
      if (!is_nothing && !repeat(part)) return nullptr;
      node->parts.push_back(std::move(part));
    }
    return node;
  }

  bool skip_comment() {
    if (is_in_class(text_[at_], 's')) {
      ++at_;
      return true;
    }
    if (!has(U"#")) return false;
    while (!is_at_end() && text_[at_] != '\n')
      ++at_;
    return true;
  }

  // Wraps `part` when a quantifier follows.
  bool repeat(NodePtr& part) {
    std::uint32_t least = 0, most = kEndless;
    if (!quantifier(least, most)) return error_.empty();
    if (part->kind == Kind::code && is_assertion(part->code.op) && part->code.op != Op::word_edge &&
        part->code.op != Op::not_word_edge && part->code.op != Op::last_line_end &&
        part->code.op != Op::line_end) {
      fail("nothing to repeat");
      return false;
    }
    NodePtr node = make_node(Kind::repeat);
    node->least = least;
    node->most = most;
    node->is_lazy = take(U"?");
    node->parts.push_back(std::move(part));
    part = std::move(node);
    const std::size_t before = at_;
    if (quantifier(least, most)) {
      fail("multiple repeat");
      return false;
    }
    at_ = before;
    return error_.empty();
  }

  static bool is_assertion(Op op) { return op >= Op::text_start && op <= Op::not_word_edge; }

  bool quantifier(std::uint32_t& least, std::uint32_t& most) {
    if (take(U"*")) return true;
    if (take(U"+")) {
      least = 1;
      return true;
    }
    if (take(U"?")) {
      most = 1;
      return true;
    }
    return counted(least, most);
  }

  // {m}, {m,}, {,n}, {m,n}; anything else in braces is plain text.
  bool counted(std::uint32_t& least, std::uint32_t& most) {
    const std::size_t start = at_;
    if (!take(U"{")) return false;
    std::uint32_t low = 0, high = kEndless;
    const bool has_low = number(low);
    const bool has_comma = take(U",");
    const bool has_high = has_comma && number(high);
    if (!take(U"}") || (!has_low && !has_comma)) {
      at_ = start;
      return false;
    }
    if (!has_comma) high = low;
    if (has_high && high < low) {
      fail("min repeat greater than max repeat");
      return false;
    }
    least = low;
    most = high;
    return true;
  }

  bool number(std::uint32_t& value) {
    if (is_at_end() || !is_digit(text_[at_])) return false;
    value = 0;
    while (!is_at_end() && is_digit(text_[at_]))
      value = std::min<std::uint32_t>(value, 1'000'000) * 10 + (text_[at_++] - '0');
    return true;
  }

  NodePtr instruction(Op op, std::uint32_t a = 0, bool flag = false) {
    NodePtr node = make_node(Kind::code);
    node->code = Instruction{op, flag, flags_.ignore_case, a, 0};
    return node;
  }

  NodePtr item(bool& is_nothing) {
    const char32_t c = text_[at_];
    if (c == '*' || c == '+' || c == '?') return fail("nothing to repeat");
    if (c == '(') return group(is_nothing);
    if (c == '[') return set();
    ++at_;
    if (c == '\\') return escape();
    if (c == '.') return instruction(Op::any, 0, flags_.dot_all);
    if (c == '^') return instruction(flags_.multi_line ? Op::line_start : Op::text_start);
    if (c == '$') return instruction(flags_.multi_line ? Op::line_end : Op::last_line_end);
    return instruction(Op::character, c);
  }

  NodePtr escape() {
    if (is_at_end()) return fail("a backslash at the end");
    const char32_t c = text_[at_];
    switch (c) {
      case 'A':
        ++at_;
        return instruction(Op::text_start);
      case 'Z':
        ++at_;
        return instruction(Op::text_end);
      case 'b':
        ++at_;
        return instruction(Op::word_edge);
      case 'B':
        ++at_;
        return instruction(Op::not_word_edge);
      default:
        break;
    }
    if (c >= '1' && c <= '9') return back_reference();
    char class_name = 0;
    char32_t character = 0;
    if (!escaped(class_name, character)) return nullptr;
    if (class_name == 0) return instruction(Op::character, character);
    program_.sets.push_back({false, {}, std::string(1, class_name)});
    return instruction(Op::set, static_cast<std::uint32_t>(program_.sets.size() - 1));
  }

  NodePtr back_reference() {
    std::uint32_t group = text_[at_++] - '0';
    if (!is_at_end() && is_digit(text_[at_])) group = group * 10 + (text_[at_++] - '0');
    if (group > group_count_ || std::count(open_.begin(), open_.end(), group) > 0)
      return fail("invalid group reference");
    return instruction(Op::same_as, group);
  }

  // What may stand after a backslash both in and outside of [...].
  bool escaped(char& class_name, char32_t& character) {
    const char32_t c = text_[at_++];
    constexpr std::u32string_view kClasses = U"dDwWsS";
    if (kClasses.find(c) != std::u32string_view::npos) {
      class_name = static_cast<char>(c);
      return true;
    }
    constexpr std::u32string_view kNames = U"ntrfva", kMeanings = U"\n\t\r\f\v\a";
    if (const auto index = kNames.find(c); index != std::u32string_view::npos) {
      character = kMeanings[index];
      return true;
    }
    if (c == 'x') return hex(2, character);
    if (c == 'u') return hex(4, character);
    if (c == 'U') return hex(8, character);
    if (c >= '0' && c <= '7') {
      character = c - '0';
      for (int i = 0; i < 2 && !is_at_end() && text_[at_] >= '0' && text_[at_] <= '7'; ++i)
        character = character * 8 + (text_[at_++] - '0');
      return true;
    }
    if (is_letter(c)) {
      fail("bad escape");
      return false;
    }
    character = c;
    return true;
  }

  bool hex(int digits, char32_t& character) {
    character = 0;
    for (int i = 0; i < digits; ++i) {
      const int value = is_at_end() ? -1 : hex_value(text_[at_]);
      if (value < 0) {
        fail("incomplete escape");
        return false;
      }
      character = character * 16 + static_cast<char32_t>(value);
      ++at_;
    }
    return true;
  }

  NodePtr set() {
    ++at_;
    Set set;
    set.is_negated = take(U"^");
    for (bool is_first = true; is_at_end() || text_[at_] != ']' || is_first; is_first = false) {
      if (is_at_end()) return fail("unterminated character set");
      char low_class = 0, high_class = 0;
      char32_t low = 0, high = 0;
      if (!set_member(low_class, low)) return nullptr;
      if (!has(U"-") || at_ + 1 >= text_.size() || text_[at_ + 1] == ']') {
        if (low_class != 0)
          set.classes += low_class;
        else
          set.ranges.emplace_back(low, low);
        continue;
      }
      ++at_;
      if (!set_member(high_class, high)) return nullptr;
      if (low_class != 0 || high_class != 0 || high < low) return fail("bad character range");
      set.ranges.emplace_back(low, high);
    }
    ++at_;
    program_.sets.push_back(std::move(set));
    return instruction(Op::set, static_cast<std::uint32_t>(program_.sets.size() - 1));
  }

  bool set_member(char& class_name, char32_t& character) {
    character = text_[at_++];
    if (character != '\\') return true;
    if (is_at_end()) {
      fail("unterminated character set");
      return false;
    }
    if (take(U"b")) {
      character = '\b';
      return true;
    }
    return escaped(class_name, character);
  }

  NodePtr group(bool& is_nothing) {
    ++at_;
    if (!take(U"?")) return capture();
    if (take(U":")) return closed(choice());
    if (take(U"=")) return look(false, false);
    if (take(U"!")) return look(true, false);
    if (take(U"<=")) return look(false, true);
    if (take(U"<!")) return look(true, true);
    if (take(U"P<")) return named_capture();
    if (take(U"P=")) return named_reference();
    if (take(U"(")) return conditional();
    if (take(U"#")) {
      is_nothing = true;
      while (!is_at_end() && text_[at_] != ')')
        ++at_;
      return closed(make_node(Kind::sequence));
    }
    return flags(is_nothing);
  }

  NodePtr closed(NodePtr node) {
    if (node && !take(U")")) return fail("missing ), unterminated subpattern");
    return node;
  }

  NodePtr capture() {
    if (group_count_ >= kMaxGroups) return fail("too many groups");
    const std::uint32_t number = ++group_count_;
    open_.push_back(number);
    NodePtr inner = closed(choice());
    open_.pop_back();
    if (!inner) return nullptr;
    NodePtr node = make_node(Kind::group);
    node->group = number;
    node->parts.push_back(std::move(inner));
    return node;
  }

  bool name(char32_t end, std::u32string& text) {
    while (!is_at_end() && text_[at_] != end)
      text += text_[at_++];
    const bool is_good = !is_at_end() && !text.empty() && !is_digit(text[0]) &&
                         std::all_of(text.begin(), text.end(), is_word);
    if (!is_good)
      fail("bad group name");
    else
      ++at_;
    return is_good;
  }

  NodePtr named_capture() {
    std::u32string text;
    if (!name('>', text)) return nullptr;
    if (!names_.emplace(text, group_count_ + 1).second) return fail("redefinition of group name");
    return capture();
  }

  NodePtr named_reference() {
    std::u32string text;
    if (!name(')', text)) return nullptr;
    const auto found = names_.find(text);
    if (found == names_.end()) return fail("unknown group name");
    return instruction(Op::same_as, found->second);
  }

  NodePtr conditional() {
    std::uint32_t number_given = 0;
    if (number(number_given)) {
      if (!take(U")")) return fail("bad group reference");
    } else {
      std::u32string text;
      if (!name(')', text)) return nullptr;
      const auto found = names_.find(text);
      if (found == names_.end()) return fail("unknown group name");
      number_given = found->second;
    }
    if (number_given == 0 || number_given > group_count_) return fail("invalid group reference");
    NodePtr inner = closed(choice());
    if (!inner) return nullptr;
    if (inner->parts.size() > 2) return fail("conditional with more than two branches");
    NodePtr node = make_node(Kind::conditional);
    node->group = number_given;
    node->parts = std::move(inner->parts);
    return node;
  }

  NodePtr look(bool is_negated, bool is_behind) {
    NodePtr inner = closed(choice());
    if (!inner) return nullptr;
    NodePtr node = make_node(Kind::look);
    node->code.flag = is_negated;
    node->is_behind = is_behind;
    node->parts.push_back(std::move(inner));
    return node;
  }

  // (?i) for all that follows, (?i:...) for the group, (?-i:...) off again.
  NodePtr flags(bool& is_nothing) {
    Flags changed = flags_;
    bool to = true;
    for (; !is_at_end() && text_[at_] != ':' && text_[at_] != ')'; ++at_) {
      const char32_t c = text_[at_];
      if (c == '-' && to)
        to = false;
      else if (c == 'i')
        changed.ignore_case = to;
      else if (c == 'm')
        changed.multi_line = to;
      else if (c == 's')
        changed.dot_all = to;
      else if (c == 'x')
        changed.verbose = to;
      else if (c != 'a' && c != 'u' && c != 'L')
        return fail("unknown extension");
    }
    if (take(U")")) {
      is_nothing = true;
      flags_ = changed;
      return make_node(Kind::sequence);
    }
    if (!take(U":")) return fail("missing )");
    const Flags outer = flags_;
    flags_ = changed;
    NodePtr inner = closed(choice());
    flags_ = outer;
    return inner;
  }

  const std::u32string text_;
  std::size_t at_ = 0;
  Program& program_;
  Flags flags_;
  std::uint32_t group_count_ = 0;
  int nesting_ = 0;
  std::vector<std::uint32_t> open_;  // groups not closed yet
  std::map<std::u32string, std::uint32_t> names_;
  std::string error_;
};

}  // namespace

NodePtr parse_tree(const std::u32string& text, Program& program, std::string& error) {
  Parser parser(text, program);
  NodePtr tree = parser.parse();
  program.register_count = 2 * (parser.group_count() + 1);
  if (!tree) error = parser.error();
  return tree;
}

}  // namespace cfy::schema::pattern
