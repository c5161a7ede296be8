// Rows of the store as the JSON that list and get commands print, with Cloudify's field names.
#pragma once

#include <cstdio>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "io.hpp"
#include "store/records.hpp"
#include "store/store.hpp"

namespace cfy::app {

using nlohmann::json;

json to_json(const store::Execution& row);
json to_json(const store::Deployment& row);
json to_json(const store::NodeInstance& row);
json to_json(const store::Modification& row);
/// A task of a graph; numbers are places in the graph.
json to_json(const store::Operation& row);
/// Without what is changed in detail: who it was, and what it changed from.
json to_json(const store::Update& row);

/// Hide secrets in what executions and tasks were given and what came of them: a run may need them
/// to go on, and so keeps a parameter that holds a secret in another form. Errors: state.
base::Result<void> hide_secrets(json& rows, store::Store& store, const Io& io);

/// One "name: value" line for each member; lists and maps as JSON.
void print_fields(std::FILE* out, const json& object);

}  // namespace cfy::app
