// cfy-run plugins list|info|install: which plugins are found, what one offers, and getting one.
#include <algorithm>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "exec/cancel_watch.hpp"
#include "install_plugin.hpp"
#include "listing.hpp"
#include "plugin/describe.hpp"
#include "plugin/loader.hpp"
#include "plugin/locate.hpp"
#include "report.hpp"
#include "rows.hpp"
#include "run_workflow.hpp"
#include "ui/event_format.hpp"
#include "ui/table.hpp"

namespace cfy::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string file;
  std::string source;
  std::int64_t timeout_s = std::chrono::seconds(kDownloadTime).count();
  std::vector<std::string> plugin_path;
  bool as_json = false;
};

void print_entries(const json& entries, std::string_view kind, ui::Table& table) {
  for (const json& entry : entries)
    table.add({std::string(kind), entry.at("name").get<std::string>(),
               entry.at("resumable").get<bool>() ? "yes" : "no"});
}

int info(const Options& options, Io& io) {
  const auto plugin = plugin::load(options.file);
  if (!plugin) return fail(io, plugin.error(), options.as_json);
  json description = plugin::describe(**plugin);
  if (options.as_json) {
    ui::print_json_line(io.out, description);
    return kDone;
  }
  ui::Table table({"KIND", "FUNCTION", "RESUMABLE"});
  print_entries(description["workflows"], "workflow", table);
  print_entries(description["operations"], "operation", table);
  description.erase("workflows");
  description.erase("operations");
  print_fields(io.out, description);
  std::fputc('\n', io.out);
  table.print(io.out, style_of(io, io.out));
  return kDone;
}

// The .so files of one folder of the search path, sorted by name.
std::vector<fs::path> plugins_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const fs::path nested = entry.path() / entry.path().filename().concat(".so");
    if (entry.path().extension() == ".so")
      found.push_back(entry.path());
    else if (fs::exists(nested, ignored))
      found.push_back(nested);
  }
  std::sort(found.begin(), found.end());
  return found;
}

json describe_file(const fs::path& file) {
  const auto plugin = plugin::load(file);
  return plugin ? plugin::describe(**plugin)
                : json{{"path", file.string()}, {"error", plugin.error().message()}};
}

// The names are those that a blueprint uses: its library may call itself something else.
json describe_package(const packages::Package& package) {
  json row = {{"path", package.folder.string()},
              {"workflows", json::array()},
              {"operations", json::array()}};
  const auto library = packages::find_library(package.folder, {package.name});
  if (!library)
    row["error"] = library.error().message();
  else if (*library)
    row.update(describe_file(**library));
  row["name"] = row["package_name"] = package.name;
  row["version"] = row["package_version"] = package.version;
  row["folder"] = package.folder.string();
  return row;
}

int list(const Options& options, Io& io) {
  const plugin::SearchPath path = plugin::make_search_path(
      {options.plugin_path.begin(), options.plugin_path.end()}, io.state_dir);
  json all = json::array();
  const auto add_folder = [&](const fs::path& folder) {
    for (const fs::path& file : plugins_in(folder))
      all.push_back(describe_file(file));
  };
  std::for_each(path.command_line.begin(), path.command_line.end(), add_folder);
  std::for_each(path.environment.begin(), path.environment.end(), add_folder);
  for (const packages::Package& package : package_store(io).list())
    all.push_back(describe_package(package));
  add_folder(path.installed);
  add_folder(path.builtin);
  return print_rows(
      io, all, {{"NAME", "name"}, {"VERSION", "version"}, {"PATH", "path"}, {"ERROR", "error"}},
      options.as_json);
}

int install(const Options& options, Io& io) {
  // Asked to stop, it removes what it has made so far before it does.
  exec::block_cancel_signals();
  Workspace workspace;
  const auto added =
      install_plugin(options.source, workspace, io, std::chrono::seconds(options.timeout_s));
  if (!added) return fail(io, workspace, added.error(), options.as_json);
  if (options.as_json) {
    json row = describe_package(added->package);
    row["is_new"] = added->is_new;
    return print_row(io, row, true);
  }
  print_warnings(io, workspace);
  const packages::Package& package = added->package;
  if (io.verbosity >= 0)
    say(io.out, "plugin '{}' {} {} in {}\n", package.name, package.version,
        added->is_new ? "is installed" : "was installed before, and is the same,",
        package.folder.string());
  return kDone;
}

}  // namespace

void add_plugins(CLI::App& root, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = root.add_subcommand("plugins", "Plugins: which are found, what they offer");
  command->require_subcommand(1);

  CLI::App* one = command->add_subcommand("info", "What a plugin offers");
  one->add_option("FILE", options->file, "The plugin's .so")->required();
  one->add_flag("--json", options->as_json, "A JSON object");
  one->callback([options, &chosen] { chosen = [options](Io& io) { return info(*options, io); }; });

  CLI::App* listing = command->add_subcommand("list", "All plugins of the search path");
  add_plugin_path_option(*listing, options->plugin_path);
  listing->add_flag("--json", options->as_json, "A JSON array");
  listing->callback(
      [options, &chosen] { chosen = [options](Io& io) { return list(*options, io); }; });

  CLI::App* adding = command->add_subcommand("install", "Install a plugin, for imports and runs");
  adding
      ->add_option("SOURCE", options->source,
                   "A .so, a plugin.yaml, a folder, an archive (tar.gz, zip, wgn), or the http(s) "
                   "address of one")
      ->required();
  adding
      ->add_option("--timeout", options->timeout_s, "Seconds that a download may take in all (300)")
      ->check(CLI::Range(1, 86400))
      ->type_name("S");
  adding->add_flag("--json", options->as_json, "A JSON object");
  adding->callback(
      [options, &chosen] { chosen = [options](Io& io) { return install(*options, io); }; });
}

}  // namespace cfy::app
