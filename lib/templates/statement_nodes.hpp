// The kinds of statements, but for loops and macros.
#pragma once

#include "templates/statements.hpp"
#include "templates/targets.hpp"

namespace cfy::templates {

class Text final : public Statement {
 public:
  explicit Text(std::string text) : text_(std::move(text)) {}
  void run(Scope& scope, std::string& out) const override;

 private:
  std::string text_;
};

class Output final : public Statement {
 public:
  explicit Output(ExpressionPointer value) : value_(std::move(value)) {}
  void run(Scope& scope, std::string& out) const override;

 private:
  ExpressionPointer value_;
};

class If final : public Statement {
 public:
  struct Branch {
    ExpressionPointer condition;  ///< nullptr: else
    Block block;
  };
  explicit If(std::vector<Branch> branches) : branches_(std::move(branches)) {}
  void run(Scope& scope, std::string& out) const override;

 private:
  std::vector<Branch> branches_;
};

/// {% set x = value %}
class Set final : public Statement {
 public:
  Set(Target target, ExpressionPointer value)
      : target_(std::move(target)), value_(std::move(value)) {}
  void run(Scope& scope, std::string& out) const override;

 private:
  Target target_;
  ExpressionPointer value_;
};

/// {% set x|filter %}...{% endset %}
class SetBlock final : public Statement {
 public:
  SetBlock(Target target, FilterChain filters, Block block)
      : target_(std::move(target)), filters_(std::move(filters)), block_(std::move(block)) {}
  void run(Scope& scope, std::string& out) const override;

 private:
  Target target_;
  FilterChain filters_;
  Block block_;
};

/// {% with x = value, ... %}...{% endwith %}
class With final : public Statement {
 public:
  using Settings = std::vector<std::pair<Target, ExpressionPointer>>;
  With(Settings settings, Block block) : settings_(std::move(settings)), block_(std::move(block)) {}
  void run(Scope& scope, std::string& out) const override;

 private:
  Settings settings_;
  Block block_;
};

/// {% filter name|name %}...{% endfilter %}
class FilterBlock final : public Statement {
 public:
  FilterBlock(FilterChain filters, Block block)
      : filters_(std::move(filters)), block_(std::move(block)) {}
  void run(Scope& scope, std::string& out) const override;

 private:
  FilterChain filters_;
  Block block_;
};

/// Append a text that was made. Throws TemplateError when it gets too large.
void append(const std::string& text, Scope& scope, std::string& out);

}  // namespace cfy::templates
