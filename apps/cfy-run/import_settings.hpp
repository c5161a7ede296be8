// Where imports lead on this machine: the rules of config.yaml in the state folder, the plugins
// that are installed, and the blueprints of the deployments that there are.
#pragma once

#include "base/error.hpp"
#include "dsl/options.hpp"
#include "io.hpp"

namespace cfy::app {

/// Fill in what `options` says of imports. config.yaml, which need not be there, has the section of
/// Cloudify's own configuration:
///
///     import_resolver:
///       rules:                     # a list of one prefix and what to put in its place each
///         - {PREFIX: REPLACEMENT}
///       fallback: true             # also read what no rule leads to
///
/// Errors: invalid (config.yaml is wrong), io.
base::Result<void> read_import_settings(const Io& io, dsl::LoadOptions& options);

}  // namespace cfy::app
