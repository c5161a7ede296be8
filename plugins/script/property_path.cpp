// Walks of property_path.hpp.
#include "property_path.hpp"

#include <charconv>

namespace cfy::script {
namespace {

using nlohmann::json;

// What is nested deeper is nobody's data, and would use up the stack of whoever copies it.
constexpr std::size_t kLongestPath = 1000;

// "b[2][3]" -> "b", 2, 3. The name may be missing only at the very start: "[0].x" of a list.
bool parse_part(std::string_view part, std::vector<PathStep>& steps) {
  const std::size_t bracket = part.find('[');
  const std::string_view name = part.substr(0, bracket);
  if (name.empty() && (bracket == std::string_view::npos || !steps.empty())) return false;
  if (!name.empty()) steps.emplace_back(std::string(name));
  std::string_view rest = bracket == std::string_view::npos ? "" : part.substr(bracket);
  while (!rest.empty()) {
    std::size_t index = 0;
    const char* end = rest.data() + rest.size();
    const auto [stop, error] = std::from_chars(rest.data() + 1, end, index);
    if (rest[0] != '[' || error != std::errc() || stop == end || *stop != ']') return false;
    steps.emplace_back(index);
    rest.remove_prefix(static_cast<std::size_t>(stop - rest.data()) + 1);
  }
  return true;
}

// What `step` leads to, made where it may be; nullptr where it does not fit.
json* step_into(json& value, const PathStep& step) {
  if (const auto* key = std::get_if<std::string>(&step)) {
    if (value.is_null()) value = json::object();
    return value.is_object() ? &value[*key] : nullptr;
  }
  const std::size_t index = std::get<std::size_t>(step);
  if (!value.is_array() || index > value.size()) return nullptr;
  if (index == value.size()) value.push_back(nullptr);
  return &value[index];
}

}  // namespace

std::optional<std::vector<PathStep>> parse_path(const std::string& path) {
  std::vector<PathStep> steps;
  std::size_t start = 0;
  for (;;) {
    const std::size_t dot = path.find('.', start);
    const std::size_t length = dot == std::string::npos ? path.size() - start : dot - start;
    if (!parse_part(std::string_view(path).substr(start, length), steps)) return std::nullopt;
    if (steps.size() > kLongestPath) return std::nullopt;
    if (dot == std::string::npos) return steps;
    start = dot + 1;
  }
}

const json* find_at(const json& root, const std::vector<PathStep>& path) {
  const json* value = &root;
  for (const PathStep& step : path) {
    if (const auto* key = std::get_if<std::string>(&step)) {
      const auto found = value->is_object() ? value->find(*key) : value->end();
      if (!value->is_object() || found == value->end()) return nullptr;
      value = &*found;
    } else {
      const std::size_t index = std::get<std::size_t>(step);
      if (!value->is_array() || index >= value->size()) return nullptr;
      value = &(*value)[index];
    }
  }
  return value;
}

bool set_at(json& root, const std::vector<PathStep>& path, json value) {
  json changed = root;
  json* place = &changed;
  for (const PathStep& step : path) {
    place = step_into(*place, step);
    if (place == nullptr) return false;
  }
  *place = std::move(value);
  root = std::move(changed);
  return true;
}

}  // namespace cfy::script
