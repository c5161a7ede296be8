// Statements: the template as a tree of texts, outputs and blocks.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "templates/expression.hpp"

namespace cfy::templates {

class Statement {
 public:
  Statement() = default;
  virtual ~Statement() = default;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  /// Append what it prints. Throws TemplateError.
  virtual void run(Scope& scope, std::string& out) const = 0;
};

using Block = std::vector<std::unique_ptr<Statement>>;
void run(const Block& block, Scope& scope, std::string& out);
/// What it prints, with variables of its own.
std::string run_inside(const Block& block, Scope& scope);

/// Throws TemplateError, with the line.
Block parse_template(std::string_view text);

}  // namespace cfy::templates
