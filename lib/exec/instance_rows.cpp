#include "exec/instance_rows.hpp"

#include <iterator>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace cfy::exec {

using nlohmann::json;

namespace {

// The ones there are, and the new ones where the template has them.
json merge_relationships(const json& now, const json& later) {
  const auto key = [](const json& one) {
    return one.at("type").get<std::string>() + '\n' + one.at("target_name").get<std::string>();
  };
  std::vector<std::string> order;
  std::map<std::string, std::vector<json>> groups;
  const auto add = [&](const json& one) {
    auto& group = groups[key(one)];
    if (group.empty()) order.push_back(key(one));
    group.push_back(one);
  };
  // `later` is in the order of the template; what it lacks of a kind goes after.
  for (const json& one : later)
    if (!groups.contains(key(one))) {
      groups[key(one)];
      order.push_back(key(one));
    }
  std::map<json, int> have;
  for (const json& one : now) {
    add(one);
    ++have[one];
  }
  for (const json& one : later)
    if (--have[one] < 0) add(one);
  json merged = json::array();
  std::unordered_set<std::string> done;
  for (const std::string& kind : order)
    if (done.insert(kind).second)
      for (const json& one : groups[kind])
        merged.push_back(one);
  return merged;
}

}  // namespace

store::NodeInstance to_row(const plan::NodeInstance& instance, const std::string& deployment_id) {
  store::NodeInstance row;
  row.id = instance.id;
  row.deployment_id = deployment_id;
  row.node_id = instance.node_id;
  row.index = instance.index;
  row.host_id = instance.host_id;
  for (const plan::InstanceRelationship& one : instance.relationships)
    row.relationships.push_back(
        {{"type", one.type}, {"target_name", one.target_name}, {"target_id", one.target_id}});
  for (const plan::GroupInstance& one : instance.scaling_groups)
    row.scaling_groups.push_back({{"name", one.name}, {"id", one.id}});
  return row;
}

plan::NodeInstance to_plan(const store::NodeInstance& row) {
  plan::NodeInstance instance;
  instance.id = row.id;
  instance.node_id = row.node_id;
  instance.index = row.index;
  instance.host_id = row.host_id;
  for (const json& one : row.relationships)
    instance.relationships.push_back({one.at("type"), one.at("target_name"), one.at("target_id")});
  for (const json& one : row.scaling_groups)
    instance.scaling_groups.push_back({one.at("name"), one.at("id")});
  return instance;
}

std::vector<plan::NodeInstance> to_plan(const std::vector<store::NodeInstance>& rows) {
  std::vector<plan::NodeInstance> instances;
  instances.reserve(rows.size());
  for (const store::NodeInstance& row : rows)
    instances.push_back(to_plan(row));
  return instances;
}

json to_json(const store::NodeInstance& row) {
  return {{"id", row.id},
          {"node_id", row.node_id},
          {"index", row.index},
          {"host_id", row.host_id ? json(*row.host_id) : json()},
          {"state", row.state},
          {"version", row.version},
          {"runtime_properties", row.runtime_properties},
          {"system_properties", row.system_properties},
          {"relationships", row.relationships},
          {"scaling_groups", row.scaling_groups}};
}

store::NodeInstance row_from_json(const json& text) {
  store::NodeInstance row;
  row.id = text.at("id");
  row.node_id = text.at("node_id");
  row.index = text.at("index");
  if (!text.at("host_id").is_null()) row.host_id = text.at("host_id").get<std::string>();
  row.state = text.at("state");
  row.version = text.at("version");
  row.runtime_properties = text.at("runtime_properties");
  row.system_properties = text.at("system_properties");
  row.relationships = text.at("relationships");
  row.scaling_groups = text.at("scaling_groups");
  return row;
}

std::vector<store::NodeInstance> with_added(std::vector<store::NodeInstance> rows,
                                            const std::vector<plan::NodeInstance>& all,
                                            const std::string& deployment_id) {
  std::unordered_map<std::string_view, store::NodeInstance*> known;
  for (store::NodeInstance& row : rows)
    known.emplace(row.id, &row);
  std::vector<store::NodeInstance> created;
  for (const plan::NodeInstance& instance : all) {
    store::NodeInstance row = to_row(instance, deployment_id);
    const auto before = known.find(row.id);
    if (before == known.end())
      created.push_back(std::move(row));
    else
      before->second->relationships =
          merge_relationships(before->second->relationships, row.relationships);
  }
  std::move(created.begin(), created.end(), std::back_inserter(rows));
  return rows;
}

json ids_of(const std::vector<deploy::ModifiedInstance>& list, deploy::Fate fate) {
  json ids = json::array();
  for (const deploy::ModifiedInstance& one : list)
    if (one.fate == fate) ids.push_back(one.instance.id);
  return ids;
}

}  // namespace cfy::exec
