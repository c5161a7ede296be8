// Where a loop and {% set %} put values: x, (a, b), ns.x.
#pragma once

#include "templates/scope.hpp"
#include "templates/token_stream.hpp"

namespace cfy::templates {

struct Target {
  int line = 0;
  std::string name{};
  std::string attribute{};      ///< of the namespace `name`; "": the variable itself
  std::vector<Target> parts{};  ///< of a, b: then it has no name
};

/// Throws TemplateError, with the line, also when there are not as many values as names.
void assign(const Target& target, const Value& value, Scope& scope);

enum class Attributes { allowed, refused };
/// "a", "a, b", "a, (b, c)"; with attributes also "a.b". Throws TemplateError.
Target parse_target(TokenStream& tokens, Attributes attributes);
/// The name of a variable that may be set. Throws TemplateError.
std::string parse_variable(TokenStream& tokens);

}  // namespace cfy::templates
