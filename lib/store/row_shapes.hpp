// The shapes of JSON columns whose members other rooms rely on. A column is checked once, when its
// row is read, so that nobody behind the store meets anything else.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace cfy::store {

/// [{type, target_name, target_id}], all texts.
bool is_relationships(const nlohmann::json& value);
/// {instance id: relationships}
bool is_links(const nlohmann::json& value);
/// [{name, id}], both texts.
bool is_group_instances(const nlohmann::json& value);
/// [text]
bool is_texts(const nlohmann::json& value);
/// {key: [version of its last change, writer]}
bool is_property_changes(const nlohmann::json& value);
/// {node or group: {instances, ...}}
bool is_count_changes(const nlohmann::json& value);
/// Instances as a modification keeps them for a rollback.
bool is_kept_instances(const nlohmann::json& value);
/// How an execution was started: what there is of it has its type.
bool is_execution_setup(const nlohmann::json& value);
/// What it takes to run a task again: what there is of it has its type.
bool is_task_parameters(const nlohmann::json& value);

}  // namespace cfy::store
