// Problems and faults as Diagnostics: the one place that words what a deployment rejects.
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostics.hpp"
#include "functions/arguments.hpp"
#include "plan/plan.hpp"
#include "schema/problem.hpp"

namespace cfy::deploy {

/// @param subject   "input 'port'"
/// @param path      "inputs.port"; where that is declared is told besides
/// @param given_at  where the value stands; unknown when it was not given in a file
void report_problem(const plan::Plan& plan, std::string_view subject, const std::string& path,
                    const schema::Problem& problem, const base::SourceRange& given_at,
                    base::Diagnostics& diagnostics);

/// @param path  what was evaluated, "nodes.web.properties.url"; the fault itself may know better
void report_fault(const plan::Plan& plan, const functions::Fault& fault, const std::string& path,
                  base::Diagnostics& diagnostics);

}  // namespace cfy::deploy
