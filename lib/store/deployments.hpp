// Deployments: the rows of deployments. Knows no blueprint; the plan is JSON that others read.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "store/records.hpp"
#include "store/sqlite.hpp"

namespace cfy::store {

class Deployments {
 public:
  explicit Deployments(Database& database) : database_(database) {}

  /// Errors: conflict (the id is taken), state.
  base::Result<void> create(const Deployment& deployment);
  /// Errors: not_found (suggests a near id), state.
  base::Result<Deployment> get(const std::string& id);
  /// Empty when there is none.
  base::Result<std::optional<Deployment>> find(const std::string& id);
  /// The same without its plan (`plan` is null), which may be large.
  base::Result<std::optional<Deployment>> find_summary(const std::string& id);
  /// By id, without their plans (`plan` is null), which may be large.
  base::Result<std::vector<Deployment>> list();
  /// Store all but id and created_ms. Errors: not_found, state.
  base::Result<void> update(const Deployment& deployment);
  /// With its instances, executions, operations and events. Whether it may go (nothing runs) is
  /// for the caller to ask. Errors: not_found, state.
  base::Result<void> remove(const std::string& id);

 private:
  base::Error unknown(const std::string& id);
  Database& database_;
};

}  // namespace cfy::store
