// {% macro %} and {% call %}.
#pragma once

#include "templates/statements.hpp"

namespace cfy::templates {

/// What a macro is, apart from where it was defined.
struct MacroBody {
  struct Parameter {
    std::string name;
    ExpressionPointer otherwise;  ///< nullptr: undefined when it is not given
  };
  int line = 0;
  std::string name{};
  std::vector<Parameter> parameters{};
  Block block{};
  /// Which of these its text mentions: only then it takes more than its parameters.
  bool takes_varargs = false, takes_kwargs = false, takes_caller = false;
};

class Macro final : public Object {
 public:
  /// @param frame  what its block sees besides its own variables
  Macro(const MacroBody& body, std::shared_ptr<Frame> frame)
      : body_(body), frame_(std::move(frame)) {}
  std::string type() const override { return "a macro"; }
  Value attribute(const std::string& name) override;
  Value call(const Arguments& arguments, Scope& scope) override;
  /// @param caller  what caller() is within it
  Value call_with(const Value& caller, const Arguments& arguments, Scope& scope);

 private:
  void bind(const Arguments& arguments, Scope& scope) const;
  const MacroBody& body_;
  std::shared_ptr<Frame> frame_;
};

/// {% macro name(a, b=1) %}...{% endmacro %}
class MacroDefinition final : public Statement {
 public:
  explicit MacroDefinition(MacroBody body) : body_(std::move(body)) {}
  void run(Scope& scope, std::string& out) const override;

 private:
  MacroBody body_;
};

/// {% call(a) name(arguments) %}...{% endcall %}
class CallBlock final : public Statement {
 public:
  CallBlock(std::string name, ArgumentExpressions arguments, MacroBody body)
      : name_(std::move(name)), arguments_(std::move(arguments)), body_(std::move(body)) {}
  void run(Scope& scope, std::string& out) const override;

 private:
  Value call(Scope& scope) const;
  std::string name_;
  ArgumentExpressions arguments_;
  MacroBody body_;
};

}  // namespace cfy::templates
