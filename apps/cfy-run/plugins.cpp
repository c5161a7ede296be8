// cfy-run plugins list|info: which plugins are found, and what one offers.
#include <algorithm>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "listing.hpp"
#include "plugin/describe.hpp"
#include "plugin/loader.hpp"
#include "plugin/locate.hpp"
#include "report.hpp"
#include "rows.hpp"
#include "ui/event_sinks.hpp"
#include "ui/table.hpp"

namespace cfy::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string file;
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

int list(const Options& options, Io& io) {
  const plugin::SearchPath path = plugin::make_search_path(
      {options.plugin_path.begin(), options.plugin_path.end()}, io.state_dir);
  std::vector<fs::path> folders = path.command_line;
  folders.insert(folders.end(), path.environment.begin(), path.environment.end());
  folders.push_back(path.installed);
  folders.push_back(path.builtin);
  json all = json::array();
  for (const fs::path& folder : folders)
    for (const fs::path& file : plugins_in(folder)) {
      const auto plugin = plugin::load(file);
      all.push_back(plugin ? plugin::describe(**plugin)
                           : json{{"path", file.string()}, {"error", plugin.error().message()}});
    }
  return print_rows(
      io, all, {{"NAME", "name"}, {"VERSION", "version"}, {"PATH", "path"}, {"ERROR", "error"}},
      options.as_json);
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
  listing->add_option("--plugin-path", options->plugin_path, "A folder to search first")
      ->type_name("DIR");
  listing->add_flag("--json", options->as_json, "A JSON array");
  listing->callback(
      [options, &chosen] { chosen = [options](Io& io) { return list(*options, io); }; });
}

}  // namespace cfy::app
