// The parts of cfy-dsl-conformance: one function for each kind of case. Each gives the result in
// the format that the recorded cases are compared in.
#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include "base/diagnostics.hpp"
#include "functions/arguments.hpp"

namespace cfy::conformance {

using nlohmann::json;

/// {"ok": false, "errors": [...]} of what was found.
json failure(const base::Diagnostics& diagnostics);
json failure(const functions::Fault& fault);
json failure(const std::string& message);

/// Kinds parse and deployment. The case's files are written below `folder`, which is empty.
json run_plan_case(const json& one, const std::filesystem::path& folder);
json run_modify_case(const json& one);
json run_evaluate_case(const json& one);

}  // namespace cfy::conformance
