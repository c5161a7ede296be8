#include "app.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folders.hpp"
#include "cloudify_commands.hpp"
#include "commands.hpp"
#include "exhaustion.hpp"
#include "io.hpp"
#include "report.hpp"
#include "usage_error.hpp"

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

// Taken out of the environment, which every operation and script inherits: they get the secrets
// that the blueprint gives them and no others.
void take_secrets(Io& io) {
  constexpr std::string_view kPrefix = "CFY_SECRET_";
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view variable = *entry;
    const std::size_t equals = variable.find('=');
    if (!variable.starts_with(kPrefix) || equals <= kPrefix.size() || equals == variable.npos)
      continue;
    io.secrets.emplace(variable.substr(kPrefix.size(), equals - kPrefix.size()),
                       variable.substr(equals + 1));
  }
  for (const auto& [name, value] : io.secrets)
    unsetenv((std::string(kPrefix) + name).c_str());
}

void add_globals(CLI::App& root, Io& io, std::string& state_dir) {
  root.add_option("--state-dir", state_dir, "Folder of the state database")->type_name("DIR");
  root.add_option("--color", io.color, "Colours: auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
  root.add_flag_callback(
      "-q,--quiet", [&io] { io.verbosity = -1; }, "Only results and errors");
  root.add_flag(
      "-v,--verbose", [&io](std::int64_t count) { io.verbosity = static_cast<int>(count); },
      "Say more; -vv shows debug logs");
  root.set_version_flag("--version", "cfy-run " CFY_RUN_VERSION);
}

// Whoever may write to the state folder chooses what runs here: its plugins are loaded, its rules
// lead imports. What others could have left there is looked at before anything of it is used.
base::Result<void> check_state_dir(const Io& io) {
  const auto taken = base::take_ownership("the state folder", io.state_dir);
  if (!taken) return taken.error();
  if (*taken == base::Ownership::tightened && io.verbosity >= 0)
    say(io.err, "warning: other users could write to the state folder '{}'; now only you can\n",
        io.state_dir.string());
  for (const char* name : {"config.yaml", "plugins", "unpacked", "state.db"}) {
    if (!base::is_open_to_others(io.state_dir / name)) continue;
    const auto part = base::take_ownership("a part of the state", io.state_dir / name);
    if (!part) return part.error();
  }
  return {};
}

// A descriptor that is closed would be given to the next file that is opened, and the database
// would get what is meant for the terminal.
void open_standard_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd) _exit(kStateError);
}

bool asks_for_json(const std::vector<std::string>& words) {
  return std::ranges::find(words, "--json") != words.end();
}

bool is_pipe(std::FILE* stream) {
  struct stat status {};
  return fstat(fileno(stream), &status) == 0 &&
         (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

// Output that is lost is an error, except when a reader (`| head`) had enough.
int finish_output(const Io& io, int code) {
  const bool is_lost = std::fflush(io.out) != 0 || std::ferror(io.out) != 0 || io.is_output_lost;
  if (!is_lost || is_pipe(io.out) || code != kDone) return code;
  say(io.err, "error: the output could not be written\n");
  return kStateError;
}

}  // namespace

int run_program(int argc, char** argv) {
  end_orderly_on_exhaustion();
  open_standard_streams();
  // A reader that goes away must not end a run in its middle.
  std::signal(SIGPIPE, SIG_IGN);
  // A limit of file sizes is an error of the write, as a full disk is.
  std::signal(SIGXFSZ, SIG_IGN);
  CLI::App root("Runs Cloudify blueprints and workflows on this machine", "cfy-run");
  root.require_subcommand(1);
  root.fallthrough();
  // An option given twice means its last value, as everywhere; -i and -p say otherwise.
  root.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  Io io;
  take_secrets(io);
  std::string state_dir;
  Chosen chosen;
  add_globals(root, io, state_dir);
  for (const auto add :
       {add_validate, add_plan, add_execute, add_update, add_init, add_cancel, add_resume,
        add_executions, add_events, add_graph, add_modifications, add_deployments, add_outputs,
        add_secrets, add_nodes, add_workflows, add_plugins, add_worker})
    add(root, chosen);

  const std::vector<std::string> words(argv + 1, argv + std::max(argc, 1));
  if (const auto explained = explain_cloudify_command(words))
    return finish_output(
        io, fail(io, base::Error(base::ErrorKind::usage, *explained), asks_for_json(words)));
  try {
    root.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // --help and --version come this way too, with exit code 0.
    if (error.get_exit_code() == 0 && !has_unknown_command(root)) return root.exit(error);
    const base::Error wrong(base::ErrorKind::usage, explain_usage_error(root, error, words));
    return finish_output(io, fail(io, wrong, asks_for_json(words)));
  }
  io.state_dir = fs::absolute(state_dir.empty() ? default_state_dir() : fs::path(state_dir));
  std::error_code code;
  io.program = fs::read_symlink("/proc/self/exe", code);
  if (auto checked = check_state_dir(io); !checked)
    return finish_output(io, fail(io, checked.error(), asks_for_json(words)));
  return finish_output(io, run_with_what_there_is(chosen, io, asks_for_json(words)));
}

}  // namespace cfy::app
