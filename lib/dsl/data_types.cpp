#include "dsl/data_types.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "dsl/derivation.hpp"
#include "dsl/fields.hpp"
#include "schema/complete.hpp"
#include "schema/types.hpp"
#include "yaml/to_json.hpp"

namespace cfy::dsl {
namespace {

constexpr std::array<Field, 4> kDataTypeFields = {{{"derived_from", Shape::string},
                                                   {"description", Shape::string},
                                                   {"version", Shape::string},
                                                   {"properties", Shape::map}}};

// A type needs its parent, and the types of its properties.
std::vector<Need> needs_of(const Element& element) {
  std::vector<Need> needs;
  const auto add = [&](const Value* name) {
    if (name != nullptr && name->is_string()) needs.push_back({name->text(), name->range()});
  };
  add(element.value->find("derived_from"));
  for (const Entry& property : entries_of(element.value->find("properties")))
    add(property.value->find("type"));
  return needs;
}

// A data type may use others, which use others: what comes out grows much faster than the text.
constexpr std::uint64_t kMaxValuesOfType = 100'000;
constexpr int kMaxDepthOfType = 100;

struct Extent {
  std::uint64_t values = 1;
  int depth = 1;
};

class DataTypeReader {
 public:
  DataTypeReader(Context& context, DataTypes& types) : context_(context), types_(types) {}

  void read(const Element& element, const Path& section) {
    const Path path(section, element.name());
    if (!check_not_null(context_, element, "a data type", path)) return;
    if (!check_fields(context_, *element.value, kDataTypeFields, "a data type", path)) return;
    const Path properties_path(path, "properties");
    const Value* properties = find_given(*element.value, "properties");
    json own =
        read_schemas(context_, properties, SchemaOf::property, types_.names, properties_path);
    json type = {{"derived_from", nullptr}, {"description", nullptr}, {"version", nullptr}};
    for (const char* key : {"derived_from", "description", "version"})
      if (const Value* value = find_given(*element.value, key)) type[key] = yaml::to_json(*value);
    if (!check_extent(element, own, path)) own = json::object();
    complete_defaults(context_, properties, own, types_.flattened, properties_path);
    const schema::CompleteOptions options{&types_.flattened, false};
    if (const auto parent = find_parent(element, path))
      own = schema::merge_property_schemas(types_.flattened[*parent]["properties"], own, options);
    type["properties"] = std::move(own);
    types_.flattened[std::string(element.name())] = std::move(type);
  }

 private:
  std::optional<std::string> find_parent(const Element& element, const Path& path) {
    const Value* parent = find_given(*element.value, "derived_from");
    if (parent == nullptr) return std::nullopt;
    std::string name(parent->text());
    if (types_.flattened.contains(name)) return name;
    if (types_.names.contains(name)) return std::nullopt;  // wrong itself, and reported
    context_
        .error(103, parent->range(), Path(path, "derived_from"),
               fmt::format("there is no data type '{}', from which '{}' is derived", name,
                           element.name()))
        .hint = context_.hint(
        name, [&] { return std::vector<std::string>(types_.names.begin(), types_.names.end()); });
    return std::nullopt;
  }

  // Whether the type, written out with all that it uses, stays within bounds.
  bool check_extent(const Element& element, const json& own, const Path& path) {
    Extent extent;
    for (const auto& schema : own) {
      const auto used = extents_.find(schema::type_of(schema));
      if (used == extents_.end()) continue;
      extent.values += used->second.values;
      extent.depth = std::max(extent.depth, used->second.depth + 1);
    }
    extent.values += own.size();
    const bool is_good = extent.values <= kMaxValuesOfType && extent.depth <= kMaxDepthOfType;
    if (!is_good)
      context_.error_of_type(
          "DSLParsingLogicException", element.key->range(), path,
          fmt::format("the data type '{}' is too large: with the types it uses, it may hold {} "
                      "values and be {} levels deep",
                      element.name(), kMaxValuesOfType, kMaxDepthOfType));
    extents_[std::string(element.name())] = is_good ? extent : Extent{};
    return is_good;
  }

  Context& context_;
  DataTypes& types_;
  std::map<std::string, Extent, std::less<>> extents_;
};

}  // namespace

DataTypes read_data_types(Context& context, const Merged& merged) {
  const Section& section = merged.section("data_types");
  const Path path("data_types");
  DataTypes types;
  for (const Element& element : section.elements) {
    if (schema::is_builtin_type(element.name()))
      context.error(104, element.key->range(), Path(path, element.name()),
                    fmt::format("'{}' is the name of a built-in type", element.name()));
    types.names.emplace(element.name());
  }
  DataTypeReader reader(context, types);
  for (const Element* element : order_by_needs(context, section, needs_of, path))
    reader.read(*element, path);
  for (auto& type : types.flattened)
    drop_initial_defaults(type["properties"]);
  return types;
}

}  // namespace cfy::dsl
