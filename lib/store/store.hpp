// Store: the state of one user, an SQLite database in a folder of its own. Every table has its
// class; this one opens them and ties their changes into transactions. Knows no workflow.
#pragma once

#include <filesystem>
#include <memory>

#include "base/error.hpp"
#include "store/deployment_locks.hpp"
#include "store/deployments.hpp"
#include "store/events.hpp"
#include "store/executions.hpp"
#include "store/modifications.hpp"
#include "store/node_instances.hpp"
#include "store/operations.hpp"
#include "store/run_locks.hpp"
#include "store/secrets.hpp"
#include "store/transaction.hpp"
#include "store/updates.hpp"

namespace cfy::store {

struct StoreOptions {
  int busy_timeout_ms = 20'000;  ///< how long to wait for another process
};

/// One connection. A Store is used by one thread at a time; threads and processes that work at the
/// same time open one each.
///
/// A change is on disk, safe from kill -9, when the call or the Transaction around it returned.
/// (A power cut may cost the last moments, never the consistency.) Calls outside a transaction are
/// one each: many changes belong into one begin() ... commit().
class Store {
 public:
  /// Open, or create, `state_dir`/state.db; the folder is made with mode 0700, files with 0600.
  /// Errors: state (locked, damaged, full, read-only, no database, of a newer program): they name
  /// the file.
  static base::Result<std::unique_ptr<Store>> open(const std::filesystem::path& state_dir,
                                                   StoreOptions options = {});

  const std::filesystem::path& state_dir() const { return state_dir_; }

  base::Result<Transaction> begin() { return Transaction::begin(*database_); }

  Deployments& deployments() { return deployments_; }
  NodeInstances& node_instances() { return node_instances_; }
  Executions& executions() { return executions_; }
  const Executions& executions() const { return executions_; }
  DeploymentLocks& locks() { return locks_; }
  const RunLocks& run_locks() const { return run_locks_; }
  Operations& operations() { return operations_; }
  Events& events() { return events_; }
  Modifications& modifications() { return modifications_; }
  Secrets& secrets() { return secrets_; }
  Updates& updates() { return updates_; }

 private:
  Store(std::filesystem::path state_dir, std::unique_ptr<Database> database);

  std::filesystem::path state_dir_;
  std::unique_ptr<Database> database_;
  RunLocks run_locks_;
  Deployments deployments_;
  NodeInstances node_instances_;
  Executions executions_;
  DeploymentLocks locks_;
  Operations operations_;
  Events events_;
  Modifications modifications_;
  Secrets secrets_;
  Updates updates_;
};

}  // namespace cfy::store
