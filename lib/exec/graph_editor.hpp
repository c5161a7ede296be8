// GraphEditor: what a workflow may change of its deployment while it runs, in the ids that cross
// the plugin boundary. The rows themselves are the DeploymentChanger's.
#pragma once

#include <functional>
#include <string>

#include "exec/coordinator.hpp"
#include "exec/deployment_changer.hpp"
#include "exec/deployment_update.hpp"
#include "exec/snapshot.hpp"
#include "plugin/host.hpp"

namespace cfy::exec {

/// All borrowed.
struct EditorParts {
  Snapshots* snapshots = nullptr;
  Coordinator* coordinator = nullptr;
  DeploymentChanger* changer = nullptr;
  StoredUpdate* update = nullptr;                    ///< nullptr: the execution is no update
  std::function<void(const Snapshot&)> on_modified;  ///< may be empty
};

class GraphEditor final : public plugin::DeploymentEditor {
 public:
  explicit GraphEditor(EditorParts parts) : parts_(std::move(parts)) {}

  base::Result<plugin::ModificationView> start_modification(const json& changes) override;
  base::Result<void> finish_modification(const std::string& id) override;
  base::Result<void> rollback_modification(const std::string& id) override;
  base::Result<json> started_modifications() override;
  base::Result<void> refresh() override;
  base::Result<plugin::UpdateView> update() override;
  base::Result<void> forget_removed() override;

 private:
  void take_over();
  std::vector<plugin::ModifiedInstance> list(
      const std::vector<deploy::ModifiedInstance>& instances) const;
  std::vector<plugin::InstanceId> find_all(const std::vector<std::string>& ids) const;

  EditorParts parts_;
};

}  // namespace cfy::exec
