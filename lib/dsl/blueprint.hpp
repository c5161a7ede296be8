// Blueprint: everything known while a blueprint is read, phase by phase. The Plan grows in it.
#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include <nlohmann/json.hpp>

#include "dsl/data_types.hpp"
#include "dsl/imports.hpp"
#include "dsl/mapping.hpp"
#include "dsl/merge.hpp"
#include "dsl/types.hpp"
#include "plan/plan.hpp"

namespace cfy::dsl {

struct Blueprint {
  explicit Blueprint(Context& shared) : context(shared) {}
  Blueprint(const Blueprint&) = delete;
  Blueprint& operator=(const Blueprint&) = delete;

  Context& context;
  SourceFiles files;
  Merged merged;
  DataTypes data_types;
  Types node_types;
  Types relationship_types;
  plan::Plan plan;

  // For each node of the plan, at the same position:
  std::vector<const Element*> node_elements;
  std::vector<std::vector<std::string>> host_plugins;  ///< plugins it uses on its host
  std::vector<bool> broken_nodes;  ///< reported already; uses of them are not checked further

  std::unordered_map<std::string_view, std::size_t> node_index;

  std::optional<std::size_t> find_node(std::string_view name) const {
    const auto found = node_index.find(name);
    return found == node_index.end() ? std::nullopt : std::optional(found->second);
  }
};

}  // namespace cfy::dsl
