// What `cfy-run update --preview` tells: what would change, of definitions and of instances.
#pragma once

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "exec/deployment_update.hpp"
#include "io.hpp"
#include "store/store.hpp"

namespace cfy::app {

/// {deployment_id, blueprint, blueprint_before, unfinished_update, nodes, sections, node_instances:
/// {added: {node: number}, removed, extended, reduced, updated, reinstalled, if_drifted: [id]}}.
/// Those in `if_drifted` are among the updated and the reinstalled, but have a check_drift that
/// decides whether anything is done. Changes nothing. Errors: as those of the update.
/// @param parameters  of the workflow
base::Result<nlohmann::json> preview_update(store::Store& store, const exec::UpdateSetup& update,
                                            const store::Deployment& row, const plan::Plan& merged,
                                            const nlohmann::json& parameters);

/// The same for people, on stdout.
void print_preview(const Io& io, const nlohmann::json& preview);

}  // namespace cfy::app
