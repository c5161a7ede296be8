#include "dsl/groups.hpp"

#include <array>
#include <set>

#include <fmt/format.h>

#include "dsl/fields.hpp"
#include "dsl/problems.hpp"
#include "dsl/schemas.hpp"
#include "schema/complete.hpp"
#include "yaml/to_json.hpp"

namespace cfy::dsl {
namespace {

constexpr std::array<Field, 2> kPolicyTypeFields = {
    {{"source", Shape::string, true}, {"properties", Shape::map}}};
constexpr std::array<Field, 2> kTriggerTypeFields = {
    {{"source", Shape::string, true}, {"parameters", Shape::map}}};
constexpr std::array<Field, 2> kGroupFields = {
    {{"members", Shape::list, true}, {"policies", Shape::map}}};
constexpr std::array<Field, 3> kPolicyFields = {
    {{"type", Shape::string, true}, {"properties", Shape::map}, {"triggers", Shape::map}}};
constexpr std::array<Field, 2> kTriggerFields = {
    {{"type", Shape::string, true}, {"parameters", Shape::map}}};

void read_types(Blueprint& blueprint, std::string_view section_name, std::string_view schemas_key,
                std::span<const Field> fields, std::string_view noun, json& result) {
  const Path section(section_name);
  for (const Element& element : blueprint.merged.section(section_name).elements) {
    const Path path(section, element.name());
    json& type = result[std::string(element.name())] = json::object();
    if (!check_fields(blueprint.context, *element.value, fields, noun, path)) continue;
    type["source"] = find_given(*element.value, "source")->text();
    const Value* schemas = find_given(*element.value, schemas_key);
    const Path inner(path, schemas_key);
    json& read = type[std::string(schemas_key)] = read_schemas(
        blueprint.context, schemas, SchemaOf::property, blueprint.data_types.names, inner);
    complete_defaults(blueprint.context, schemas, read, blueprint.data_types.flattened, inner);
    drop_initial_defaults(read);
  }
}

class GroupReader {
 public:
  explicit GroupReader(Blueprint& blueprint) : blueprint_(blueprint), context_(blueprint.context) {}

  void read(const Element& element, const Path& section) {
    const Path path(section, element.name());
    json& group = blueprint_.plan.groups[std::string(element.name())];
    group = {{"members", json::array()}, {"policies", json::object()}};
    check_name(element, path);
    if (!check_fields(context_, *element.value, kGroupFields, "a group", path)) return;
    group["members"] =
        read_members(*find_given(*element.value, "members"), element, Path(path, "members"));
    const Path policies_path(path, "policies");
    for (const Entry& entry : entries_of(find_given(*element.value, "policies"))) {
      const auto name = name_of_key(context_, *entry.key, policies_path);
      if (!name) continue;
      group["policies"][std::string(*name)] =
          read_policy(entry, fmt::format("policy '{}' of group '{}'", *name, element.name()),
                      Path(policies_path, *name));
    }
  }

 private:
  void check_name(const Element& element, const Path& path) {
    const auto node = blueprint_.find_node(element.name());
    if (!node) return;
    context_
        .error(211, element.key->range(), path,
               fmt::format("the group '{}' has the name of a node template", element.name()))
        .notes.push_back({"the node template", blueprint_.node_elements[*node]->key->range()});
  }

  json read_members(const Value& list, const Element& element, const Path& path) {
    json members = json::array();
    std::set<std::string_view> seen;
    if (list.items().empty())
      context_.error(1, list.range(), path, "a group needs at least one member");
    for (std::size_t i = 0; i < list.items().size(); ++i) {
      const Value& item = *list.items()[i];
      const Path inner(path, i);
      if (!check_shape(context_, item, Shape::string, inner)) continue;
      if (!is_known_member(item.text()))
        report_member(item, element, inner);
      else if (seen.insert(item.text()).second)
        members.push_back(item.text());
    }
    return members;
  }

  bool is_known_member(std::string_view name) const {
    return blueprint_.find_node(name) || blueprint_.merged.section("groups").find(name) != nullptr;
  }

