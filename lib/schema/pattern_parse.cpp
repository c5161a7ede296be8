// Turns the text of a pattern into a Program: recursive descent into a tree, then code.
#include <algorithm>
#include <map>
#include <memory>

#include "schema/pattern.hpp"
#include "schema/pattern_program.hpp"

namespace cfy::schema {
namespace pattern {
namespace {

constexpr std::size_t kMaxCode = 20'000;
constexpr std::uint32_t kMaxGroups = 1'000;
constexpr int kMaxNesting = 100;
constexpr std::uint32_t kMaxRepeat = 4'294'967'295U;  // also stands for "no limit"

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
    std::uint32_t least = 0, most = kMaxRepeat;
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
    std::uint32_t low = 0, high = kMaxRepeat;
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

// Tree to code.
class Coder {
 public:
  explicit Coder(Program& program) : program_(program) {}

  bool code(const Node& root) {
    emit(root);
    add({Op::match});
    return error_.empty();
  }
  const std::string& error() const { return error_; }

 private:
  std::uint32_t here() const { return static_cast<std::uint32_t>(program_.code.size()); }

  std::uint32_t add(Instruction instruction) {
    program_.code.push_back(instruction);
    return here() - 1;
  }

  void emit(const Node& node) {
    if (here() > kMaxCode || ++emitted_ > 10 * kMaxCode) error_ = "pattern too large";
    if (!error_.empty()) return;
    switch (node.kind) {
      case Kind::code:
        add(node.code);
        return;
      case Kind::sequence:
        for (const NodePtr& part : node.parts)
          emit(*part);
        return;
      case Kind::choice:
        return emit_choice(node);
      case Kind::group:
        add({Op::save, false, false, 2 * node.group});
        emit(*node.parts[0]);
        add({Op::save, false, false, 2 * node.group + 1});
        return;
      case Kind::repeat:
        return emit_repeat(node);
      case Kind::look:
        return emit_look(node);
      case Kind::conditional:
        return emit_conditional(node);
    }
  }

  void emit_choice(const Node& node) {
    std::vector<std::uint32_t> exits;
    for (std::size_t i = 0; i + 1 < node.parts.size(); ++i) {
      const std::uint32_t split = add({Op::split});
      program_.code[split].a = here();
      emit(*node.parts[i]);
      exits.push_back(add({Op::jump}));
      program_.code[split].b = here();
    }
    emit(*node.parts.back());
    for (const std::uint32_t exit : exits)
      program_.code[exit].a = here();
  }

  void point(std::uint32_t split, bool is_lazy, std::uint32_t into, std::uint32_t past) {
    program_.code[split].a = is_lazy ? past : into;
    program_.code[split].b = is_lazy ? into : past;
  }

  void emit_repeat(const Node& node) {
    for (std::uint32_t i = 0; i < node.least && error_.empty(); ++i)
      emit(*node.parts[0]);
    if (node.most == kMaxRepeat) return emit_loop(node);
    std::vector<std::uint32_t> splits;
    for (std::uint32_t i = node.least; i < node.most && error_.empty(); ++i) {
      splits.push_back(add({Op::split}));
      emit(*node.parts[0]);
    }
    for (const std::uint32_t split : splits)
      point(split, node.is_lazy, split + 1, here());
  }

  void emit_loop(const Node& node) {
    const std::uint32_t moved = program_.register_count++;
    const std::uint32_t split = add({Op::split});
    add({Op::save, false, false, moved});
    emit(*node.parts[0]);
    add({Op::check_moved, false, false, moved});
    add({Op::jump, false, false, split});
    point(split, node.is_lazy, split + 1, here());
  }

  void emit_look(const Node& node) {
    std::uint32_t width = 0;
    if (node.is_behind && !fixed_width(*node.parts[0], width)) {
      error_ = "look-behind requires fixed-width pattern";
      return;
    }
    const std::uint32_t look = add({Op::look, node.code.flag, false, 0, width});
    emit(*node.parts[0]);
    add({Op::look_done});
    program_.code[look].a = here();
  }

  void emit_conditional(const Node& node) {
    const std::uint32_t test = add({Op::if_group, false, false, node.group});
    emit(*node.parts[0]);
    const std::uint32_t exit = add({Op::jump});
    program_.code[test].b = here();
    if (node.parts.size() > 1) emit(*node.parts[1]);
    program_.code[exit].a = here();
  }

  // How many code points a node reads, if that is always the same number.
  static bool fixed_width(const Node& node, std::uint32_t& width) {
    switch (node.kind) {
      case Kind::code:
        width = node.code.op <= Op::set ? 1 : 0;
        return node.code.op != Op::same_as;
      case Kind::look:
        width = 0;
        return true;
      case Kind::repeat: {
        std::uint32_t one = 0;
        if (node.least != node.most || node.most > kMaxCode || !fixed_width(*node.parts[0], one))
          return false;
        width = one * node.least;
        return true;
      }
      case Kind::choice:
      case Kind::conditional:
        return same_width(node, width);
      default:
        break;
    }
    width = 0;
    for (const NodePtr& part : node.parts) {
      std::uint32_t one = 0;
      if (!fixed_width(*part, one)) return false;
      width += one;
    }
    return true;
  }

  static bool same_width(const Node& node, std::uint32_t& width) {
    for (std::size_t i = 0; i < node.parts.size(); ++i) {
      std::uint32_t one = 0;
      if (!fixed_width(*node.parts[i], one) || (i > 0 && one != width)) return false;
      width = one;
    }
    return true;
  }

  Program& program_;
  std::size_t emitted_ = 0;  // nodes; also those that need no code may be repeated without end
  std::string error_;
};

}  // namespace
}  // namespace pattern

std::optional<Pattern> Pattern::parse(std::string_view text, std::string* error) {
  auto program = std::make_shared<pattern::Program>();
  const auto failed = [error](const std::string& why) {
    if (error != nullptr) *error = why;
    return std::nullopt;
  };
  pattern::Parser parser(pattern::decode(text), *program);
  const auto tree = parser.parse();
  if (!tree) return failed(parser.error());
  program->register_count = 2 * (parser.group_count() + 1);
  pattern::Coder coder(*program);
  if (!coder.code(*tree)) return failed(coder.error());
  return Pattern(std::move(program));
}

}  // namespace cfy::schema
