#include "dsl/scalable.hpp"

#include <array>

#include <fmt/format.h>

#include "dsl/fields.hpp"
#include "schema/function_form.hpp"
#include "yaml/to_json.hpp"

namespace cfy::dsl {

using nlohmann::json;

namespace {

constexpr std::array<Field, 3> kCountFields = {
    {{"default_instances"}, {"min_instances"}, {"max_instances"}}};
constexpr std::array<Field, 1> kCapabilityFields = {{{"scalable", Shape::map}}};
constexpr std::array<Field, 1> kScalableFields = {{{"properties", Shape::map}}};
constexpr std::array<Field, 1> kInstancesFields = {{{"deploy", Shape::integer, true}}};

constexpr std::int64_t kUnbounded = -1;

// A whole number or a function; nothing after a mistake.
std::optional<json> read_count(Context& context, const Value& value, std::string_view key,
                               std::int64_t least, const Path& path) {
  json count = yaml::to_json(value);
  if (schema::is_function(count)) return count;
  if (count.is_object()) {
    context.error(210, value.range(), path,
                  fmt::format("'{}' must be a number or an intrinsic function, not a dict", key));
    return std::nullopt;
  }
  if (!count.is_number_integer()) {
    context.error(1, value.range(), path,
                  fmt::format("'{}' must be a whole number, got {}", key, count.dump()));
    return std::nullopt;
  }
  if (count < least) {
    context.error(207, value.range(), path,
                  fmt::format("'{}' must be {} or more, got {}", key, least, count.dump()));
    return std::nullopt;
  }
  return count;
}

std::optional<json> read_max(Context& context, const Value& value, const Path& path) {
  if (value.is_string()) {
    if (value.text() == "UNBOUNDED") return kUnbounded;
    context
        .error(208, value.range(), path,
               fmt::format("'max_instances' must be a number or UNBOUNDED, got '{}'", value.text()))
        .hint = "write UNBOUNDED for no limit";
    return std::nullopt;
  }
  if (value.kind() == Kind::integer && value.integer() == kUnbounded) return kUnbounded;
  return read_count(context, value, "max_instances", 1, path);
}

void check_order(Context& context, const plan::Scalable& scalable, const base::SourceRange& range,
                 const Path& path) {
  const auto known = [](const json& count) { return count.is_number_integer(); };
  const json& max = scalable.max_instances;
  const bool is_bounded = known(max) && max != kUnbounded;
  const auto check = [&](const json& low, const json& high, std::string_view what) {
    if (known(low) && known(high) && low > high)
      context.error(207, range, path, fmt::format("{}: {} > {}", what, low.dump(), high.dump()));
  };
  if (is_bounded) {
    check(scalable.default_instances, max, "'default_instances' is above 'max_instances'");
    check(scalable.min_instances, max, "'min_instances' is above 'max_instances'");
  }
  check(scalable.min_instances, scalable.default_instances,
        "'min_instances' is above 'default_instances'");
}

}  // namespace

plan::Scalable read_scalable(Context& context, const Value* value, const Path& path) {
  plan::Scalable scalable;
  if (value == nullptr || !check_fields(context, *value, kCountFields, "'scalable'", path))
    return scalable;
  if (const Value* given = find_given(*value, "default_instances"))
    if (auto count =
            read_count(context, *given, "default_instances", 0, Path(path, "default_instances")))
      scalable.default_instances = *std::move(count);
  if (const Value* given = find_given(*value, "min_instances"))
    if (auto count = read_count(context, *given, "min_instances", 0, Path(path, "min_instances")))
      scalable.min_instances = *std::move(count);
  if (const Value* given = find_given(*value, "max_instances"))
    if (auto count = read_max(context, *given, Path(path, "max_instances")))
      scalable.max_instances = *std::move(count);
  scalable.current_instances = scalable.default_instances;
  scalable.planned_instances = scalable.default_instances;
  check_order(context, scalable, value->range(), path);
  return scalable;
}

plan::Scalable read_node_scalable(Context& context, const Value& node_template, const Path& path) {
  const Value* instances = find_given(node_template, "instances");
  const Value* capabilities = find_given(node_template, "capabilities");
  const Path instances_path(path, "instances");
  const Path capabilities_path(path, "capabilities");
  const Value* properties = nullptr;
  if (capabilities != nullptr &&
      check_fields(context, *capabilities, kCapabilityFields, "'capabilities'", capabilities_path))
    if (const Value* scalable = find_given(*capabilities, "scalable")) {
      const Path scalable_path(capabilities_path, "scalable");
      if (check_fields(context, *scalable, kScalableFields, "'scalable'", scalable_path))
        properties = find_given(*scalable, "properties");
    }
  const Value* deploy = nullptr;
  if (instances != nullptr &&
      check_fields(context, *instances, kInstancesFields, "'instances'", instances_path))
    deploy = find_given(*instances, "deploy");
  if (deploy != nullptr && capabilities != nullptr) {
    context
        .error(209, deploy->range(), instances_path,
               "the number of instances is given twice: by 'instances' and by the capability "
               "'scalable'")
        .hint = "leave out 'instances', the older form";
    return {};
  }
  if (deploy == nullptr) {
    const Path scalable_path(capabilities_path, "scalable");
    return read_scalable(context, properties, Path(scalable_path, "properties"));
  }
  plan::Scalable scalable;
  const Path deploy_path(instances_path, "deploy");
  const std::int64_t count = deploy->integer();
  if (count < 0)
    context.error(1, deploy->range(), deploy_path,
                  fmt::format("'deploy' must be 0 or more, got {}", count));
  else
    scalable.default_instances = scalable.current_instances = scalable.planned_instances = count;
  return scalable;
}

}  // namespace cfy::dsl
