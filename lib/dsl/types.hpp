// Node types and relationship types, flattened over derived_from.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "dsl/data_types.hpp"
#include "dsl/merge.hpp"
#include "dsl/operations.hpp"

namespace cfy::dsl {

inline constexpr std::string_view kCompute = "cloudify.nodes.Compute";

struct Type {
  std::string name;
  std::string derived_from;                                   ///< or empty
  std::shared_ptr<const std::vector<std::string>> hierarchy;  ///< base first, own name last
  json properties = json::object();                           ///< schemas, merged
  Interfaces interfaces;                                      ///< of a node type
  Interfaces source_interfaces;                               ///< of a relationship type
  Interfaces target_interfaces;
  base::SourceRange declared_at;

  bool is_derived_from(std::string_view ancestor) const;
};

/// What stands for a type that is not known: it has no parts, and derives from nothing.
const Type& unknown_type();

struct Types {
  std::map<std::string, Type, std::less<>> types;
  /// Names that are declared but wrong, reported already: uses of them are not errors.
  std::set<std::string, std::less<>> broken;

  const Type* find(std::string_view name) const;
  std::vector<std::string> names() const;
};

/// Errors: 1, 100 rings, 102, 103 unknown parents and types, 105-107 defaults.
Types read_node_types(Context& context, const Merged& merged, const DataTypes& data_types);
Types read_relationship_types(Context& context, const Merged& merged, const DataTypes& data_types);

/// The plan's `relationships`.
json relationship_types_to_json(const Types& types);

}  // namespace cfy::dsl
