// Scope: the variables as they are at one moment of rendering, and what rendering has used up.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "templates/render.hpp"
#include "templates/value.hpp"

namespace cfy::templates {

class Scope {
 public:
  /// Borrows the variables.
  Scope(const json& variables, const Limits& limits) : limits_(limits), frames_(1) {
    for (const auto& [name, value] : variables.items())
      frames_[0].emplace(name, Value::borrowed(value));
  }

  Value find(const std::string& name) const {
    for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame)
      if (const auto found = frame->find(name); found != frame->end()) return found->second;
    return Value::undefined(name);
  }
  /// In the innermost block: what a loop sets is gone when it ends, as in Jinja2.
  void set(const std::string& name, Value value) {
    frames_.back().insert_or_assign(name, std::move(value));
  }
  void enter() { frames_.emplace_back(); }
  void leave() { frames_.pop_back(); }

  void count_step() {
    if (++steps_ > limits_.steps)
      throw TemplateError(fmt::format(
          "the template does not come to an end: gave up after {} steps", limits_.steps));
  }
  /// Each text that is made, before it is.
  void check_size(std::size_t bytes) const {
    if (bytes > limits_.output_bytes)
      throw TemplateError(
          fmt::format("the template makes a text of more than {} bytes", limits_.output_bytes));
  }

 private:
  const Limits& limits_;
  std::vector<std::map<std::string, Value>> frames_;
  std::size_t steps_ = 0;
};

}  // namespace cfy::templates
