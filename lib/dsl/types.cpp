#include "dsl/types.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "dsl/derivation.hpp"
#include "dsl/fields.hpp"
#include "schema/complete.hpp"

namespace cfy::dsl {
namespace {

constexpr std::array<Field, 4> kNodeTypeFields = {{{"derived_from", Shape::string},
                                                   {"interfaces", Shape::map},
                                                   {"properties", Shape::map},
                                                   {"runtime_properties", Shape::map}}};
constexpr std::array<Field, 4> kRelationshipFields = {{{"derived_from", Shape::string},
                                                       {"properties", Shape::map},
                                                       {"source_interfaces", Shape::map},
                                                       {"target_interfaces", Shape::map}}};

std::vector<Need> parent_of(const Element& element) {
  const Value* parent = element.value->find("derived_from");
  if (parent == nullptr || !parent->is_string()) return {};
  return {{parent->text(), parent->range()}};
}

std::uint64_t count_operations(const Type& type) {
  return count_operations(type.interfaces) + count_operations(type.source_interfaces) +
         count_operations(type.target_interfaces);
}

class TypeReader {
 public:
  TypeReader(Context& context, const DataTypes& data_types, std::span<const Field> fields,
             std::string_view noun)
      : context_(context), data_types_(data_types), fields_(fields), noun_(noun) {}

  Types read(const Section& section, std::string_view section_name) {
    const Path path(section_name);
    section_ = &section;
    Types result;
    for (const Element& element : section.elements)
      result.broken.emplace(element.name());
    for (const Element* element : order_by_needs(context_, section, parent_of, path))
      read_one(*element, path, result);
    return result;
  }

 private:
  void read_one(const Element& element, const Path& section, Types& result) {
    const Path path(section, element.name());
    const Value& value = *element.value;
    if (!check_not_null(context_, element, noun_, path)) return;
    Type type;
    type.name = element.name();
    type.declared_at = element.key->range();
    const Type* parent = nullptr;
    if (!check_fields(context_, value, fields_, noun_, path) ||
        !find_parent(value, type, result, path, parent)) {
      // It stays broken, but what it says itself is looked at.
      read_properties(value, nullptr, type, path);
      read_all_interfaces(value, nullptr, type, path);
      return;
    }
    if (parent != nullptr &&
        !context_.spend(parent->hierarchy->size() + count_values(parent->properties) +
                            count_operations(*parent),
                        type.declared_at, path))
      return;
    read_properties(value, parent, type, path);
    read_all_interfaces(value, parent, type, path);
    auto hierarchy = std::make_shared<std::vector<std::string>>();
    if (parent != nullptr) *hierarchy = *parent->hierarchy;
    hierarchy->push_back(type.name);
    type.hierarchy = std::move(hierarchy);
    result.broken.erase(type.name);
    result.types.emplace(type.name, std::move(type));
  }

  // False when `derived_from` names a type that is not there, or broken.
  bool find_parent(const Value& value, Type& type, const Types& result, const Path& path,
                   const Type*& parent) {
    const Value* name = find_given(value, "derived_from");
    if (name == nullptr) return true;
    parent = result.find(name->text());
    if (parent == nullptr) {
      if (!result.broken.contains(name->text())) report_parent(*name, type.name, path);
      return false;
    }
    type.derived_from = parent->name;
    return true;
  }

  void report_parent(const Value& name, const std::string& type, const Path& path) {
    const auto names = [&] {
      std::vector<std::string> known;
      for (const Element& element : section_->elements)
        if (element.name() != type) known.emplace_back(element.name());
      return known;
    };
    context_
        .error(103, name.range(), Path(path, "derived_from"),
               fmt::format("there is no type '{}', from which '{}' is derived", name.text(), type))
        .hint = context_.hint(name.text(), names);
  }

  void read_properties(const Value& value, const Type* parent, Type& type, const Path& path) {
    const Value* properties = find_map(value, "properties");
    const Path inner(path, "properties");
    type.properties =
        read_schemas(context_, properties, SchemaOf::property, data_types_.names, inner);
    const schema::CompleteOptions options{&data_types_.flattened, false};
    complete_defaults(context_, properties, type.properties, data_types_.flattened, inner);
    if (parent != nullptr)
      type.properties =
          schema::merge_property_schemas(parent->properties, type.properties, options);
    check_runtime_properties(find_map(value, "runtime_properties"),
                             Path(path, "runtime_properties"));
  }

  // Only described: nothing in a plan shows them.
  void check_runtime_properties(const Value* value, const Path& path) {
    json schemas = read_schemas(context_, value, SchemaOf::property, data_types_.names, path);
    complete_defaults(context_, value, schemas, data_types_.flattened, path);
  }

  void read_all_interfaces(const Value& value, const Type* parent, Type& type, const Path& path) {
    const auto read = [&](std::string_view key, Interfaces Type::*member) {
      type.*member = read_interfaces(context_, find_map(value, key), DeclaredIn::type, data_types_,
                                     Path(path, key));
      if (parent != nullptr) type.*member = derive_interfaces(parent->*member, type.*member);
    };
    read("interfaces", &Type::interfaces);
    read("source_interfaces", &Type::source_interfaces);
    read("target_interfaces", &Type::target_interfaces);
  }

  Context& context_;
  const DataTypes& data_types_;
  std::span<const Field> fields_;
  std::string_view noun_;
  const Section* section_ = nullptr;
};

}  // namespace

bool Type::is_derived_from(std::string_view ancestor) const {
  return std::find(hierarchy->begin(), hierarchy->end(), ancestor) != hierarchy->end();
}

const Type& unknown_type() {
  static const Type kUnknown = [] {
    Type type;
    type.hierarchy = std::make_shared<const std::vector<std::string>>();
    return type;
  }();
  return kUnknown;
}

const Type* Types::find(std::string_view name) const {
  const auto found = types.find(name);
  return found == types.end() ? nullptr : &found->second;
}

std::vector<std::string> Types::names() const {
  std::vector<std::string> names;
  for (const auto& [name, type] : types)
    names.push_back(name);
  return names;
}

Types read_node_types(Context& context, const Merged& merged, const DataTypes& data_types) {
  return TypeReader(context, data_types, kNodeTypeFields, "a node type")
      .read(merged.section("node_types"), "node_types");
}

Types read_relationship_types(Context& context, const Merged& merged, const DataTypes& data_types) {
  return TypeReader(context, data_types, kRelationshipFields, "a relationship type")
      .read(merged.section("relationships"), "relationships");
}

json relationship_types_to_json(const Types& types) {
  json result = json::object();
  for (const auto& [name, type] : types.types) {
    json& entry = result[name];
    entry = {{"name", name},
             {"properties", type.properties},
             {"source_interfaces", to_json(type.source_interfaces)},
             {"target_interfaces", to_json(type.target_interfaces)},
             {"type_hierarchy", *type.hierarchy}};
    drop_initial_defaults(entry["properties"]);
    if (!type.derived_from.empty()) entry["derived_from"] = type.derived_from;
  }
  return result;
}

}  // namespace cfy::dsl
