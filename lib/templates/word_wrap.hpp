// Breaking a line where Python's textwrap does.
#pragma once

#include <string>
#include <vector>

namespace cfy::templates {

struct WrapOptions {
  std::size_t width;  ///< at least 1
  bool breaks_words;  ///< those that are longer than the width
  bool breaks_at_hyphens;
};

/// The lines that a line becomes; none for an empty one.
std::vector<std::string> wrap_line(const std::string& line, const WrapOptions& options);

}  // namespace cfy::templates
