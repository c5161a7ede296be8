#include "store/transaction.hpp"

namespace cfy::store {

using base::Result;

Result<Transaction> Transaction::begin(Database& database) {
  CFY_ASSERT(!database.in_transaction());
  // IMMEDIATE: the lock is taken now, where waiting for it is possible. A reader that becomes a
  // writer later is refused at once when somebody wrote in between.
  if (auto begun = database.query("BEGIN IMMEDIATE").run(); !begun) return begun.error();
  Transaction transaction(&database);
  // SQLite would go on writing into a file that nobody can find any more.
  if (database.has_moved()) return database.moved_error();
  return transaction;
}

Transaction::~Transaction() {
  // SQLite has rolled back by itself after some errors (a full disk).
  if (database_ != nullptr && database_->in_transaction()) (void)database_->query("ROLLBACK").run();
}

Result<void> Transaction::commit() {
  if (database_ == nullptr) return {};
  if (!database_->in_transaction()) return database_->error(SQLITE_ABORT);
  if (auto done = database_->query("COMMIT").run(); !done) return done;
  database_ = nullptr;
  return {};
}

Result<Step> Step::begin(Database& database) {
  if (database.in_transaction()) return Step(Transaction(nullptr));
  auto transaction = Transaction::begin(database);
  if (!transaction) return transaction.error();
  return Step(std::move(*transaction));
}

}  // namespace cfy::store
