// What node templates and their relationships have in common: properties and interfaces merged
// with those of a type, worked out once for all that add nothing to the type.
#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>

#include "dsl/blueprint.hpp"
#include "dsl/bound_operations.hpp"

namespace cfy::dsl {

class TemplateParts {
 public:
  TemplateParts(Blueprint& blueprint, MappingResolver& resolver)
      : blueprint_(blueprint), resolver_(resolver) {}

  /// `given` (nullptr: none) completed from the type's schemas. Problems are reported.
  /// @param holder  the template's key: the place of what is missing
  json merge_properties(const Type& type, const Value* given, std::string_view subject,
                        const Value& holder, const Path& path);

  /// @param type_interfaces  one of the Interfaces of `type`
  const BoundInterfaces& merge_interfaces_of(const Type& type, Interfaces Type::*type_interfaces,
                                             const Value* given, std::string_view subject,
                                             const Value& holder, int unknown_code,
                                             const Path& path);

  /// Resolve the mappings of a relationship type, used or not (19 and others).
  void check_mappings(const Type& type);

 private:
  struct Defaults {
    json properties;
    std::uint64_t values = 0;  // in `properties`
    schema::Problems problems;
  };
  const Defaults& defaults_of(const Type& type);
  void report_mappings(const BoundInterfaces& bound, std::string_view subject, const Value* holder,
                       const Path& path);
  void report_bound(const BoundInterfaces& bound, const Value* given, std::string_view subject,
                    const Value& holder, const Path& path);

  Blueprint& blueprint_;
  MappingResolver& resolver_;
  std::map<const Type*, Defaults> defaults_;
  std::map<std::pair<const Type*, const Interfaces*>, BoundInterfaces> shared_;
  BoundInterfaces own_;  // of the template looked at last
  // Wrong mappings of types are reported once, not for each node.
  std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, int>> reported_;
};

}  // namespace cfy::dsl
