#include "dsl/namespaces.hpp"

#include <functional>
#include <vector>

#include "dsl/fields.hpp"
#include "dsl/import_text.hpp"
#include "dsl/mapping.hpp"
#include "functions/info.hpp"
#include "schema/types.hpp"

namespace cfy::dsl {
namespace {

constexpr std::string_view kReserved = "cloudify.";

using Change = std::function<const Value*(const Value&)>;

// Each method takes a value of one kind of place and gives it with its names changed. Anything of
// an unexpected shape is left as it is: the checks that come later report it.
class Rewriter {
 public:
  Rewriter(yaml::Arena& arena, std::string prefix) : arena_(arena), prefix_(std::move(prefix)) {}

  const Value* root(const Value& value);

 private:
  const Value* section(std::string_view name, const Value& value);
  const Value* name(const Value& value);
  const Value* type_name(const Value& value);
  const Value* mapping(const Value& value);
  const Value* node_type(const Value& value);
  const Value* node_template(const Value& value);
  const Value* relationship(const Value& value);
  const Value* schemas(const Value& value);
  const Value* type_interfaces(const Value& value);
  const Value* interfaces(const Value& value);
  const Value* interfaces_with(const Value& value, const Change& inputs);
  const Value* operation(const Value& value, const Change& inputs);
  const Value* workflow(const Value& value);
  const Value* group(const Value& value);
  const Value* policy(const Value& value);
  const Value* data(const Value& value);
  const Value* function_arguments(std::string_view function, const Value& arguments);

  // A map with each key renamed and each value changed.
  const Value* named(const Value& value, const Change& change);
  // A map with its keys kept and each value changed.
  const Value* each(const Value& value, const Change& change);
  const Value* each_item(const Value& value, const Change& change);
  // A map with the values of some keys changed.
  using KeyChange = std::pair<std::string_view, Change>;
  const Value* keys(const Value& value, const std::vector<KeyChange>& changes);
  Change by(const Value* (Rewriter::*method)(const Value&)) {
    return [this, method](const Value& value) { return (this->*method)(value); };
  }

