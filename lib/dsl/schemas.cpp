#include "dsl/schemas.hpp"

#include <array>

#include <fmt/format.h>

#include "dsl/fields.hpp"
#include "dsl/problems.hpp"
#include "schema/complete.hpp"
#include "schema/constraints.hpp"
#include "schema/function_form.hpp"
#include "schema/types.hpp"
#include "yaml/to_json.hpp"

namespace cfy::dsl {
namespace {

constexpr std::array<Field, 4> kPropertyFields = {{{"required", Shape::boolean, false, 2},
                                                   {"default"},
                                                   {"description", Shape::string},
                                                   {"type", Shape::string}}};
constexpr std::array<Field, 6> kParameterFields = {{{"required", Shape::boolean, false, 2},
                                                    {"default"},
                                                    {"description", Shape::string},
                                                    {"type", Shape::string},
                                                    {"item_type", Shape::string, false, 4},
                                                    {"constraints", Shape::list}}};
constexpr std::array<Field, 9> kInputFields = {{{"required", Shape::boolean, false, 2},
                                                {"default"},
                                                {"description", Shape::string},
                                                {"type", Shape::string},
                                                {"item_type", Shape::string, false, 4},
                                                {"constraints", Shape::list},
                                                {"display_label", Shape::string, false, 3},
                                                {"hidden", Shape::boolean, false, 3},
                                                {"display", Shape::map}}};
constexpr std::array<Field, 4> kPluginPropertyFields = {{{"description", Shape::string},
                                                         {"type", Shape::string},
                                                         {"display_label", Shape::string, false, 3},
                                                         {"value"}}};
constexpr std::array<Field, 1> kDisplayFields = {{{"rows", Shape::integer}}};

std::span<const Field> fields_of(SchemaOf what) {
  switch (what) {
    case SchemaOf::property:
      return kPropertyFields;
    case SchemaOf::input:
    case SchemaOf::operation_input:
      return kInputFields;
    case SchemaOf::parameter:
      return kParameterFields;
    case SchemaOf::plugin_property:
      return kPluginPropertyFields;
  }
  return {};
}

std::string_view noun(SchemaOf what) {
  switch (what) {
    case SchemaOf::property:
      return "a property";
    case SchemaOf::input:
    case SchemaOf::operation_input:
      return "an input";
    case SchemaOf::parameter:
      return "a parameter";
    case SchemaOf::plugin_property:
      return "a property of a plugin";
  }
  return "a schema";
}

class SchemaReader {
 public:
  SchemaReader(Context& context, SchemaOf what, const TypeNames& data_types)
      : context_(context), what_(what), data_types_(data_types) {}

  json read(const Value& value, const Path& path) {
    if (!check_fields(context_, value, fields_of(what_), noun(what_), path)) {
      // Keep what can be used, so that uses of the name are not called unknown.
      return json::object();
    }
    json schema = value.is_null() ? json::object() : yaml::to_json(value);
    check_type(value, schema, path);
    if (what_ == SchemaOf::property || what_ == SchemaOf::plugin_property) return schema;
    check_item_type(value, schema, path);
    check_constraint_forms(value, schema, path);
    if (what_ != SchemaOf::parameter) check_input(value, path);
    return schema;
  }

 private:
  void check_type(const Value& value, json& schema, const Path& path) {
    const Value* type = find_given(value, "type");
    if (type == nullptr) return;
    const std::string_view name = type->text();
    const Path inner(path, "type");
    if (schema::is_builtin_type(name)) {
      const int since = schema::builtin_type_since(name);
      if (since > 0)
        context_.require_version(since, fmt::format("the type '{}'", name), type->range(), inner);
    } else if (!data_types_.contains(name)) {
      report_unknown(*type, inner, 103, "type");
      schema.erase("type");
    }
  }

  void report_unknown(const Value& type, const Path& path, int code, std::string_view key) {
    const auto names = [&] {
      std::vector<std::string> known = schema::builtin_type_names();
      if (code == 103) known.insert(known.end(), data_types_.begin(), data_types_.end());
      return known;
    };
    context_
        .error(code, type.range(), path,
               fmt::format("there is no {} '{}'", key == "type" ? "type" : "built-in type",
                           type.text()))
        .hint = context_.hint(type.text(), names);
  }

  void check_item_type(const Value& value, json& schema, const Path& path) {
    const Value* item_type = find_given(value, "item_type");
    if (item_type == nullptr) return;
    const Path inner(path, "item_type");
    const auto type = find_text(value, "type");
    if (type != "list") {
      context_.error(218, item_type->range(), inner,
                     fmt::format("item_type is for the type 'list' only, this is {}",
                                 type ? fmt::format("'{}'", *type) : "a value without a type"));
    } else if (!schema::is_builtin_type(item_type->text())) {
      report_unknown(*item_type, inner, 217, "item_type");
    } else {
      return;
    }
    schema.erase("item_type");
  }

  void check_constraint_forms(const Value& value, json& schema, const Path& path) {
    const Value* list = find_given(value, "constraints");
    if (list == nullptr) return;
    const Path inner(path, "constraints");
    for (std::size_t i = 0; i < list->items().size(); ++i) {
      const Value& item = *list->items()[i];
      const Path place(inner, i);
      if (!check_shape(context_, item, Shape::map, place)) {
        schema.erase("constraints");
        return;
      }
      if (!check_constraint_keys(item, place)) {
        schema.erase("constraints");
        return;
      }
      if (const auto problem = schema::check_constraint(schema["constraints"][i])) {
        report(context_, {*problem}, "constraint", item, place);
        schema.erase("constraints");
        return;
      }
    }
  }

