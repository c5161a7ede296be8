// The name that was meant by one that does not exist.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace workflows {

/// "; did you mean 'x'?" with the nearest of `known`, or nothing when more than a third of the
/// letters differ.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

}  // namespace workflows
