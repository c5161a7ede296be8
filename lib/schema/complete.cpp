// Checks values against property schemas and fills in the defaults of data types.
#include "schema/complete.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "schema/function_form.hpp"
#include "schema/types.hpp"

namespace cfy::schema {
namespace {

constexpr const char* kLogicError = "DSLParsingLogicException";

enum Code {
  kUnknownType = 103,
  kWrongType = 105,
  kUndefined = 106,
  kMissing = 107,
  kNoFunction = 219
};

Problem make_problem(Code code, Path path, std::string message) {
  return Problem{code, kLogicError, std::move(message), std::move(path), ""};
}

const json* find_member(const json& map, std::string_view key) {
  if (!map.is_object()) return nullptr;
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &*found;
}

std::vector<std::string> keys_of(const json& map) {
  std::vector<std::string> keys;
  if (map.is_object())
    for (auto entry = map.begin(); entry != map.end(); ++entry)
      keys.push_back(entry.key());
  return keys;
}

// Truth as Python has it: a text or a list counts as true when it is not empty.
bool is_truthy(const json* value) {
  if (value == nullptr || value->is_null()) return false;
  if (value->is_boolean()) return value->get<bool>();
  if (value->is_number()) return value->get<double>() != 0;
  if (value->is_string()) return !value->get_ref<const std::string&>().empty();
  return !value->empty();
}

bool is_required(const json& property_schema) {
  const json* required = find_member(property_schema, "required");
  return required == nullptr || is_truthy(required);
}

// One walk over a value; the path grows and shrinks with it.
class Completion {
 public:
  Completion(const CompleteOptions& options, Problems& problems)
      : options_(options), problems_(problems) {}

  json value(const json& value, std::string_view type, const json* inherited) {
    if (type.empty() || is_function(value)) return value;
    if (is_builtin_type(type)) {
      if (!suits_builtin_type(value, type)) report_type(value, type);
      return value;
    }
    const json* data_type =
        options_.data_types == nullptr ? nullptr : find_member(*options_.data_types, type);
    if (data_type == nullptr) {
      report_unknown_type(type);
      return value;
    }
    if (!is_map(value)) {
      report_type(value, type);
      return value;
    }
    const json* schemas = find_member(*data_type, "properties");
    if (schemas == nullptr) return value;
    return properties(value, *schemas, inherited);
  }

  // `inherited`: a map whose members replace the defaults of the schemas, or nullptr.
  json properties(const json& given, const json& schemas, const json* inherited) {
    report_unknown_properties(given, schemas);
    const auto find_default = [&](const std::string& name) -> const json* {
      const json* found =
          inherited == nullptr || !is_map(*inherited) ? nullptr : find_member(*inherited, name);
      return found != nullptr ? found : find_member(schemas.at(name), "default");
    };
    const bool is_external = check_external(given, schemas, find_default);
    json result = json::object();
    for (auto schema = schemas.begin(); schema != schemas.end(); ++schema) {
      const json* fallback = find_default(schema.key());
      const json* used = find_member(given, schema.key());
      if (used == nullptr) used = fallback;
      if (used == nullptr) {
        if (is_required(*schema) && !is_external && options_.require_all)
          report_missing(schema.key());
        continue;
      }
      path_.push_back(schema.key());
      result[schema.key()] = value(*used, type_of(*schema), fallback);
      path_.pop_back();
    }
    return result;
  }

 private:
  // use_external_resource makes all properties optional; it must be known before functions are.
  template <typename FindDefault>
  bool check_external(const json& given, const json& schemas, const FindDefault& find_default) {
    constexpr const char* kName = "use_external_resource";
    if (!schemas.contains(kName)) return false;
    const json* used = find_member(given, kName);
    if (used == nullptr) used = find_default(kName);
    if (used == nullptr || !is_truthy(used)) return false;
    if (is_function(*used)) {
      Path path = path_;
      path.emplace_back(kName);
      problems_.push_back(
          make_problem(kNoFunction, std::move(path),
                       "must be true or false; an intrinsic function is not allowed here"));
    }
    return true;
  }

