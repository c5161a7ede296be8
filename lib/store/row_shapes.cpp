#include "store/row_shapes.hpp"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <limits>

#include <nlohmann/json.hpp>

namespace cfy::store {
namespace {

using nlohmann::json;
using Check = bool (*)(const json&);

struct Member {
  const char* name;
  Check check;
};

bool is_text(const json& value) {
  return value.is_string();
}
bool is_text_or_null(const json& value) {
  return value.is_string() || value.is_null();
}
bool is_truth(const json& value) {
  return value.is_boolean();
}
bool is_object(const json& value) {
  return value.is_object();
}
bool is_whole_number(const json& value) {
  return value.is_number_integer();
}
bool is_seconds(const json& value) {
  return value.is_number() && value.get<double>() >= 0;
}

// A position or a count: of 32 bits, as the code counts them.
bool is_count(const json& value) {
  return value.is_number_integer() && value >= 0 &&
         value <= std::numeric_limits<std::uint32_t>::max();
}
bool is_signed_count(const json& value) {
  return value.is_number_integer() && value >= std::numeric_limits<std::int32_t>::min() &&
         value <= std::numeric_limits<std::int32_t>::max();
}
bool is_job_count(const json& value) {
  return is_count(value) && value >= 1 && value <= 10'000;
}

bool has_all(const json& value, std::initializer_list<Member> members) {
  return value.is_object() &&
         std::all_of(members.begin(), members.end(), [&](const Member& member) {
           const auto found = value.find(member.name);
           return found != value.end() && member.check(*found);
         });
}

// Older programs wrote fewer members.
bool has_known(const json& value, std::initializer_list<Member> members) {
  return value.is_object() &&
         std::all_of(members.begin(), members.end(), [&](const Member& member) {
           const auto found = value.find(member.name);
           return found == value.end() || member.check(*found);
         });
}

bool is_list_of(const json& value, Check check) {
  return value.is_array() && std::all_of(value.begin(), value.end(), check);
}
bool is_map_of(const json& value, Check check) {
  return value.is_object() && std::all_of(value.begin(), value.end(), check);
}

bool is_relationship(const json& value) {
  return has_all(value, {{"type", is_text}, {"target_name", is_text}, {"target_id", is_text}});
}
bool is_group_instance(const json& value) {
  return has_all(value, {{"name", is_text}, {"id", is_text}});
}
bool is_property_change(const json& value) {
  return value.is_array() && value.size() == 2 && is_whole_number(value[0]) && is_text(value[1]);
}
bool is_count_change(const json& value) {
  return has_all(value, {{"instances", is_whole_number}});
}
bool is_used_plugin(const json& value) {
  return has_all(value, {{"path", is_text}, {"digest", is_text}});
}
bool is_used_plugins(const json& value) {
  return is_map_of(value, is_used_plugin);
}

bool is_kept_instance(const json& value) {
  return has_all(value, {{"id", is_text},
                         {"node_id", is_text},
                         {"index", is_count},
                         {"host_id", is_text_or_null},
                         {"state", is_text},
                         {"version", is_whole_number},
                         {"runtime_properties", is_object},
                         {"system_properties", is_object},
                         {"relationships", is_relationships},
                         {"scaling_groups", is_group_instances}});
}

}  // namespace

bool is_relationships(const json& value) {
  return is_list_of(value, is_relationship);
}
bool is_links(const json& value) {
  return is_map_of(value, is_relationships);
}
bool is_group_instances(const json& value) {
  return is_list_of(value, is_group_instance);
}
bool is_texts(const json& value) {
  return is_list_of(value, is_text);
}
bool is_property_changes(const json& value) {
  return is_map_of(value, is_property_change);
}
bool is_count_changes(const json& value) {
  return is_map_of(value, is_count_change);
}
bool is_kept_instances(const json& value) {
  return is_list_of(value, is_kept_instance);
}

bool is_execution_setup(const json& value) {
  return has_known(value, {{"task_retries", is_signed_count},
                           {"task_retry_interval", is_seconds},
                           {"subgraph_retries", is_signed_count},
                           {"wait_after_fail", is_seconds},
                           {"jobs", is_job_count},
                           {"isolation", is_text},
                           {"plugin_path", is_texts},
                           {"blueprint_digest", is_text},
                           {"plugins", is_used_plugins}});
}

bool is_task_parameters(const json& value) {
  return has_known(value, {{"operation", is_text},
                           {"plugin", is_text},
                           {"node_instance_id", is_text},
                           {"target_id", is_text},
                           {"side", is_text},
                           {"total_retries", is_whole_number},
                           {"send_task_events", is_truth}});
}

}  // namespace cfy::store
