// {% for %}, and what `loop` is within it.
#pragma once

#include "templates/statements.hpp"
#include "templates/targets.hpp"

namespace cfy::templates {

class For final : public Statement {
 public:
  int line = 0;
  Target target;
  ExpressionPointer list, condition;  ///< no condition: nullptr
  bool is_recursive = false;
  Block block, otherwise;

  void run(Scope& scope, std::string& out) const override;
  /// @param depth  of loops called by themselves; the outermost is 0
  void go_over(const Value& value, std::size_t depth, Scope& scope, std::string& out) const;

 private:
  Items picked(Items items, Scope& scope) const;
};

/// Lives as long as its loop runs.
class Loop final : public Object {
 public:
  /// @param frame  what the loop sees
  Loop(const For& statement, const Items& items, std::size_t depth, std::shared_ptr<Frame> frame)
      : statement_(statement), items_(items), depth_(depth), frame_(std::move(frame)) {}
  void move_to(std::size_t at) { at_ = at; }

  std::string type() const override { return "a loop"; }
  Value attribute(const std::string& name) override;
  /// The loop over other things, of a recursive one.
  Value call(const Arguments& arguments, Scope& scope) override;
  /// cycle(), changed()
  Value call_method(const std::string& name, const Arguments& arguments, Scope& scope) override;

 private:
  const For& statement_;
  const Items& items_;
  std::size_t depth_, at_ = 0;
  std::shared_ptr<Frame> frame_;
  std::optional<Value> last_;  // what changed() saw
};

}  // namespace cfy::templates
