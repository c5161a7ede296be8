// Turns problems of values into Diagnostics.
#include "deploy/report.hpp"

#include <fmt/format.h>

namespace cfy::deploy {

namespace {

// For a plan that was read from JSON, which has no ranges.
std::string declared_text(const plan::Plan& plan, std::string_view key) {
  const auto found = plan.declared_at.find(key);
  if (found == plan.declared_at.end()) return {};
  return fmt::format(" (declared {})", found->second);
}

}  // namespace

void report_problem(const plan::Plan& plan, std::string_view subject, const std::string& path,
                    const schema::Problem& problem, const base::SourceRange& given_at,
                    base::Diagnostics& diagnostics) {
  const auto declared = plan.places.find(path);
  const bool is_declared = declared != plan.places.end();
  base::Diagnostic& diagnostic = diagnostics.add({});
  diagnostic.code = problem.code;
  diagnostic.type = problem.type;
  diagnostic.message = schema::to_sentence(subject, problem);
  if (!is_declared) diagnostic.message += declared_text(plan, path);
  if (given_at.is_known())
    diagnostic.range = given_at;
  else if (is_declared)
    diagnostic.range = declared->second;
  if (given_at.is_known() && is_declared)
    diagnostic.notes.push_back({"declared here", declared->second});
  diagnostic.path = path;
  const std::string inner = schema::to_string(problem.path);
  if (!inner.empty()) diagnostic.path += (inner.front() == '[' ? "" : ".") + inner;
  diagnostic.hint = problem.hint;
}

void report_fault(const plan::Plan& plan, const functions::Fault& fault, const std::string& path,
                  base::Diagnostics& diagnostics) {
  base::Diagnostic& diagnostic = diagnostics.add({});
  diagnostic.type = fault.type;
  diagnostic.message = fault.message;
  diagnostic.path = fault.path.empty() ? path : fault.path;
  diagnostic.range = plan.find_place(diagnostic.path);
  diagnostic.hint = fault.hint;
}

}  // namespace cfy::deploy
