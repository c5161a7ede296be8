// The texts that betray a secret: its lines, what is inside it when it is JSON, its base64. Each of
// them is looked for in all that a text may mean (text_readings.hpp), so quotes and escapes make no
// pattern of their own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cfy::event {

/// Patterns for `value`; those that are too short to hide are left out. Cost: linear.
std::vector<std::string> patterns_of(std::string_view value);

}  // namespace cfy::event
