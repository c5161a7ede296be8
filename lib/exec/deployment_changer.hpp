// DeploymentChanger: what a workflow that modifies its deployment does to the rows of it: start,
// finish, rollback. StoredChanger does it in the store, each step as a whole. Knows no task and no
// plugin.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "deploy/modify.hpp"
#include "plan/plan.hpp"
#include "store/store.hpp"

namespace cfy::exec {

/// A modification that has started, and whom it concerns.
struct StartedChange {
  std::string id;
  deploy::Modification lists;
};

class DeploymentChanger {
 public:
  virtual ~DeploymentChanger() = default;
  /// Adds what is to be added; what is to be removed stays until finish(), with its relationships.
  /// Errors: invalid (no such node or group, a number below 0 or out of its limits, a relationship
  /// that cannot be), conflict (another one is started; names it), state.
  virtual base::Result<StartedChange> start(const deploy::CountChanges& changes) = 0;
  /// Removes what is to be removed. Errors: conflict (it has ended before), not_found, state.
  virtual base::Result<void> finish(const std::string& id) = 0;
  /// All instances as they were before it started: properties, states, relationships. Errors: as
  /// finish().
  virtual base::Result<void> rollback(const std::string& id) = 0;
  virtual base::Result<std::vector<store::Modification>> started() = 0;
  /// Read what is stored now. Errors: state.
  virtual base::Result<void> reload() = 0;

  /// As of the last call.
  virtual const std::vector<store::NodeInstance>& instances() const = 0;
  /// The plan with the numbers of instances as of the last call.
  virtual const plan::Plan& plan() const = 0;
};

struct ChangerSetup {
  store::Store* store = nullptr;  ///< borrowed
  std::string deployment_id;
  plan::Plan plan;
  std::string execution_id;  ///< who changes it; may be empty
  const base::Clock* clock = &base::system_clock();
  bool is_dry_run = false;  ///< nothing is stored: it only looks as if
};

class StoredChanger final : public DeploymentChanger {
 public:
  explicit StoredChanger(ChangerSetup setup) : setup_(std::move(setup)) {}

  base::Result<StartedChange> start(const deploy::CountChanges& changes) override;
  base::Result<void> finish(const std::string& id) override;
  base::Result<void> rollback(const std::string& id) override;
  base::Result<std::vector<store::Modification>> started() override;
  base::Result<void> reload() override;
  const std::vector<store::NodeInstance>& instances() const override { return rows_; }
  const plan::Plan& plan() const override { return setup_.plan; }

  /// Write the difference between what was read last and `rows`, in the store's open transaction
  /// (a dry run: keep them). Errors: conflict (somebody else changed one meanwhile), state.
  base::Result<void> save(std::vector<store::NodeInstance> rows);
  bool is_dry_run() const { return setup_.is_dry_run; }

 private:
  base::Result<void> check(const deploy::CountChanges& changes) const;
  base::Result<store::Modification> find_started(const std::string& id);
  base::Result<void> end(const store::Modification& modification, std::string_view status);
  base::Result<void> save_counts();
  bool is_pretending() const { return setup_.is_dry_run && has_rows_; }

  ChangerSetup setup_;
  std::vector<store::NodeInstance> rows_;
  bool has_rows_ = false;
  std::optional<store::Modification> pretended_;  // of a dry run
};

}  // namespace cfy::exec
