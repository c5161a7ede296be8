// Which deployment a command speaks of that shows one.
#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"
#include "store/store.hpp"

namespace cfy::app {

/// The deployment of that id; without an id, the only one there is.
/// Errors: not_found; usage (there are several to choose from); state.
base::Result<store::Deployment> choose_deployment(store::Store& store, const std::string& id);

/// For lists that may be of one deployment: whether there is that one. Errors: not_found, state.
base::Result<void> check_deployment(store::Store& store, const std::optional<std::string>& id);

}  // namespace cfy::app