  void report_unknown_properties(const json& given, const json& schemas) {
    for (auto member = given.begin(); member != given.end(); ++member) {
      if (schemas.contains(member.key())) continue;
      Path path = path_;
      path.push_back(member.key());
      Problem problem =
          make_problem(kUndefined, std::move(path), "is not a property that is declared");
      problem.hint = base::did_you_mean(member.key(), keys_of(schemas));
      problem.at_key = true;
      problems_.push_back(std::move(problem));
    }
  }

  void report_missing(const std::string& name) {
    problems_.push_back(make_problem(
        kMissing, path_, fmt::format("lacks the property '{}', which has no default", name)));
  }

  void report_type(const json& value, std::string_view type) {
    problems_.push_back(
        make_problem(kWrongType, path_, fmt::format("must be {}, got {}", type, describe(value))));
  }

  void report_unknown_type(std::string_view type) {
    Problem problem =
        make_problem(kUnknownType, path_, fmt::format("has the unknown type '{}'", type));
    std::vector<std::string> names = builtin_type_names();
    if (options_.data_types != nullptr)
      for (const std::string& name : keys_of(*options_.data_types))
        names.push_back(name);
    problem.hint = base::did_you_mean(type, names);
    problems_.push_back(std::move(problem));
  }

  const CompleteOptions& options_;
  Problems& problems_;
  Path path_;
};

// The members of `base_default` under those of `written`, for two schemas of one data type.
std::optional<json> merged_default(const json& base_schema, const json& derived_schema,
                                   const CompleteOptions& options) {
  const std::string_view type = type_of(derived_schema);
  if (type.empty() || type != type_of(base_schema) || is_builtin_type(type)) return std::nullopt;
  if (options.data_types == nullptr || !options.data_types->contains(type)) return std::nullopt;
  const json* base_default = find_member(base_schema, "default");
  if (base_default == nullptr || base_default->is_null()) return std::nullopt;
  const json* written = find_member(derived_schema, "initial_default");
  const json given = written == nullptr || written->is_null() ? json::object() : *written;
  CompleteOptions lenient = options;
  lenient.require_all = false;
  Problems ignored;  // both defaults were checked where they are declared
  json merged = complete_value(given, type, base_default, lenient, ignored);
  if (!is_truthy(&merged)) return std::nullopt;
  return merged;
}

}  // namespace

std::string_view type_of(const json& property_schema) {
  const json* type = find_member(property_schema, "type");
  if (type == nullptr || !type->is_string()) return {};
  return type->get_ref<const std::string&>();
}

json complete_value(const json& value, std::string_view type, const json* inherited_default,
                    const CompleteOptions& options, Problems& problems) {
  const std::size_t before = problems.size();
  json completed = Completion(options, problems).value(value, type, inherited_default);
  return problems.size() == before ? completed : value;
}

json complete_properties(const json& given, const json& schemas, const CompleteOptions& options,
                         Problems& problems) {
  return Completion(options, problems).properties(given, schemas, nullptr);
}

std::optional<json> complete_default(const json& property_schema, const CompleteOptions& options,
                                     Problems& problems) {
  const std::string_view type = type_of(property_schema);
  const json* written = find_member(property_schema, "default");
  json value;
  if (written != nullptr && !written->is_null()) {
    value = *written;
  } else if (!type.empty() && !is_builtin_type(type)) {
    value = json::object();
  } else {
    return std::nullopt;
  }
  CompleteOptions lenient = options;
  lenient.require_all = false;
  return complete_value(value, type, nullptr, lenient, problems);
}

json merge_property_schemas(const json& base, const json& derived, const CompleteOptions& options) {
  json merged = derived;
  for (auto schema = base.begin(); schema != base.end(); ++schema) {
    const json* overriding = find_member(derived, schema.key());
    if (overriding == nullptr) {
      merged[schema.key()] = *schema;
    } else if (auto value = merged_default(*schema, *overriding, options)) {
      merged[schema.key()]["default"] = *std::move(value);
    }
  }
  return merged;
}

}  // namespace cfy::schema