  // Further keys, such as error_message, came late, and to inputs only.
  bool check_constraint_keys(const Value& item, const Path& path) {
    if (item.entries().size() < 2) return true;
    if (what_ != SchemaOf::parameter && context_.validate_version)
      return context_.require_version(5, "a constraint with further keys", item.range(), path);
    context_.error(103, item.range(), path, "each constraint must be an item of the list itself");
    return false;
  }

  void check_input(const Value& value, const Path& path) {
    const Value* hidden = find_given(value, "hidden");
    const Value* required = find_given(value, "required");
    const bool is_required = required == nullptr || required->boolean();
    if (hidden != nullptr && hidden->boolean() && is_required && value.find("default") == nullptr)
      context_.error(215, hidden->range(), path,
                     "an input that is hidden and required needs a default");
    const Value* display = find_given(value, "display");
    if (display == nullptr) return;
    const Path inner(path, "display");
    check_fields(context_, *display, kDisplayFields, "'display'", inner);
    if (find_text(value, "type") != "textarea")
      context_.error(216, display->range(), inner, "'display' is for the type 'textarea' only");
  }

  Context& context_;
  SchemaOf what_;
  const TypeNames& data_types_;
};

schema::Problem violation(std::string message) {
  return {std::nullopt, "ConstraintException", std::move(message), {}, ""};
}

// The items of a list are checked one by one, so that they must be known.
void check_item_default(const json& value, const std::string& item_type,
                        schema::Problems& problems) {
  if (value.is_null())
    problems.push_back(violation("must be a list, got null"));
  else if (schema::is_function(value) && !schema::suits_builtin_type("", item_type))
    problems.push_back({105,
                        "DSLParsingLogicException",
                        fmt::format("must be a list of {} items, not a function", item_type),
                        {},
                        ""});
}

// A default is checked as a value would be, as far as that is possible without a deployment. A
// default that is null is a value here.
void check_default_of_input(const json& input_schema, schema::Problems& problems) {
  const json& value = input_schema.at("default");
  const auto item_type = input_schema.find("item_type");
  const bool has_items = item_type != input_schema.end() && item_type->is_string();
  if (has_items) check_item_default(value, *item_type, problems);
  if (problems.empty() && (has_items || input_schema.contains("constraints")))
    schema::check_constraints(value, input_schema, nullptr, problems);
}

}  // namespace

json read_schemas(Context& context, const Value* map, SchemaOf what, const TypeNames& data_types,
                  const Path& path) {
  json schemas = json::object();
  if (map == nullptr || map->is_null() || !check_shape(context, *map, Shape::map, path))
    return schemas;
  SchemaReader reader(context, what, data_types);
  for (const Entry& entry : map->entries())
    if (const auto name = name_of_key(context, *entry.key, path))
      schemas[std::string(*name)] = reader.read(*entry.value, Path(path, *name));
  return schemas;
}

void check_defaults(Context& context, const Value* map, json& schemas, SchemaOf what,
                    const json& data_types, const Path& path) {
  const schema::CompleteOptions options{&data_types, true};
  for (const Entry& entry : entries_of(map)) {
    if (!entry.key->is_string()) continue;
    const std::string name(entry.key->text());
    const auto schema = schemas.find(name);
    const Value* value = entry.value->find("default");
    if (schema == schemas.end() || value == nullptr || !schema->contains("default")) continue;
    json& written = schema->at("default");
    schema::Problems problems;
    if (!written.is_null()) {
      json completed =
          schema::complete_value(written, schema::type_of(*schema), nullptr, options, problems);
      if (problems.empty()) written = std::move(completed);
    }
    if (problems.empty() && what == SchemaOf::input) check_default_of_input(*schema, problems);
    const Path inner(path, name);
    report(context, problems, fmt::format("the default of '{}'", name), *value,
           Path(inner, "default"));
    if (!context.spend(count_values(written), entry.key->range(), inner)) return;
  }
}

void complete_defaults(Context& context, const Value* map, json& schemas, const json& data_types,
                       const Path& path) {
  const schema::CompleteOptions options{&data_types, false};
  for (const Entry& entry : entries_of(map)) {
    if (!entry.key->is_string()) continue;
    const std::string name(entry.key->text());
    const auto schema = schemas.find(name);
    if (schema == schemas.end()) continue;
    const auto written = schema->find("default");
    if (written != schema->end()) (*schema)["initial_default"] = *written;
    schema::Problems problems;
    auto completed = schema::complete_default(*schema, options, problems);
    const Value* value = find_given(*entry.value, "default");
    const Path inner(path, name);
    report(context, problems, fmt::format("the default of '{}'", name),
           value != nullptr ? *value : *entry.key, Path(inner, "default"));
    if (!problems.empty()) schema->erase("type");  // else all that inherit it would be wrong too
    if (!completed || !problems.empty()) continue;
    if (!context.spend(count_values(*completed), entry.key->range(), inner)) return;
    (*schema)["default"] = *std::move(completed);
  }
}

std::uint64_t count_values(const json& value) {
  std::uint64_t count = 1;
  if (value.is_structured())
    for (const json& inner : value)
      count += count_values(inner);
  return count;
}

void drop_initial_defaults(json& schemas) {
  for (auto& schema : schemas)
    schema.erase("initial_default");
}

}  // namespace cfy::dsl
