#include "dsl/derivation.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"

namespace cfy::dsl {
namespace {

// Depth first, with a stack of its own: chains may be as long as the file.
class Orderer {
 public:
  Orderer(Context& context, const Section& section,
          const std::function<std::vector<Need>(const Element&)>& needs, const Path& path)
      : context_(context),
        section_(section),
        needs_(needs),
        path_(path),
        states_(section.elements.size(), State::unseen) {}

  std::vector<const Element*> run() {
    for (std::size_t i = 0; i < section_.elements.size(); ++i)
      if (states_[i] == State::unseen) visit(i);
    return std::move(ordered_);
  }

 private:
  enum class State { unseen, open, done, broken };
  struct Frame {
    std::size_t element;
    std::vector<Need> needs;
    std::size_t next = 0;
    bool is_broken = false;
  };

  void visit(std::size_t first) {
    push(first);
    while (!stack_.empty()) {
      Frame& frame = stack_.back();
      if (frame.next < frame.needs.size()) {
        const Need need = frame.needs[frame.next++];
        follow(frame, need);
        continue;
      }
      states_[frame.element] = frame.is_broken ? State::broken : State::done;
      if (!frame.is_broken) ordered_.push_back(&section_.elements[frame.element]);
      const bool is_broken = frame.is_broken;
      stack_.pop_back();
      if (!stack_.empty() && is_broken) stack_.back().is_broken = true;
    }
  }

  void push(std::size_t element) {
    states_[element] = State::open;
    stack_.push_back({element, needs_(section_.elements[element])});
  }

  void follow(Frame& frame, const Need& need) {
    const auto found = section_.index.find(need.name);
    if (found == section_.index.end()) return;
    switch (states_[found->second]) {
      case State::unseen:
        push(found->second);
        break;
      case State::open:
        frame.is_broken = true;
        report_ring(found->second, need);
        break;
      case State::broken:
        frame.is_broken = true;
        break;
      case State::done:
        break;
    }
  }

  void report_ring(std::size_t start, const Need& need) {
    if (++reported_ > kMaxRings) return;
    std::vector<std::string> names;
    const auto first = std::find_if(stack_.begin(), stack_.end(),
                                    [&](const Frame& frame) { return frame.element == start; });
    for (auto at = first; at != stack_.end(); ++at)
      names.emplace_back(section_.elements[at->element].name());
    names.emplace_back(section_.elements[start].name());
    context_.error(100, need.range, Path(path_, names.front()),
                   fmt::format("a ring: {}", base::join(names, " -> ")));
  }

  Context& context_;
  const Section& section_;
  const std::function<std::vector<Need>(const Element&)>& needs_;
  const Path& path_;
  std::vector<State> states_;
  std::vector<Frame> stack_;
  std::vector<const Element*> ordered_;
  int reported_ = 0;
};

}  // namespace

bool check_not_null(Context& context, const Element& element, std::string_view noun,
                    const Path& path) {
  if (!element.value->is_null()) return true;
  context
      .error(1, element.key->range(), path,
             fmt::format("{} cannot be null, as '{}' is", noun, element.name()))
      .hint = "write '{}' for one that adds nothing";
  return false;
}

std::vector<const Element*> order_by_needs(
    Context& context, const Section& section,
    const std::function<std::vector<Need>(const Element&)>& needs, const Path& path) {
  return Orderer(context, section, needs, path).run();
}

}  // namespace cfy::dsl