  void report_member(const Value& item, const Element& element, const Path& path) {
    const auto names = [this] {
      std::vector<std::string> known;
      for (const plan::Node& node : blueprint_.plan.nodes)
        known.push_back(node.id);
      for (const Element& each : blueprint_.merged.section("groups").elements)
        known.emplace_back(each.name());
      return known;
    };
    context_
        .error(40, item.range(), path,
               fmt::format("the member '{}' of group '{}' is neither a node template nor a group",
                           item.text(), element.name()))
        .hint = context_.hint(item.text(), names);
  }

  // The type that `value` names among `types`; nullptr after an error with `code`.
  const json* find_type(const Value& value, const json& types, int code, std::string_view noun,
                        std::string_view subject, const Path& path) {
    const Value& name = *find_given(value, "type");
    const auto type = types.find(std::string(name.text()));
    if (type != types.end()) return &*type;
    const auto names = [&] {
      std::vector<std::string> known;
      for (const auto& item : types.items())
        known.push_back(item.key());
      return known;
    };
    context_
        .error(code, name.range(), Path(path, "type"),
               fmt::format("{}: there is no policy {} '{}'", subject, noun, name.text()))
        .hint = context_.hint(name.text(), names);
    return nullptr;
  }

  json complete(const Value& value, std::string_view key, const json& type,
                std::string_view subject, const Path& path) {
    const Value* given = find_given(value, key);
    schema::Problems problems;
    const schema::CompleteOptions options{&blueprint_.data_types.flattened, true};
    json completed = schema::complete_properties(
        given == nullptr ? json::object() : yaml::to_json(*given),
        type.value(std::string(key), json::object()), options, problems);
    report(context_, problems, subject, given == nullptr ? value : *given, path);
    return completed;
  }

  json read_policy(const Entry& entry, const std::string& subject, const Path& path) {
    json policy = {{"type", nullptr}, {"properties", json::object()}, {"triggers", json::object()}};
    if (!check_fields(context_, *entry.value, kPolicyFields, "a policy of a group", path))
      return policy;
    policy["type"] = find_given(*entry.value, "type")->text();
    const json* type =
        find_type(*entry.value, blueprint_.plan.policy_types, 41, "type", subject, path);
    if (type != nullptr)
      policy["properties"] =
          complete(*entry.value, "properties", *type, subject, Path(path, "properties"));
    const Path triggers_path(path, "triggers");
    for (const Entry& trigger : entries_of(find_given(*entry.value, "triggers"))) {
      const auto name = name_of_key(context_, *trigger.key, triggers_path);
      if (!name) continue;
      policy["triggers"][std::string(*name)] = read_trigger(
          trigger, fmt::format("trigger '{}' of {}", *name, subject), Path(triggers_path, *name));
    }
    return policy;
  }

  json read_trigger(const Entry& entry, const std::string& subject, const Path& path) {
    json trigger = {{"type", nullptr}, {"parameters", json::object()}};
    if (!check_fields(context_, *entry.value, kTriggerFields, "a trigger", path)) return trigger;
    trigger["type"] = find_given(*entry.value, "type")->text();
    const json* type =
        find_type(*entry.value, blueprint_.plan.policy_triggers, 42, "trigger", subject, path);
    if (type != nullptr)
      trigger["parameters"] =
          complete(*entry.value, "parameters", *type, subject, Path(path, "parameters"));
    return trigger;
  }

  Blueprint& blueprint_;
  Context& context_;
};

}  // namespace

void read_policy_types(Blueprint& blueprint) {
  read_types(blueprint, "policy_types", "properties", kPolicyTypeFields, "a policy type",
             blueprint.plan.policy_types);
  read_types(blueprint, "policy_triggers", "parameters", kTriggerTypeFields, "a policy trigger",
             blueprint.plan.policy_triggers);
}

void read_groups(Blueprint& blueprint) {
  const Path path("groups");
  GroupReader reader(blueprint);
  for (const Element& element : blueprint.merged.section("groups").elements)
    reader.read(element, path);
}

}  // namespace cfy::dsl
