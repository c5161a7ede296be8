#include "dsl/operations.hpp"

#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "dsl/fields.hpp"
#include "schema/complete.hpp"
#include "schema/types.hpp"
#include "yaml/to_json.hpp"

namespace cfy::dsl {
namespace {

constexpr std::array<Field, 7> kOperationFields = {{{"implementation", Shape::string},
                                                    {"inputs", Shape::map},
                                                    {"executor", Shape::string},
                                                    {"max_retries", Shape::integer, false, 1},
                                                    {"retry_interval", Shape::number, false, 1},
                                                    {"timeout", Shape::number},
                                                    {"timeout_recoverable", Shape::boolean}}};

class OperationReader {
 public:
  OperationReader(Context& context, DeclaredIn where, const DataTypes& data_types)
      : context_(context), where_(where), data_types_(data_types) {}

  OperationPtr read(const Entry& entry, const Path& path) {
    auto operation = std::make_shared<OperationDef>();
    operation->declared_at = entry.key->range();
    const Value& value = *entry.value;
    if (value.is_string()) {
      operation->implementation = value.text();
      operation->declared_at = value.range();
    } else if (check_fields(context_, value, kOperationFields, "an operation", path)) {
      read_fields(value, path, *operation);
    }
    return operation;
  }

 private:
  void read_fields(const Value& value, const Path& path, OperationDef& operation) {
    if (const Value* implementation = find_given(value, "implementation")) {
      operation.implementation = implementation->text();
      operation.declared_at = implementation->range();
    }
    operation.inputs_value = find_given(value, "inputs");
    const Path inputs_path(path, "inputs");
    if (where_ == DeclaredIn::type)
      read_schemas_of_inputs(operation, inputs_path);
    else if (operation.inputs_value != nullptr)
      operation.inputs = yaml::to_json(*operation.inputs_value);
    read_executor(value, path, operation);
    operation.max_retries = read_number(value, path, "max_retries", -1);
    operation.retry_interval = read_number(value, path, "retry_interval", 0);
    operation.timeout = read_number(value, path, "timeout", 0);
    if (const Value* recoverable = find_given(value, "timeout_recoverable"))
      operation.timeout_recoverable = recoverable->boolean();
  }

  void read_schemas_of_inputs(OperationDef& operation, const Path& path) {
    operation.inputs = read_schemas(context_, operation.inputs_value, SchemaOf::operation_input,
                                    data_types_.names, path);
    check_defaults(context_, operation.inputs_value, operation.inputs, SchemaOf::operation_input,
                   data_types_.flattened, path);
  }

  void read_executor(const Value& value, const Path& path, OperationDef& operation) {
    const Value* executor = find_given(value, "executor");
    if (executor == nullptr) return;
    const std::string_view text = executor->text();
    if (text == "central_deployment_agent" || text == "host_agent") {
      operation.executor = text;
      return;
    }
    context_
        .error(28, executor->range(), Path(path, "executor"),
               fmt::format("'{}' is no executor of an operation; it is 'central_deployment_agent' "
                           "or 'host_agent'",
                           text))
        .hint = base::did_you_mean(text, {"central_deployment_agent", "host_agent"});
  }

  json read_number(const Value& value, const Path& path, std::string_view key, int least) {
    const Value* number = find_given(value, key);
    if (number == nullptr) return nullptr;
    json read = yaml::to_json(*number);
    if (read.is_number() && read >= least) return read;
    context_.error_of_type("ValueError", number->range(), Path(path, key),
                           fmt::format("'{}' must be {}, got {}", key,
                                       least < 0 ? "a non-negative number, or -1 for endless"
                                                 : "a non-negative number",
                                       read.dump()));
    return nullptr;
  }

