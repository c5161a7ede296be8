// All commands. Each file adds its own to the command line and, when it is chosen, leaves what to
// run in `chosen`; nothing runs while the line is parsed.
#pragma once

#include <functional>

#include <CLI/App.hpp>

#include "io.hpp"

namespace cfy::app {

/// What the command line asks for; gives the exit code.
using Chosen = std::function<int(Io&)>;

void add_validate(CLI::App& root, Chosen& chosen);
void add_plan(CLI::App& root, Chosen& chosen);
void add_execute(CLI::App& root, Chosen& chosen);  // and its short forms install, uninstall
void add_update(CLI::App& root, Chosen& chosen);
void add_init(CLI::App& root, Chosen& chosen);
void add_cancel(CLI::App& root, Chosen& chosen);
void add_resume(CLI::App& root, Chosen& chosen);
void add_executions(CLI::App& root, Chosen& chosen);
void add_events(CLI::App& root, Chosen& chosen);
void add_graph(CLI::App& root, Chosen& chosen);
void add_deployments(CLI::App& root, Chosen& chosen);
void add_outputs(CLI::App& root, Chosen& chosen);  // inputs, outputs, capabilities
void add_secrets(CLI::App& root, Chosen& chosen);
void add_modifications(CLI::App& root, Chosen& chosen);
void add_nodes(CLI::App& root, Chosen& chosen);  // nodes and node-instances
void add_workflows(CLI::App& root, Chosen& chosen);
void add_plugins(CLI::App& root, Chosen& chosen);
void add_worker(CLI::App& root, Chosen& chosen);

}  // namespace cfy::app
