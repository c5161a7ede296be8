// Events: what happened, appended in order and read again by any process (events --tail).
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "event/event.hpp"
#include "store/records.hpp"
#include "store/sqlite.hpp"

namespace cfy::store {

class Events {
 public:
  explicit Events(Database& database) : database_(database) {}

  /// All or none, in this order. Their execution must be stored; blueprint, deployment and
  /// workflow of their context are not kept, as the execution's row has them.
  /// Errors: not_found (no such execution), state. Cost: a few microseconds an event.
  base::Result<void> append(std::span<const event::Event> events);

  /// Up to `limit` events of one execution after a sequence number, in order. Begin with 0.
  /// Empty when the execution is not known. Errors: state.
  base::Result<std::vector<StoredEvent>> read_after(const std::string& execution_id,
                                                    std::int64_t sequence, std::size_t limit);

 private:
  base::Result<std::int64_t> execution_number(const std::string& execution_id);
  base::Result<std::int64_t> last_key(std::int64_t execution);

  Database& database_;
  std::pair<std::string, std::int64_t> last_execution_;  // its id and number
};

}  // namespace cfy::store
