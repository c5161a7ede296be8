// Modifications: changes of a deployment that were started, and how they ended. Knows not what they
// do to instances.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "store/records.hpp"
#include "store/sqlite.hpp"

namespace cfy::store {

class Modifications {
 public:
  explicit Modifications(Database& database) : database_(database) {}

  /// Errors: conflict (another one of the deployment is started; names it), state.
  base::Result<void> create(const Modification& modification);
  /// Errors: not_found, state.
  base::Result<Modification> get(const std::string& id);
  /// By its id or a beginning of it. Errors: not_found, usage (ambiguous), state.
  base::Result<Modification> find(const std::string& prefix);
  /// Oldest first, of one deployment or of all.
  base::Result<std::vector<Modification>> list(
      const std::optional<std::string>& deployment_id = std::nullopt);
  /// The one that is started, if there is one.
  base::Result<std::optional<Modification>> find_started(const std::string& deployment_id);
  /// Once only. Errors: conflict (it has ended before; says how), not_found, state.
  base::Result<void> end(const std::string& id, std::string_view status, std::int64_t wall_ms);

 private:
  Database& database_;
};

}  // namespace cfy::store
