// Operations as types and templates declare them, and how the declarations merge. What a mapping
// resolves to is the business of mapping.hpp.
#pragma once

#include <map>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "dsl/context.hpp"
#include "dsl/data_types.hpp"
#include "dsl/schemas.hpp"
#include "schema/problem.hpp"

namespace cfy::dsl {

/// One operation as declared. `inputs` are schemas in a type and values in a template.
struct OperationDef {
  std::string implementation;  ///< empty: none given
  json inputs = json::object();
  json executor;  ///< null where not set; so are the next four
  json max_retries;
  json retry_interval;
  json timeout;
  json timeout_recoverable;
  const Value* inputs_value = nullptr;  ///< as written, for places
  base::SourceRange declared_at;        ///< of the implementation, else of the operation's name

  /// Nothing is said at all: in a template this takes the type's operation away.
  bool is_empty() const;
  json to_json() const;  ///< as in the plan's interfaces
};

using OperationPtr = std::shared_ptr<const OperationDef>;
/// interface to operation to declaration
using Interfaces = std::map<std::string, std::map<std::string, OperationPtr>, std::less<>>;

enum class DeclaredIn { type, node_template };

/// An `interfaces` map. Errors: 1, 28 executor, 102, ValueError numbers out of range.
Interfaces read_interfaces(Context& context, const Value* value, DeclaredIn where,
                           const DataTypes& data_types, const Path& path);

/// `derived` over `base`: operations that it names replace those of the base whole.
Interfaces derive_interfaces(const Interfaces& base, const Interfaces& derived);

/// What a node template (or relationship of one) has, given what its type declares. Inputs become
/// values: defaults are filled in, missing ones are problems (107) whose path starts with
/// interface and operation.
Interfaces merge_interfaces(const Interfaces& type, const Interfaces& node_template,
                            schema::Problems& problems);

std::uint64_t count_operations(const Interfaces& interfaces);

json to_json(const Interfaces& interfaces);

}  // namespace cfy::dsl
