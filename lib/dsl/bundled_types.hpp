// The types file that is part of the program; its text is blueprints/types/types.yaml.
#pragma once

#include <string_view>

namespace cfy::dsl {

/// The name by which blueprints import it.
inline constexpr std::string_view kBundledTypesName = "cloudify/types/types.yaml";

std::string_view bundled_types_text();

}  // namespace cfy::dsl
