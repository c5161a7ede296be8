#include "dsl/node_templates.hpp"

#include <array>

#include <fmt/format.h>

#include "dsl/fields.hpp"
#include "dsl/node_relationships.hpp"
#include "dsl/scalable.hpp"
#include "dsl/template_parts.hpp"
#include "yaml/to_json.hpp"

namespace cfy::dsl {
namespace {

constexpr std::array<Field, 6> kNodeTemplateFields = {{{"type", Shape::string, true},
                                                       {"instances", Shape::map},
                                                       {"capabilities", Shape::map, false, 3},
                                                       {"interfaces", Shape::map},
                                                       {"relationships", Shape::list},
                                                       {"properties", Shape::map}}};

class NodeReader {
 public:
  NodeReader(Blueprint& blueprint, TemplateParts& parts) : blueprint_(blueprint), parts_(parts) {}

  void read(std::size_t index, const Path& section) {
    const Element& element = *blueprint_.node_elements[index];
    plan::Node& node = blueprint_.plan.nodes[index];
    const Value& value = *element.value;
    const Path path(section, element.name());
    const bool is_good =
        check_fields(blueprint_.context, value, kNodeTemplateFields, "a node template", path);
    node.type = find_text(value, "type").value_or("");
    const Type* type = node.type.empty() ? nullptr : find_type(*value.find("type"), element, path);
    blueprint_.broken_nodes[index] = !is_good || type == nullptr;
    const std::string subject = fmt::format("node template '{}'", element.name());
    if (blueprint_.broken_nodes[index]) return read_broken(index, value, subject, path);
    node.type_hierarchy = type->hierarchy;
    node.properties = parts_.merge_properties(*type, find_given(value, "properties"), subject,
                                              *element.key, Path(path, "properties"));
    read_interfaces_of(index, *type, value, subject, path);
    node.scalable = read_node_scalable(blueprint_.context, value, path);
    if (const Value* instances = find_given(value, "instances"))
      node.instances = yaml::to_json(*instances);
  }

 private:
  // As if its type had no parts: mistakes in what the template itself says still show.
  void read_broken(std::size_t index, const Value& value, const std::string& subject,
                   const Path& path) {
    const Value* given = find_map(value, "properties");
    if (given != nullptr) blueprint_.plan.nodes[index].properties = yaml::to_json(*given);
    read_interfaces_of(index, unknown_type(), value, subject, path);
  }

  const Type* find_type(const Value& name, const Element& element, const Path& path) {
    if (const Type* type = blueprint_.node_types.find(name.text())) return type;
    if (blueprint_.node_types.broken.contains(name.text())) return nullptr;
    blueprint_.context
        .error(7, name.range(), Path(path, "type"),
               fmt::format("node template '{}' has the unknown type '{}'", element.name(),
                           name.text()))
        .hint = blueprint_.context.hint(name.text(), [&] { return blueprint_.node_types.names(); });
    return nullptr;
  }

  void read_interfaces_of(std::size_t index, const Type& type, const Value& value,
                          const std::string& subject, const Path& path) {
    plan::Node& node = blueprint_.plan.nodes[index];
    const BoundInterfaces& bound = parts_.merge_interfaces_of(
        type, &Type::interfaces, find_map(value, "interfaces"), subject,
        *blueprint_.node_elements[index]->key, 10, Path(path, "interfaces"));
    node.interfaces.declared = bound.interfaces;
    node.operations = bound.operations;
    node.plugins = bound.plugins;
    blueprint_.host_plugins[index] = bound.host_plugins;
  }

  Blueprint& blueprint_;
  TemplateParts& parts_;
};

// All nodes by name first: relationships may name nodes that stand below.
void declare_nodes(Blueprint& blueprint, const Section& section) {
  static const auto kNoHierarchy = std::make_shared<const std::vector<std::string>>();
  static const auto kNoOperations = std::make_shared<const plan::OperationMap>();
  static const auto kNoInterfaces = std::make_shared<const json>(json::object());
  const std::size_t count = section.elements.size();
  blueprint.plan.nodes.resize(count);
  blueprint.host_plugins.resize(count);
  blueprint.broken_nodes.resize(count);
  blueprint.node_elements.reserve(count);
  blueprint.node_index.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Element& element = section.elements[i];
    plan::Node& node = blueprint.plan.nodes[i];
    node.id = element.name();
    node.type_hierarchy = kNoHierarchy;
    node.operations = kNoOperations;
    node.interfaces.declared = kNoInterfaces;
    blueprint.plan.places.emplace("nodes." + node.id, element.key->range());
    blueprint.node_elements.push_back(&element);
    blueprint.node_index.emplace(element.name(), i);
  }
}

}  // namespace

void read_node_templates(Blueprint& blueprint, MappingResolver& resolver) {
  const Path path("node_templates");
  const Section& section = blueprint.merged.section("node_templates");
  declare_nodes(blueprint, section);
  TemplateParts parts(blueprint, resolver);
  for (const auto& [name, type] : blueprint.relationship_types.types)
    parts.check_mappings(type);
  NodeReader nodes(blueprint, parts);
  RelationshipReader relationships(blueprint, parts);
  for (std::size_t i = 0; i < section.elements.size(); ++i)
    nodes.read(i, path);
  for (std::size_t i = 0; i < section.elements.size(); ++i)
    relationships.read(i, path);
}

}  // namespace cfy::dsl