  Context& context_;
  DeclaredIn where_;
  const DataTypes& data_types_;
};

// The values that the template gives over the defaults that the type gives. Values are not checked
// against the declared types here, nor is `required` looked at: as in the reference, each input
// that is declared must have a value, and an operation checks what it gets when it runs.
void merge_inputs(const json& schemas, const json& given, OperationDef& merged,
                  schema::Problems& problems) {
  merged.inputs = given;
  for (const auto& [name, schema] : schemas.items()) {
    const auto fallback = schema.find("default");
    if (!merged.inputs.contains(name)) {
      if (fallback == schema.end()) {
        problems.push_back({107,
                            "DSLParsingLogicException",
                            fmt::format("has no value for its input '{}'", name),
                            {},
                            ""});
        continue;
      }
      merged.inputs[name] = *fallback;
    }
    // A dict carries the type along: a function is checked by it when it is evaluated.
    json& value = merged.inputs[name];
    const std::string_view type = schema::type_of(schema);
    if (schema::is_map(value) && !type.empty()) value["type"] = type;
  }
}

OperationPtr merge_operation(const OperationDef& type, const OperationPtr& given,
                             schema::Problems& problems) {
  const bool is_other =
      !given->implementation.empty() && given->implementation != type.implementation;
  if (is_other || given->is_empty()) return given;
  auto merged = std::make_shared<OperationDef>(*given);
  merged->implementation = type.implementation;
  if (given->implementation.empty()) merged->declared_at = type.declared_at;
  const auto inherit = [&](json OperationDef::*member) {
    if ((*merged.*member).is_null()) *merged.*member = type.*member;
  };
  inherit(&OperationDef::executor);
  inherit(&OperationDef::max_retries);
  inherit(&OperationDef::retry_interval);
  inherit(&OperationDef::timeout);
  inherit(&OperationDef::timeout_recoverable);
  merge_inputs(type.inputs, given->inputs, *merged, problems);
  return merged;
}

// The type's operation where the template says nothing.
OperationPtr take_from_type(const OperationPtr& type, schema::Problems& problems) {
  if (type->inputs.empty()) return type;
  auto merged = std::make_shared<OperationDef>(*type);
  merge_inputs(type->inputs, json::object(), *merged, problems);
  return merged;
}

}  // namespace

bool OperationDef::is_empty() const {
  return implementation.empty() && inputs.empty() && executor.is_null() && max_retries.is_null() &&
         retry_interval.is_null() && timeout.is_null() && timeout_recoverable.is_null();
}

json OperationDef::to_json() const {
  return {{"implementation", implementation},
          {"inputs", inputs},
          {"executor", executor},
          {"max_retries", max_retries},
          {"retry_interval", retry_interval},
          {"timeout", timeout},
          {"timeout_recoverable", timeout_recoverable}};
}

Interfaces read_interfaces(Context& context, const Value* value, DeclaredIn where,
                           const DataTypes& data_types, const Path& path) {
  Interfaces interfaces;
  if (value == nullptr || value->is_null() || !check_shape(context, *value, Shape::map, path))
    return interfaces;
  OperationReader reader(context, where, data_types);
  for (const Entry& entry : value->entries()) {
    const auto name = name_of_key(context, *entry.key, path);
    if (!name) continue;
    const Path inner(path, *name);
    auto& operations = interfaces[std::string(*name)];
    if (entry.value->is_null() || !check_shape(context, *entry.value, Shape::map, inner)) continue;
    for (const Entry& operation : entry.value->entries()) {
      const auto operation_name = name_of_key(context, *operation.key, inner);
      if (!operation_name) continue;
      const Path operation_path(inner, *operation_name);
      operations[std::string(*operation_name)] = reader.read(operation, operation_path);
    }
  }
  return interfaces;
}

Interfaces derive_interfaces(const Interfaces& base, const Interfaces& derived) {
  Interfaces merged = base;
  for (const auto& [name, operations] : derived) {
    auto& into = merged[name];
    for (const auto& [operation, declared] : operations)
      into[operation] = declared;
  }
  return merged;
}

Interfaces merge_interfaces(const Interfaces& type, const Interfaces& node_template,
                            schema::Problems& problems) {
  Interfaces merged = node_template;
  for (const auto& [interface, operations] : type) {
    auto& into = merged[interface];
    for (const auto& [name, declared] : operations) {
      schema::Problems found;
      OperationPtr& place = into[name];
      place = place ? merge_operation(*declared, place, found) : take_from_type(declared, found);
      for (schema::Problem& problem : found) {
        problem.path.insert(problem.path.begin(), {interface, name, "inputs"});
        problems.push_back(std::move(problem));
      }
    }
  }
  return merged;
}

std::uint64_t count_operations(const Interfaces& interfaces) {
  std::uint64_t count = 0;
  for (const auto& [name, operations] : interfaces)
    count += 1 + operations.size();
  return count;
}

json to_json(const Interfaces& interfaces) {
  json result = json::object();
  for (const auto& [interface, operations] : interfaces) {
    json& into = result[interface] = json::object();
    for (const auto& [name, operation] : operations)
      into[name] = operation->to_json();
  }
  return result;
}

}  // namespace cfy::dsl
