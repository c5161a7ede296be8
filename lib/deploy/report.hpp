// Problems and faults as Diagnostics: the one place that words what a deployment rejects.
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostics.hpp"
#include "functions/arguments.hpp"
#include "plan/plan.hpp"
#include "schema/problem.hpp"

namespace cfy::deploy {

/// " (declared blueprint.yaml:5:3)" for a key of Plan::declared_at, or "".
std::string declared_text(const plan::Plan& plan, std::string_view key);

/// @param subject  "input 'port'"
/// @param path     "inputs.port"; what it says about where the value is declared is added
void report_problem(const plan::Plan& plan, std::string_view subject, const std::string& path,
                    const schema::Problem& problem, base::Diagnostics& diagnostics);

void report_fault(const functions::Fault& fault, const std::string& path,
                  base::Diagnostics& diagnostics);

}  // namespace cfy::deploy
