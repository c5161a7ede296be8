// The version of the DSL: cloudify_dsl_1_0 to cloudify_dsl_1_5.
#pragma once

#include <optional>
#include <string>

#include "dsl/context.hpp"

namespace cfy::dsl {

inline constexpr std::string_view kVersionKey = "tosca_definitions_version";

/// The minor number that the main file names; reported when missing (27), unknown (29, with what
/// is known) or not a string (1).
std::optional<int> read_main_version(Context& context, const Value& root);

/// Check that an imported file names no version, or one that is not newer than the main file's
/// (28), and one that exists (29).
void check_import_version(Context& context, const Value& root);

std::string version_name(int minor);

}  // namespace cfy::dsl
