#include "app.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>

#include "commands.hpp"
#include "io.hpp"

namespace cfy::app {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

fs::path default_state_dir() {
  if (const std::string home = environment("CFY_RUN_HOME"); !home.empty()) return home;
  if (const std::string xdg = environment("XDG_STATE_HOME"); !xdg.empty())
    return fs::path(xdg) / "cfy-run";
  const std::string home = environment("HOME");
  return fs::path(home.empty() ? "/" : home) / ".local/state/cfy-run";
}

void add_globals(CLI::App& root, Io& io, std::string& state_dir) {
  root.add_option("--state-dir", state_dir, "Folder of the state database")->type_name("DIR");
  root.add_option("--color", io.color, "Colours: auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
  root.add_flag_callback("-q,--quiet", [&io] { io.verbosity = -1; }, "Only results and errors");
  root.add_flag(
      "-v,--verbose", [&io](std::int64_t count) { io.verbosity = static_cast<int>(count); },
      "Say more; -vv shows debug logs");
  root.set_version_flag("--version", "cfy-run " CFY_RUN_VERSION);
}

}  // namespace

int run_program(int argc, char** argv) {
  CLI::App root("Runs Cloudify blueprints and workflows on this machine", "cfy-run");
  root.require_subcommand(1);
  root.fallthrough();
  // An option given twice means its last value, as everywhere; -i and -p say otherwise.
  root.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  Io io;
  std::string state_dir;
  Chosen chosen;
  add_globals(root, io, state_dir);
  for (const auto add :
       {add_validate, add_plan, add_execute, add_init, add_cancel, add_executions, add_events,
        add_deployments, add_nodes, add_workflows, add_plugins, add_worker})
    add(root, chosen);

  try {
    root.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // --help and --version come this way too, with exit code 0.
    return root.exit(error) == 0 ? kDone : kUsage;
  }
  io.state_dir = fs::absolute(state_dir.empty() ? default_state_dir() : fs::path(state_dir));
  std::error_code code;
  io.program = fs::read_symlink("/proc/self/exe", code);
  return chosen(io);
}

}  // namespace cfy::app
