// Node instances as the plan has them and as the store keeps them: the same facts in two forms.
#pragma once

#include <string>
#include <vector>

#include "deploy/modify.hpp"
#include "plan/plan.hpp"
#include "store/records.hpp"

namespace cfy::exec {

/// A row of an instance that nothing has touched yet.
store::NodeInstance to_row(const plan::NodeInstance& instance, const std::string& deployment_id);
plan::NodeInstance to_plan(const store::NodeInstance& row);
std::vector<plan::NodeInstance> to_plan(const std::vector<store::NodeInstance>& rows);

/// All of a row as JSON and back, for a snapshot of a deployment.
nlohmann::json to_json(const store::NodeInstance& row);
store::NodeInstance row_from_json(const nlohmann::json& text);

/// `rows` while their deployment changes: with the relationships that `all` has besides theirs,
/// where the template has them, and with the instances that only `all` has, at the end.
std::vector<store::NodeInstance> with_added(std::vector<store::NodeInstance> rows,
                                            const std::vector<plan::NodeInstance>& all,
                                            const std::string& deployment_id);

/// Those of that fate.
nlohmann::json ids_of(const std::vector<deploy::ModifiedInstance>& list, deploy::Fate fate);

}  // namespace cfy::exec
