// What `cfy-run update --preview` tells: what would change, of definitions and of instances.
#pragma once

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "exec/deployment_update.hpp"
#include "io.hpp"
#include "store/store.hpp"

namespace cfy::app {

/// {deployment_id, blueprint, blueprint_before, unfinished_update, nodes, sections, node_instances:
/// {added: {node: number}, removed, extended, reduced, updated, reinstalled: [id]}}. Changes
/// nothing. Errors: as those of the update.
base::Result<nlohmann::json> preview_update(store::Store& store, const exec::UpdateSetup& update,
                                            const store::Deployment& row, const plan::Plan& merged);

/// The same for people, on stdout.
void print_preview(const Io& io, const nlohmann::json& preview);

}  // namespace cfy::app