  yaml::Arena& arena_;
  std::string prefix_;  // "a--b--"
};

const Value* Rewriter::name(const Value& value) {
  if (!value.is_string() || value.text().empty() || value.text().starts_with(kReserved))
    return &value;
  return arena_.make_string(prefix_ + std::string(value.text()), value.range());
}

const Value* Rewriter::type_name(const Value& value) {
  if (value.is_string() && schema::is_builtin_type(value.text())) return &value;
  return name(value);
}

// Scripts get the prefix too, it is taken off again before the file is looked for. URLs and the
// text of inline scripts stay.
const Value* Rewriter::mapping(const Value& value) {
  if (!value.is_string() || is_script_address(value.text()) || is_inline_script(value.text()))
    return &value;
  return name(value);
}

const Value* Rewriter::named(const Value& value, const Change& change) {
  if (!value.is_map()) return &value;
  std::vector<Entry> entries;
  for (const Entry& entry : value.entries())
    entries.push_back({name(*entry.key), change(*entry.value)});
  return arena_.make_map(entries, value.range());
}

const Value* Rewriter::each(const Value& value, const Change& change) {
  if (!value.is_map()) return &value;
  std::vector<Entry> entries;
  for (const Entry& entry : value.entries())
    entries.push_back({entry.key, change(*entry.value)});
  return arena_.make_map(entries, value.range());
}

const Value* Rewriter::each_item(const Value& value, const Change& change) {
  if (!value.is_list()) return &value;
  std::vector<const Value*> items;
  for (const Value* item : value.items())
    items.push_back(change(*item));
  return arena_.make_list(items, value.range());
}

const Value* Rewriter::keys(const Value& value, const std::vector<KeyChange>& changes) {
  if (!value.is_map()) return &value;
  std::vector<Entry> entries;
  for (const Entry& entry : value.entries()) {
    const Value* changed = entry.value;
    for (const auto& [key, change] : changes)
      if (entry.key->is_string() && entry.key->text() == key) changed = change(*entry.value);
    entries.push_back({entry.key, changed});
  }
  return arena_.make_map(entries, value.range());
}

const Value* Rewriter::function_arguments(std::string_view function, const Value& arguments) {
  const functions::FunctionInfo* info = functions::find_info(function);
  const auto first = [&](const Value& argument) -> const Value* {
    if (!argument.is_string()) return data(argument);
    const std::string_view text = argument.text();
    const bool is_special = info->refers == functions::Refers::node &&
                            (text == "SELF" || text == "SOURCE" || text == "TARGET");
    return is_special ? &argument : name(argument);
  };
  if (info == nullptr || info->refers == functions::Refers::nothing) return data(arguments);
  if (!arguments.is_list()) return first(arguments);
  std::vector<const Value*> items;
  for (const Value* item : arguments.items())
    items.push_back(items.empty() ? first(*item) : data(*item));
  return arena_.make_list(items, arguments.range());
}

// Any data: only the functions in it refer to names.
const Value* Rewriter::data(const Value& value) {
  if (value.is_list()) return each_item(value, by(&Rewriter::data));
  if (!value.is_map()) return &value;
  const std::size_t count = value.entries().size();
  const bool may_be_function = count == 1 || (count == 2 && value.find("type") != nullptr);
  std::vector<Entry> entries;
  for (const Entry& entry : value.entries()) {
    const std::string_view key = entry.key->is_string() ? entry.key->text() : std::string_view();
    const bool is_function = may_be_function && schema::is_function_name(key);
    entries.push_back(
        {entry.key, is_function ? function_arguments(key, *entry.value) : data(*entry.value)});
  }
  return arena_.make_map(entries, value.range());
}

// name: {type, default, ...} of inputs, properties and parameters
const Value* Rewriter::schemas(const Value& value) {
  return each(value, [this](const Value& schema) {
    return keys(schema, {{"type", by(&Rewriter::type_name)},
                         {"default", by(&Rewriter::data)},
                         {"constraints", by(&Rewriter::data)}});
  });
}

const Value* Rewriter::operation(const Value& value, const Change& inputs) {
  if (value.is_string()) return mapping(value);
  return keys(value, {{"implementation", by(&Rewriter::mapping)}, {"inputs", inputs}});
}

const Value* Rewriter::interfaces_with(const Value& value, const Change& inputs) {
  return each(value, [&](const Value& operations) {
    return each(operations, [&](const Value& one) { return operation(one, inputs); });
  });
}

// Inputs are schemas in a type and values in a template.
const Value* Rewriter::type_interfaces(const Value& value) {
  return interfaces_with(value, by(&Rewriter::schemas));
}

const Value* Rewriter::interfaces(const Value& value) {
  return interfaces_with(value, by(&Rewriter::data));
}

const Value* Rewriter::node_type(const Value& value) {
  return keys(value, {{"derived_from", by(&Rewriter::name)},
                      {"properties", by(&Rewriter::schemas)},
                      {"runtime_properties", by(&Rewriter::schemas)},
                      {"interfaces", by(&Rewriter::type_interfaces)},
                      {"source_interfaces", by(&Rewriter::type_interfaces)},
                      {"target_interfaces", by(&Rewriter::type_interfaces)}});
}

const Value* Rewriter::relationship(const Value& value) {
  return keys(value, {{"type", by(&Rewriter::name)},
                      {"target", by(&Rewriter::name)},
                      {"properties", by(&Rewriter::data)},
                      {"source_interfaces", by(&Rewriter::interfaces)},
                      {"target_interfaces", by(&Rewriter::interfaces)}});
}

const Value* Rewriter::node_template(const Value& value) {
  return keys(value, {{"type", by(&Rewriter::name)},
                      {"properties", by(&Rewriter::data)},
                      {"interfaces", by(&Rewriter::interfaces)},
                      {"instances", by(&Rewriter::data)},
                      {"capabilities", by(&Rewriter::data)},
                      {"relationships", [this](const Value& list) {
                         return each_item(list, by(&Rewriter::relationship));
                       }}});
}

const Value* Rewriter::workflow(const Value& value) {
  if (value.is_string()) return mapping(value);
  return keys(value, {{"mapping", by(&Rewriter::mapping)}, {"parameters", by(&Rewriter::schemas)}});
}

const Value* Rewriter::group(const Value& value) {
  const auto triggers = [this](const Value& map) {
    return named(map, [this](const Value& trigger) {
      return keys(trigger, {{"type", by(&Rewriter::name)}, {"parameters", by(&Rewriter::data)}});
    });
  };
  const auto policies = [this, triggers](const Value& map) {
    return named(map, [this, triggers](const Value& group_policy) {
      return keys(group_policy, {{"type", by(&Rewriter::name)},
                                 {"properties", by(&Rewriter::data)},
                                 {"triggers", triggers}});
    });
  };
  return keys(value, {{"members",
                       [this](const Value& list) { return each_item(list, by(&Rewriter::name)); }},
                      {"policies", policies}});
}

const Value* Rewriter::policy(const Value& value) {
  return keys(
      value,
      {{"type", by(&Rewriter::name)},
       {"properties", by(&Rewriter::data)},
       {"targets", [this](const Value& list) { return each_item(list, by(&Rewriter::name)); }}});
}

const Value* Rewriter::section(std::string_view section_name, const Value& value) {
  const auto keep = [](const Value& inner) { return &inner; };
  if (section_name == "inputs") {
    // The keys of `schemas` are kept, so the names are changed around it.
    return named(*schemas(value), keep);
  }
  if (section_name == "plugins" || section_name == "policy_types" ||
      section_name == "policy_triggers" || section_name == "namespaces_mapping")
    return named(value, keep);
  if (section_name == "node_types" || section_name == "relationships" ||
      section_name == "data_types")
    return named(value, by(&Rewriter::node_type));
  if (section_name == "node_templates") return named(value, by(&Rewriter::node_template));
  if (section_name == "workflows") return named(value, by(&Rewriter::workflow));
  if (section_name == "outputs" || section_name == "capabilities" || section_name == "labels" ||
      section_name == "blueprint_labels" || section_name == "resource_tags")
    return named(value, by(&Rewriter::data));
  if (section_name == "groups") return named(value, by(&Rewriter::group));
  if (section_name == "policies") return named(value, by(&Rewriter::policy));
  if (section_name == "deployment_settings") return data(value);
  return &value;
}

const Value* Rewriter::root(const Value& value) {
  std::vector<Entry> entries;
  for (const Entry& entry : value.entries())
    entries.push_back({entry.key, entry.key->is_string() ? section(entry.key->text(), *entry.value)
                                                         : entry.value});
  return arena_.make_map(entries, value.range());
}

}  // namespace

std::string join_namespaces(const std::string& outer, const std::string& inner) {
  if (outer.empty()) return inner;
  if (inner.empty()) return outer;
  return outer + std::string(kNamespaceDelimiter) + inner;
}

const Value* add_namespace(Context& context, const Value& root, const std::string& name_space) {
  if (name_space.empty()) return &root;
  return Rewriter(context.arena, name_space + std::string(kNamespaceDelimiter)).root(root);
}

std::string_view without_namespace(std::string_view name) {
  const std::size_t at = name.rfind(kNamespaceDelimiter);
  return at == std::string_view::npos ? name : name.substr(at + kNamespaceDelimiter.size());
}

}  // namespace cfy::dsl
