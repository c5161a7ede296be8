#include "dsl/node_relationships.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "dsl/fields.hpp"

namespace cfy::dsl {
namespace {

constexpr std::string_view kLifecycleOperation =
    "cloudify.relationships.depends_on_lifecycle_operation";

constexpr std::array<Field, 5> kNodeRelationshipFields = {{{"type", Shape::string, true},
                                                           {"target", Shape::string, true},
                                                           {"properties", Shape::map},
                                                           {"source_interfaces", Shape::map},
                                                           {"target_interfaces", Shape::map}}};

void add_once(std::vector<std::string>& list, const std::string& name) {
  if (std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
}

}  // namespace

void RelationshipReader::read(std::size_t index, const Path& section) {
  const Element& element = *blueprint_.node_elements[index];
  const Value* list = find_given(*element.value, "relationships");
  if (list == nullptr) return;
  const Path node_path(section, element.name());
  const Path path(node_path, "relationships");
  const auto items = items_of(list);
  blueprint_.plan.nodes[index].relationships.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i)
    read_one(index, *items[i], Path(path, i));
  check_containments(index, path);
}

const Type* RelationshipReader::find_type(const Value& name, const Path& path) {
  const Types& types = blueprint_.relationship_types;
  if (const Type* type = types.find(name.text())) return type;
  if (types.broken.contains(name.text())) return nullptr;
  blueprint_.context
      .error(26, name.range(), Path(path, "type"),
             fmt::format("there is no relationship type '{}'", name.text()))
      .hint = blueprint_.context.hint(name.text(), [&] { return types.names(); });
  return nullptr;
}

std::optional<std::size_t> RelationshipReader::find_target(std::size_t index, const Value& name,
                                                           const Path& path) {
  Context& context = blueprint_.context;
  const Path inner(path, "target");
  const auto target = blueprint_.find_node(name.text());
  if (!target) {
    const auto names = [&] {
      std::vector<std::string> known;
      for (const plan::Node& node : blueprint_.plan.nodes)
        known.push_back(node.id);
      return known;
    };
    context
        .error(25, name.range(), inner,
               fmt::format("there is no node template '{}' for this relationship of '{}'",
                           name.text(), blueprint_.plan.nodes[index].id))
        .hint = context.hint(name.text(), names);
  } else if (*target == index) {
    context.error(23, name.range(), inner,
                  fmt::format("'{}' cannot have a relationship to itself", name.text()));
    return std::nullopt;
  }
  return target;
}

void RelationshipReader::read_one(std::size_t index, const Value& value, const Path& path) {
  if (!check_fields(blueprint_.context, value, kNodeRelationshipFields, "a relationship", path))
    return;
  const Type* type = find_type(*find_given(value, "type"), path);
  const auto target = find_target(index, *find_given(value, "target"), path);
  if (!target) return;
  if (type == nullptr) type = &unknown_type();
  plan::Relationship relationship;
  relationship.type = find_given(value, "type")->text();
  relationship.type_hierarchy = type->hierarchy;
  relationship.target_id = blueprint_.plan.nodes[*target].id;
  const std::string subject = fmt::format("relationship of '{}' to '{}'",
                                          blueprint_.plan.nodes[index].id, relationship.target_id);
  if (type != &unknown_type())
    relationship.properties =
        parts_.merge_properties(*type, find_given(value, "properties"), subject,
                                *find_given(value, "type"), Path(path, "properties"));
  read_side(index, *target, *type, value, true, subject, path, relationship);
  read_side(index, *target, *type, value, false, subject, path, relationship);
  if (type->name == kLifecycleOperation) check_lifecycle_operation(index, *target, value, path);
  blueprint_.plan.nodes[index].relationships.push_back(std::move(relationship));
}

// Operations of the source side run with the node's plugins, those of the target side with the
// target's.
void RelationshipReader::read_side(std::size_t index, std::size_t target, const Type& type,
                                   const Value& value, bool is_source, const std::string& subject,
                                   const Path& path, plan::Relationship& relationship) {
  const std::string_view key = is_source ? "source_interfaces" : "target_interfaces";
  const BoundInterfaces& bound = parts_.merge_interfaces_of(
      type, is_source ? &Type::source_interfaces : &Type::target_interfaces, find_given(value, key),
      subject, *find_given(value, "type"), 19, Path(path, key));
  (is_source ? relationship.source_interfaces : relationship.target_interfaces).declared =
      bound.interfaces;
  (is_source ? relationship.source_operations : relationship.target_operations) = bound.operations;
  add_plugins(is_source ? index : target, bound);
}

void RelationshipReader::add_plugins(std::size_t index, const BoundInterfaces& bound) {
  for (const std::string& plugin : bound.plugins)
    add_once(blueprint_.plan.nodes[index].plugins, plugin);
  for (const std::string& plugin : bound.host_plugins)
    add_once(blueprint_.host_plugins[index], plugin);
}

void RelationshipReader::check_containments(std::size_t index, const Path& path) {
  const plan::Node& node = blueprint_.plan.nodes[index];
  const auto count = std::count_if(
      node.relationships.begin(), node.relationships.end(),
      [](const plan::Relationship& each) { return each.is_derived_from(plan::kContainedIn); });
  if (count > 1)
    blueprint_.context.error(
        112, find_given(*blueprint_.node_elements[index]->value, "relationships")->range(), path,
        fmt::format("'{}' is contained in {} nodes; it can be in one only", node.id, count));
}

// The source waits for one lifecycle operation of the target. As in the reference the relationship
// names it itself, and the target's template has it itself: what their types have does not count.
void RelationshipReader::check_lifecycle_operation(std::size_t index, std::size_t target,
                                                   const Value& value, const Path& path) {
  Context& context = blueprint_.context;
  const std::string& source_name = blueprint_.plan.nodes[index].id;
  const std::string& target_name = blueprint_.plan.nodes[target].id;
  const Value* properties = find_given(value, "properties");
  const auto operation = properties == nullptr ? std::nullopt : find_text(*properties, "operation");
  if (!operation || operation->empty()) {
    context.error(215, find_given(value, "type")->range(), path,
                  fmt::format("the relationship of '{}' to '{}' needs the property 'operation', "
                              "the name of a lifecycle operation",
                              source_name, target_name));
    return;
  }
  const Value* interfaces = blueprint_.node_elements[target]->value->find("interfaces");
  const Value* lifecycle =
      interfaces == nullptr ? nullptr : interfaces->find("cloudify.interfaces.lifecycle");
  if (lifecycle != nullptr && lifecycle->find(*operation) != nullptr) return;
  context
      .error(216, find_given(value, "target")->range(), Path(path, "target"),
             fmt::format("the node template '{}' does not define the lifecycle operation '{}' that "
                         "'{}' waits for",
                         target_name, *operation, source_name))
      .hint = "operations of its type do not count here";
}

}  // namespace cfy::dsl
