// Scope: the variables as they are at one moment of rendering, and what rendering has used up.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "templates/object.hpp"
#include "templates/render.hpp"

namespace cfy::templates {

/// The variables of one block; `outer` is the block around it.
struct Frame {
  std::shared_ptr<Frame> outer;
  std::map<std::string, Value> variables;
};

class Scope {
 public:
  /// Borrows both.
  Scope(const json& variables, const Limits& limits)
      : variables_(variables), limits_(limits), frame_(std::make_shared<Frame>()), root_(frame_) {}

  /// Throws TemplateError when a variable is too large or too deep.
  Value find(const std::string& name);
  /// In the innermost block: what a loop sets is gone when it ends, as in Jinja2.
  void set(const std::string& name, Value value) {
    frame_->variables.insert_or_assign(name, std::move(value));
  }
  const std::shared_ptr<Frame>& frame() const { return frame_; }

  /// A block, for as long as this lives.
  class Inner {
   public:
    explicit Inner(Scope& scope) : Inner(scope, scope.frame_) {}
    /// @param outer  what the block sees: for a macro, where it was defined
    Inner(Scope& scope, std::shared_ptr<Frame> outer)
        : scope_(scope), before_(std::exchange(scope.frame_, nullptr)) {
      scope.frame_ = std::make_shared<Frame>(Frame{std::move(outer), {}});
    }
    ~Inner() { scope_.frame_ = std::move(before_); }
    Inner(const Inner&) = delete;
    Inner& operator=(const Inner&) = delete;

   private:
    Scope& scope_;
    std::shared_ptr<Frame> before_;
  };

  /// One more thing within the others, for as long as this lives. Throws TemplateError when the
  /// stack could not take it.
  class Level {
   public:
    /// @param weight  1: an expression in an expression
    explicit Level(Scope& scope, int weight = 1);
    ~Level() { scope_.depth_ -= weight_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Scope& scope_;
    int weight_;
  };

  /// A value that points at the object, which lives as long as the scope. Throws TemplateError when
  /// there are too many.
  Value keep(std::shared_ptr<Object> object);

  /// Throws TemplateError when the template has made more than it may.
  void count_step() { count_steps(1); }
  /// For what goes over many things.
  void count_steps(std::size_t count);
  /// For what reads or copies the whole of a value, however large.
  void count_size(const Value& value) { count_steps(value.bytes() / 1024); }
  /// Each text that is made, before it is.
  void check_size(std::size_t bytes) const;

 private:
  const json& variables_;
  const Limits& limits_;
  std::shared_ptr<Frame> frame_, root_;
  std::vector<std::shared_ptr<Object>> objects_;
  std::size_t steps_ = 0;
  int depth_ = 0;
};

}  // namespace cfy::templates
