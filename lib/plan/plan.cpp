#include "plan/plan.hpp"

#include <algorithm>

namespace cfy::plan {
namespace {

bool holds(const std::shared_ptr<const std::vector<std::string>>& hierarchy,
           std::string_view name) {
  return hierarchy && std::find(hierarchy->begin(), hierarchy->end(), name) != hierarchy->end();
}

}  // namespace

bool Relationship::is_derived_from(std::string_view ancestor) const {
  return holds(type_hierarchy, ancestor);
}

bool Node::is_of_type(std::string_view type_name) const {
  return holds(type_hierarchy, type_name);
}

const Relationship* Node::find_containment() const {
  for (const Relationship& relationship : relationships)
    if (relationship.is_derived_from(kContainedIn)) return &relationship;
  return nullptr;
}

const Node* Plan::find_node(std::string_view id) const {
  for (const Node& node : nodes)
    if (node.id == id) return &node;
  return nullptr;
}

std::optional<std::string> Plan::imported_file(std::string_view name) const {
  constexpr std::string_view kDelimiter = "--";
  for (std::size_t end = name.rfind(kDelimiter); end != std::string_view::npos && end > 0;
       end = name.rfind(kDelimiter, end - 1)) {
    const auto folder = imported_folders.find(std::string(name.substr(0, end)));
    if (folder == imported_folders.end()) continue;
    const std::string_view plain = name.substr(name.rfind(kDelimiter) + kDelimiter.size());
    return folder->get<std::string>() + '/' + std::string(plain);
  }
  return std::nullopt;
}

base::SourceRange Plan::find_place(std::string_view path) const {
  for (;;) {
    const auto found = places.find(path);
    if (found != places.end()) return found->second;
    const std::size_t end = path.find_last_of(".[");
    if (end == std::string_view::npos) return {};
    path = path.substr(0, end);
  }
}

}  // namespace cfy::plan
