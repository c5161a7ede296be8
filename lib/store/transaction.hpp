// Transaction: changes that reach the disk together or not at all.
#pragma once

#include <utility>

#include "base/error.hpp"
#include "store/sqlite.hpp"

namespace cfy::store {

/// Holds the write lock of the database from begin() to commit(), so keep it short: other
/// processes wait. Rolls back when it goes without a commit. Functions of the store that are called
/// meanwhile take part in it; after an error of one of them (but for conflict and not_found, which
/// change nothing) let the whole transaction go.
class [[nodiscard]] Transaction {
 public:
  /// Errors: state. A transaction must not be open.
  static base::Result<Transaction> begin(Database& database);

  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  /// Survives kill -9 of this process once it returned. Errors: state, with nothing changed.
  base::Result<void> commit();

 private:
  friend class Step;
  explicit Transaction(Database* database) : database_(database) {}
  Database* database_;  // null: nothing to end here
};

/// What a function of the store that reads and then writes runs in: the caller's transaction when
/// there is one, else its own.
class [[nodiscard]] Step {
 public:
  static base::Result<Step> begin(Database& database);
  base::Result<void> commit() { return transaction_.commit(); }

 private:
  explicit Step(Transaction transaction) : transaction_(std::move(transaction)) {}
  Transaction transaction_;
};

}  // namespace cfy::store
