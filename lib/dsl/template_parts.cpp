#include "dsl/template_parts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "dsl/fields.hpp"
#include "dsl/problems.hpp"
#include "schema/complete.hpp"
#include "yaml/to_json.hpp"

namespace cfy::dsl {

namespace {

BoundInterfaces nothing() {
  BoundInterfaces bound;
  bound.interfaces = std::make_shared<const json>(json::object());
  bound.operations = std::make_shared<const plan::OperationMap>();
  return bound;
}

}  // namespace

const TemplateParts::Defaults& TemplateParts::defaults_of(const Type& type) {
  const auto [place, is_new] = defaults_.try_emplace(&type);
  if (is_new) {
    const schema::CompleteOptions options{&blueprint_.data_types.flattened, true};
    place->second.properties = schema::complete_properties(json::object(), type.properties, options,
                                                           place->second.problems);
  }
  return place->second;
}

json TemplateParts::merge_properties(const Type& type, const Value* given, std::string_view subject,
                                     const Value& holder, const Path& path) {
  Context& context = blueprint_.context;
  const Defaults& defaults = defaults_of(type);
  if (!context.spend(defaults.values, holder.range(), path)) return json::object();
  if (given == nullptr || !check_shape(context, *given, Shape::map, path)) {
    report(context, defaults.problems, subject, holder, path);
    return defaults.properties;
  }
  schema::Problems problems;
  const schema::CompleteOptions options{&blueprint_.data_types.flattened, true};
  json merged =
      schema::complete_properties(yaml::to_json(*given), type.properties, options, problems);
  report(context, problems, subject, *given, path);
  return merged;
}

const BoundInterfaces& TemplateParts::merge_interfaces_of(
    const Type& type, Interfaces Type::*type_interfaces, const Value* given,
    std::string_view subject, const Value& holder, int unknown_code, const Path& path) {
  Context& context = blueprint_.context;
  const Interfaces& declared = type.*type_interfaces;
  const bool adds_something = given != nullptr && (!given->is_map() || !given->entries().empty());
  if (!adds_something) {
    const auto [place, is_new] = shared_.try_emplace({&type, &declared});
    if (is_new) {
      schema::Problems problems;
      const Interfaces merged = merge_interfaces(declared, {}, problems);
      place->second = bind_interfaces(context, merged, std::move(problems), blueprint_.plan,
                                      resolver_, unknown_code);
    }
    report_bound(place->second, nullptr, subject, holder, path);
    return place->second;
  }
  if (!context.spend(count_operations(declared), holder.range(), path)) return own_ = nothing();
  const Interfaces own =
      read_interfaces(context, given, DeclaredIn::node_template, blueprint_.data_types, path);
  schema::Problems problems;
  const Interfaces merged = merge_interfaces(declared, own, problems);
  own_ = bind_interfaces(context, merged, std::move(problems), blueprint_.plan, resolver_,
                         unknown_code);
  report_bound(own_, given, subject, holder, path);
  return own_;
}

void TemplateParts::report_bound(const BoundInterfaces& bound, const Value* given,
                                 std::string_view subject, const Value& holder, const Path& path) {
  Context& context = blueprint_.context;
  for (const schema::Problem& problem : bound.input_problems) {
    // The path is interface, operation, "inputs", name, ...: the first two name the operation.
    schema::Problem told = problem;
    told.path.erase(told.path.begin(),
                    told.path.begin() +
                        static_cast<std::ptrdiff_t>(std::min<std::size_t>(told.path.size(), 3)));
    const std::string operation =
        problem.path.size() < 2 ? std::string() : problem.path[0] + "." + problem.path[1];
    const Value& place = given == nullptr ? holder : locate(*given, problem.path);
    report(context, {told}, fmt::format("{}: operation '{}'", subject, operation), place, path);
  }
  report_mappings(bound, subject, &holder, path);
}

void TemplateParts::report_mappings(const BoundInterfaces& bound, std::string_view subject,
                                    const Value* holder, const Path& path) {
  for (const auto& [problem, range] : bound.mapping_problems) {
    const auto key = std::make_tuple(static_cast<std::uint32_t>(range.file), range.line,
                                     range.column, problem.code.value_or(0));
    if (!reported_.insert(key).second) continue;
    base::Diagnostic& error = blueprint_.context.error(
        problem.code.value_or(0), range, path,
        fmt::format("operation '{}.{}' {}", problem.path[0], problem.path[1], problem.message));
    error.hint = problem.hint;
    if (holder != nullptr)
      error.notes.push_back({fmt::format("used by {}", subject), holder->range()});
  }
}

void TemplateParts::check_mappings(const Type& type) {
  const Path section("relationships");
  const Path path(section, type.name);
  for (const auto& [key, member] : {std::pair("source_interfaces", &Type::source_interfaces),
                                    std::pair("target_interfaces", &Type::target_interfaces)}) {
    const BoundInterfaces bound =
        bind_interfaces(blueprint_.context, type.*member, {}, blueprint_.plan, resolver_, 19);
    report_mappings(bound, type.name, nullptr, Path(path, key));
  }
}

}  // namespace cfy::dsl
