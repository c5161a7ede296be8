// Updates: changes of what deployments are made from, and whether they came to their end. Knows
// not what they do to instances.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "store/records.hpp"
#include "store/sqlite.hpp"

namespace cfy::store {

class Updates {
 public:
  explicit Updates(Database& database) : database_(database) {}

  /// One of the deployment that is started already becomes `continued`: the new one takes its work
  /// over. Errors: state.
  base::Result<void> create(const Update& update);
  /// Oldest first. Errors: state.
  base::Result<std::vector<Update>> list(const std::string& deployment_id);
  /// The one that is started and has not come to its end, if there is one.
  base::Result<std::optional<Update>> find_started(const std::string& deployment_id);
  /// Errors: conflict (it has ended before), state.
  base::Result<void> finish(const std::string& id, std::int64_t wall_ms);

 private:
  Database& database_;
};

}  // namespace cfy::store
