// The line of a file that a message speaks of, with a caret under the place.
#pragma once

#include <string>

#include "base/source.hpp"

namespace cfy::ui {

/// Two lines, "   14 |     type: x\n      |           ^", each with its end; empty when the range
/// has no line. A line too long for `width` columns (0: a generous limit) is cut around the caret.
std::string source_excerpt(const base::SourceMap& sources, const base::SourceRange& range,
                           std::size_t width);

}  // namespace cfy::ui
