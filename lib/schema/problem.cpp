// Texts for Problem: paths and whole sentences.
#include "schema/problem.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace cfy::schema {

std::string to_string(const Path& path) {
  std::string text;
  for (const std::string& step : path) {
    const bool is_index = !step.empty() && std::all_of(step.begin(), step.end(),
                                                       [](char c) { return c >= '0' && c <= '9'; });
    if (is_index)
      text += fmt::format("[{}]", step);
    else
      text += text.empty() ? step : "." + step;
  }
  return text;
}

std::string to_sentence(std::string_view subject, const Problem& problem) {
  if (problem.path.empty()) return fmt::format("{} {}", subject, problem.message);
  return fmt::format("{}: '{}' {}", subject, to_string(problem.path), problem.message);
}

}  // namespace cfy::schema
