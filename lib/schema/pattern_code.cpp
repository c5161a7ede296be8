// Makes the code of a pattern from its tree.
#include "schema/pattern.hpp"
#include "schema/pattern_tree.hpp"

namespace cfy::schema {
namespace pattern {
namespace {

constexpr std::size_t kMaxCode = 20'000;

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
    if (node.most == kEndless) return emit_loop(node);
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

std::string make_code(const Node& tree, Program& program) {
  Coder coder(program);
  coder.code(tree);
  return coder.error();
}

}  // namespace pattern

std::optional<Pattern> Pattern::parse(std::string_view text, std::string* error) {
  auto program = std::make_shared<pattern::Program>();
  std::string why;
  const auto tree = pattern::parse_tree(pattern::decode(text), *program, why);
  if (tree) why = pattern::make_code(*tree, *program);
  if (why.empty()) return Pattern(std::move(program));
  if (error != nullptr) *error = why;
  return std::nullopt;
}

}  // namespace cfy::schema
