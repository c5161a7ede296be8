#include "dsl/bound_operations.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.hpp"
#include "schema/function_form.hpp"

namespace cfy::dsl {
namespace {

template <typename T>
std::optional<T> optional_of(const json& value) {
  return value.is_null() ? std::nullopt : std::optional<T>(value.get<T>());
}

// The type that each dict among the inputs carries: the declared one, or what a template writes
// under that key; null when there is none.
json types_of(const json& inputs) {
  json types;
  for (const auto& [name, value] : inputs.items())
    if (value.is_object() && value.contains("type")) types[name] = value["type"];
  return types;
}

class Binder {
 public:
  Binder(const Context& context, const plan::Plan& plan, MappingResolver& resolver,
         int unknown_code, BoundInterfaces& bound)
      : context_(context),
        plan_(plan),
        resolver_(resolver),
        unknown_code_(unknown_code),
        bound_(bound) {}

  plan::OperationMap bind(const Interfaces& interfaces) {
    plan::OperationMap map;
    std::set<std::string, std::less<>> ambiguous;
    for (const auto& [interface, operations] : interfaces)
      for (const auto& [name, declared] : operations) {
        auto operation = bind_one(*declared, interface, name);
        map[fmt::format("{}.{}", interface, name)] = operation;
        // The bare name is there only as long as one interface alone has it.
        if (ambiguous.contains(name)) continue;
        if (map.emplace(name, operation).second) continue;
        map.erase(name);
        ambiguous.insert(name);
      }
    return map;
  }

 private:
  std::shared_ptr<const plan::Operation> bind_one(const OperationDef& declared,
                                                  const std::string& interface,
                                                  const std::string& name) {
    auto operation = std::make_shared<plan::Operation>();
    if (declared.implementation.empty()) return operation;
    operation->declared_at = context_.at(declared.declared_at);
    operation->range = declared.declared_at;
    operation->inputs = declared.inputs;
    operation->inputs_types = types_of(declared.inputs);
    operation->max_retries = optional_of<std::int64_t>(declared.max_retries);
    operation->retry_interval_s = optional_of<double>(declared.retry_interval);
    operation->timeout_s = optional_of<double>(declared.timeout);
    operation->timeout_recoverable = optional_of<bool>(declared.timeout_recoverable);
    operation->executor = optional_of<std::string>(declared.executor);
    operation->has_intrinsic_functions = schema::contains_function(declared.inputs);
    apply(resolver_.resolve(declared.implementation), declared, {interface, name}, *operation);
    note_plugin(*operation);
    return operation;
  }

  void apply(const Mapping& mapping, const OperationDef& declared, const schema::Path& path,
             plan::Operation& operation) {
    operation.plugin = mapping.plugin;
    if (mapping.is_script()) {
      apply_script(mapping, declared, path, operation);
    } else if (mapping.kind == Mapping::Kind::function) {
      operation.operation = mapping.operation;
      const auto plugin = plan_.plugins.find(mapping.plugin);
      if (!operation.executor && plugin != plan_.plugins.end())
        operation.executor = plugin->second.executor;
    } else {
      report_mapping(mapping, declared, path);
    }
  }

  void apply_script(const Mapping& mapping, const OperationDef& declared, const schema::Path& path,
                    plan::Operation& operation) {
    const std::string input(mapping.script_input());
    for (const char* key : {"script_path", "script_source"})
      if (operation.inputs.contains(key))
        add_problem(60, declared, path,
                    fmt::format("is a script, so that its input '{}' cannot be set", key), "");
    operation.inputs[input] = declared.implementation;
    operation.operation = "script_runner.tasks.run";
    if (!operation.executor) operation.executor = "auto";
  }

  void report_mapping(const Mapping& mapping, const OperationDef& declared,
                      const schema::Path& path) {
    if (mapping.kind == Mapping::Kind::no_script_plugin)
      return add_problem(61, declared, path, "is a script, but no plugin's name ends with 'script'",
                         "import cloudify/types/types.yaml, which declares it");
    if (mapping.kind == Mapping::Kind::ambiguous)
      return add_problem(91, declared, path,
                         fmt::format("maps to '{}', which fits several plugins: {}",
                                     declared.implementation, base::join(mapping.candidates, ", ")),
                         "rename one of the plugins");
    add_problem(unknown_code_, declared, path,
                fmt::format("maps to '{}', which is neither of a plugin nor a script",
                            declared.implementation),
                resolver_.hint(declared.implementation));
  }

  void add_problem(int code, const OperationDef& declared, const schema::Path& path,
                   std::string message, std::string hint) {
    bound_.mapping_problems.emplace_back(schema::Problem{code, "DSLParsingLogicException",
                                                         std::move(message), path, std::move(hint)},
                                         declared.declared_at);
  }

  void note_plugin(const plan::Operation& operation) {
    if (operation.plugin.empty()) return;
    const auto add = [&](std::vector<std::string>& list) {
      if (std::find(list.begin(), list.end(), operation.plugin) == list.end())
        list.push_back(operation.plugin);
    };
    add(bound_.plugins);
    if (operation.executor == "host_agent") add(bound_.host_plugins);
  }

  const Context& context_;
  const plan::Plan& plan_;
  MappingResolver& resolver_;
  int unknown_code_;
  BoundInterfaces& bound_;
};

}  // namespace

BoundInterfaces bind_interfaces(const Context& context, const Interfaces& interfaces,
                                schema::Problems input_problems, const plan::Plan& plan,
                                MappingResolver& resolver, int unknown_code) {
  BoundInterfaces bound;
  bound.input_problems = std::move(input_problems);
  Binder binder(context, plan, resolver, unknown_code, bound);
  bound.operations = std::make_shared<const plan::OperationMap>(binder.bind(interfaces));
  bound.interfaces = std::make_shared<const json>(to_json(interfaces));
  return bound;
}

}  // namespace cfy::dsl
