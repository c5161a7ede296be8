// The relationships of a node template.
#pragma once

#include "dsl/template_parts.hpp"

namespace cfy::dsl {

class RelationshipReader {
 public:
  RelationshipReader(Blueprint& blueprint, TemplateParts& parts)
      : blueprint_(blueprint), parts_(parts) {}

  /// Read those of the node at `index`. `section` is the path of node_templates.
  void read(std::size_t index, const Path& section);

 private:
  void read_one(std::size_t index, const Value& value, const Path& path);
  const Type* find_type(const Value& name, const Path& path);
  std::optional<std::size_t> find_target(std::size_t index, const Value& name, const Path& path);
  void read_side(std::size_t index, std::size_t target, const Type& type, const Value& value,
                 bool is_source, const std::string& subject, const Path& path,
                 plan::Relationship& relationship);
  void add_plugins(std::size_t index, const BoundInterfaces& bound);
  void check_containments(std::size_t index, const Path& path);
  void check_lifecycle_operation(std::size_t index, std::size_t target, const Value& value,
                                 const Path& path);

  Blueprint& blueprint_;
  TemplateParts& parts_;
};

}  // namespace cfy::dsl
