// Whole sections at run time: outputs and capabilities of a deployment.
#pragma once

#include <map>

#include "functions/evaluate.hpp"

namespace cfy::functions {

using Outputs = std::map<std::string, plan::Output, std::less<>>;

/// The values of outputs, by name. One that is just a secret that does not exist is left out; an
/// attribute of a node whose instance is unclear becomes the text "<ERROR: ...>".
Answer evaluate_outputs(const Outputs& outputs, Storage& storage);

/// The values of capabilities, by name. As for outputs, but every fault is one.
Answer evaluate_capabilities(const Outputs& capabilities, Storage& storage);

}  // namespace cfy::functions
