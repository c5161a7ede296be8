// Turns problems of values into Diagnostics.
#include "deploy/report.hpp"

#include <fmt/format.h>

namespace cfy::deploy {

std::string declared_text(const plan::Plan& plan, std::string_view key) {
  const auto found = plan.declared_at.find(key);
  if (found == plan.declared_at.end()) return {};
  return fmt::format(" (declared {})", found->second);
}

void report_problem(const plan::Plan& plan, std::string_view subject, const std::string& path,
                    const schema::Problem& problem, base::Diagnostics& diagnostics) {
  base::Diagnostic& diagnostic = diagnostics.add({});
  diagnostic.code = problem.code;
  diagnostic.type = problem.type;
  diagnostic.message = schema::to_sentence(subject, problem) + declared_text(plan, path);
  diagnostic.path = problem.path.empty() ? path : path + "." + schema::to_string(problem.path);
  diagnostic.hint = problem.hint;
}

void report_fault(const functions::Fault& fault, const std::string& path,
                  base::Diagnostics& diagnostics) {
  base::Diagnostic& diagnostic = diagnostics.add({});
  diagnostic.type = fault.type;
  diagnostic.message = fault.message;
  diagnostic.path = path;
  diagnostic.hint = fault.hint;
}

}  // namespace cfy::deploy
