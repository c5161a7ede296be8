// cfy-run nodes list|get and node-instances list|get.
#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "deployment_choice.hpp"
#include "exec/secret_source.hpp"
#include "exec/stored_deployment.hpp"
#include "listing.hpp"
#include "plan/to_json.hpp"
#include "report.hpp"
#include "rows.hpp"
#include "store/store.hpp"

namespace cfy::app {
namespace {

struct Options {
  std::string deployment, name;
  bool shows_secrets = false;
  bool as_json = false;
};

using base::ErrorKind;
using base::Result;

Result<json> node_rows(const Options& options, const Io& io) {
  auto store = store::Store::open(io.state_dir);
  if (!store) return store.error();
  const auto row = choose_deployment(**store, options.deployment);
  if (!row) return row.error();
  const auto plan = exec::stored_plan(*row);
  if (!plan) return plan.error();
  json rows = json::array();
  for (const plan::Node& node : plan->nodes)
    rows.push_back(plan::to_json(node));
  return rows;
}

Result<json> instance_rows(const Options& options, const Io& io) {
  auto store = store::Store::open(io.state_dir);
  if (!store) return store.error();
  const auto row = choose_deployment(**store, options.deployment);
  if (!row) return row.error();
  const auto instances = (*store)->node_instances().list(row->id);
  if (!instances) return instances.error();
  json rows = json::array();
  for (const store::NodeInstance& one : *instances)
    rows.push_back(to_json(one));
  if (options.shows_secrets) return rows;
  exec::SecretSource secrets(io.secrets, {});
  if (auto masked = secrets.mask_stored(**store); !masked) return masked.error();
  secrets.mask().apply(rows);
  return rows;
}

using Rows = Result<json> (*)(const Options&, const Io&);

struct Kind {
  const char* command;
  const char* what;  // "node"
  Rows rows;
  std::vector<Column> columns;
};

int list(const Options& options, Io& io, const Kind& kind) {
  const auto rows = kind.rows(options, io);
  if (!rows) return fail(io, rows.error(), options.as_json);
  return print_rows(io, *rows, kind.columns, options.as_json);
}

int get(const Options& options, Io& io, const Kind& kind) {
  const auto rows = kind.rows(options, io);
  if (!rows) return fail(io, rows.error(), options.as_json);
  for (const json& row : *rows)
    if (row.at("id") == options.name) return print_row(io, row, options.as_json);
  return fail(
      io, base::make_error(ErrorKind::not_found, "there is no {} '{}'", kind.what, options.name),
      options.as_json);
}

void add_kind(CLI::App& root, Chosen& chosen, const char* help, Kind kind) {
  auto options = std::make_shared<Options>();
  CLI::App* command = root.add_subcommand(kind.command, help);
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* about,
                       int (*run)(const Options&, Io&, const Kind&)) {
    CLI::App* sub = command->add_subcommand(name, about);
    sub->add_option("-d,--deployment", options->deployment, "The deployment's id");
    sub->add_flag("--json", options->as_json, "Print JSON");
    sub->add_flag("--show-secrets", options->shows_secrets,
                  "Show the values of secrets, not ********");
    sub->callback([options, &chosen, run, kind] {
      chosen = [options, run, kind](Io& io) { return run(*options, io, kind); };
    });
    return sub;
  };
  add("list", "All of a deployment", list);
  add("get", "One of them", get)->add_option("ID", options->name, "Its id")->required();
}

}  // namespace

void add_nodes(CLI::App& root, Chosen& chosen) {
  add_kind(root, chosen, "Nodes of a deployment",
           {"nodes", "node", node_rows, {{"ID", "id"}, {"TYPE", "type"}, {"HOST", "host_id"}}});
  add_kind(root, chosen, "Node instances of a deployment",
           {"node-instances",
            "node instance",
            instance_rows,
            {{"ID", "id"},
             {"NODE", "node_id"},
             {"STATE", "state"},
             {"RUNTIME PROPERTIES", "runtime_properties"}}});
}

}  // namespace cfy::app
