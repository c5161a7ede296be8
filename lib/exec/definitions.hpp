// Definitions: what a deployment is made from, as a command found it to be: its row, and its
// instances when it is new. Stored together with what makes it necessary, or not at all.
#pragma once

#include <optional>
#include <vector>

#include "base/error.hpp"
#include "store/store.hpp"

namespace cfy::exec {

struct Definitions {
  store::Deployment row;                    ///< as it is to be; without its plan unless is_changed
  std::optional<store::Deployment> before;  ///< as it was read; nothing: there was none
  bool is_changed = false;                  ///< `row` differs from what is stored
  std::vector<store::NodeInstance> instances = {};  ///< of a new one
};

/// Errors: conflict (somebody else has changed, made or deleted it since it was read), state.
base::Result<void> check_unchanged(store::Store& store, const std::string& id,
                                   const std::optional<store::Deployment>& before);

/// In the store's open transaction. Errors: as above.
base::Result<void> save_definitions(store::Store& store, const Definitions& definitions);

}  // namespace cfy::exec
