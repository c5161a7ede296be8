// StoredUpdate: an update of a deployment in the store. The new plan and instances are stored
// before anything runs, what was removed goes when it is down, and what has still to be done is
// kept until the end, so that a later update can take it over. Knows no task and no plugin.
#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "deploy/modify.hpp"
#include "exec/deployment_changer.hpp"
#include "plan/plan.hpp"
#include "store/store.hpp"

namespace cfy::exec {

using nlohmann::json;

/// What an update is to make of a deployment.
struct UpdateSetup {
  plan::Plan after;             ///< the new definitions, with the numbers as they are to be
  deploy::CountChanges counts;  ///< nodes whose number of instances changes
  std::vector<std::string> changed_nodes;  ///< whose instances have other definitions
  json changes = json::object();           ///< all that changes, for people
  store::Deployment before;                ///< the row that all this was made from
  bool is_pretended = false;               ///< nothing is stored: it only looks as if
};

/// Which instances an update concerns, by id.
struct UpdateLists {
  std::string id;
  deploy::Modification instances;
  std::vector<std::string> changed;      ///< have other definitions than they were made with
  std::vector<std::string> interrupted;  ///< an earlier update took them down and did not go on
};

/// The system property of instances that are to be updated, {ok, result, task}, as in Cloudify.
inline constexpr const char* kDrift = "configuration_drift";

struct UpdateParts {
  store::Store* store = nullptr;     ///< borrowed
  StoredChanger* changer = nullptr;  ///< borrowed; its plan is the merged one
  std::string execution_id;
  const base::Clock* clock = &base::system_clock();
};

class StoredUpdate {
 public:
  StoredUpdate(UpdateSetup setup, UpdateParts parts)
      : setup_(std::move(setup)), parts_(std::move(parts)) {}

  /// In the store's open transaction: store `row`, the deployment as it is to be, with the plan of
  /// the changer; add what is to be added, mark what changed. Errors: conflict (the deployment was
  /// changed since it was read; a modification is started), invalid (instances cannot be made),
  /// state.
  base::Result<void> begin(store::Deployment row);
  const UpdateLists& lists() const { return lists_; }
  /// Where the files of what is removed lie. After begin().
  const std::string& blueprint_before() const {
    return unfinished_ ? unfinished_->blueprint_before : setup_.before.blueprint_path;
  }
  /// In a transaction of its own: instances and relationships that the update removes are no more.
  /// Errors: state.
  base::Result<void> forget_removed();
  /// In the store's open transaction: the new definitions alone hold from now on. Errors: state.
  base::Result<void> finish();

 private:
  base::Result<void> check_unchanged() const;
  base::Result<void> plan_instances();
  std::vector<store::NodeInstance> rows_to_begin_with() const;
  std::vector<store::NodeInstance> rows_without_removed() const;
  store::Update make_record() const;
  json links_to_establish() const;
  void find_changed();
  void find_interrupted();

  UpdateSetup setup_;
  UpdateParts parts_;
  store::Deployment row_;                        // as it is to be at the end
  std::optional<store::Update> unfinished_;      // what an earlier update left
  std::vector<plan::NodeInstance> established_;  // what is really there when it begins
  std::unordered_set<std::string> removed_;      // ids
  UpdateLists lists_;
};

}  // namespace cfy::exec
