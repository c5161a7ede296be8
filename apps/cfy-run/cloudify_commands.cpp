#include "cloudify_commands.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include <fmt/format.h>

#include "base/text.hpp"

namespace cfy::app {
namespace {

using Words = std::vector<std::string>;

// What becomes of an option, or of a word that belongs to none: it is renamed, becomes a word
// without an option, or is left out.
constexpr std::string_view kAsWord;
constexpr std::string_view kLeftOut = "-";

struct TheirOption {
  std::string_view names;  // "-w|--workflow"
  std::string_view ours;
  bool has_value = true;
};

struct TheirCommand {
  std::string_view theirs, ours;
  std::string_view word = kAsWord;        // what becomes of the words behind the command
  std::string_view form;                  // what to write behind `ours`, in general
  std::vector<TheirOption> options = {};  // besides those that all have
  std::string_view remark = {};
};

const std::vector<TheirOption>& common_options() {
  static const std::vector<TheirOption> options{
      {"-d|--deployment|--deployment-id", "-d"},
      {"-i|--inputs", "-i"},
      {"-p|--parameters", "-p"},
      {"--task-retries", "--task-retries"},
      {"--task-retry-interval", "--task-retry-interval"},
      {"--allow-custom-parameters", "--allow-custom-parameters", false},
      {"--install-plugins", "--install-plugins", false},
      {"--dry-run", "--dry-run", false},
      {"--json", "--json", false},
      {"-f|--force", "--force", false},
      {"-v|--verbose", "-v", false},
      {"-q|--quiet", "-q", false},
      {"-t|--tenant-name", kLeftOut},
      {"--timeout", kLeftOut},
      {"-l|--include-logs", kLeftOut, false},
  };
  return options;
}

const std::vector<TheirCommand>& their_commands() {
  static const TheirOption path{"-p|--blueprint-path", kAsWord};
  static const TheirOption workflow{"-w|--workflow", kAsWord};
  static const TheirOption blueprint_id{"-b|--blueprint-id", kLeftOut};
  static const std::vector<TheirCommand> commands{
      {"executions start", "execute", kAsWord, "WORKFLOW -d DEPLOYMENT", {workflow}},
      {"executions cancel", "cancel", kAsWord, "EXECUTION", {{"-k|--kill", "--kill", false}}},
      {"executions resume",
       "resume",
       kAsWord,
       "EXECUTION",
       {{"--reset-operations", "--reset-operations", false}}},
      {"events list",
       "events",
       kAsWord,
       "EXECUTION",
       {{"-e|--execution|--execution-id", kAsWord}, {"--tail", "--tail", false}}},
      {"local init", "init", kAsWord, "FILE -i INPUTS", {path}},
      {"local install", "install", kAsWord, "FILE -i INPUTS", {path}},
      {"local uninstall", "uninstall", kAsWord, "FILE", {path}},
      {"local execute", "execute", kAsWord, "WORKFLOW", {workflow}},
      {"local outputs", "outputs", kAsWord, ""},
      {"local instances", "node-instances list", kAsWord, ""},
      {"local install-plugins", "plugins install", kAsWord, "SOURCE"},
      {"blueprints validate", "validate", kAsWord, "FILE", {path}},
      {"blueprints upload",
       "init",
       kAsWord,
       "FILE -d DEPLOYMENT",
       {path, {"-b|--blueprint-id", "-d"}},
       "a blueprint is not uploaded, a deployment is made from its file"},
      {"deployments create",
       "init FILE",
       "-d",
       "-d DEPLOYMENT -i INPUTS",
       {blueprint_id},
       "FILE is the blueprint's"},
      {"deployments update",
       "update FILE",
       "-d",
       "-d DEPLOYMENT -i INPUTS",
       {blueprint_id},
       "FILE is the blueprint's"},
      {"deployments outputs", "outputs", "-d", "-d DEPLOYMENT"},
      {"deployments inputs", "inputs", "-d", "-d DEPLOYMENT"},
      {"deployments capabilities", "capabilities", "-d", "-d DEPLOYMENT"},
      {"secrets create",
       "secrets set",
       kAsWord,
       "NAME",
       {{"-f|--secret-file", "--file"}, {"-s|--secret-string", kLeftOut}},
       "the value comes from the terminal, standard input or a file"},
      {"secrets update",
       "secrets set",
       kAsWord,
       "NAME",
       {{"-f|--secret-file", "--file"}, {"-s|--secret-string", kLeftOut}},
       "the value comes from the terminal, standard input or a file"},
      {"plugins upload", "plugins install", kAsWord, "SOURCE"},
  };
  return commands;
}

// Groups of commands that manage what a run on this machine does not have.
constexpr std::array<std::string_view, 27> kManagerCommands{
    "agents",      "audit-log", "blueprints", "bootstrap",       "certificates",
    "cluster",     "clusters",  "groups",     "install-plugins", "ldap",
    "license",     "local",     "managers",   "permissions",     "maintenance-mode",
    "profiles",    "recover",   "sites",      "snapshots",       "ssh",
    "status",      "teardown",  "tenants",    "tokens",          "use",
    "user-groups", "users",
};

bool is_one_of(std::string_view names, std::string_view name) {
  const auto all = base::split(names, '|');
  return std::find(all.begin(), all.end(), name) != all.end();
}

const TheirOption* find_option(const TheirCommand& command, std::string_view name) {
  for (const auto* options : {&command.options, &common_options()})
    for (const TheirOption& option : *options)
      if (is_one_of(option.names, name)) return &option;
  return nullptr;
}

// As one would type it.
std::string as_typed(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,@%+";
  const bool is_plain = !word.empty() && word.find_first_not_of(kPlain) == std::string::npos;
  return is_plain ? word : base::shell_quoted(word);
}

void add_renamed(std::string_view ours, const std::string& value, Words& translated) {
  if (ours == kLeftOut) return;
  if (ours != kAsWord) translated.emplace_back(ours);
  translated.push_back(as_typed(value));
}

/// @return nothing when one of the arguments is not known
std::optional<Words> translate_arguments(const TheirCommand& command, const Words& arguments) {
  Words translated;
  for (auto word = arguments.begin(); word != arguments.end(); ++word) {
    if (!word->starts_with('-')) {
      add_renamed(command.word, *word, translated);
      continue;
    }
    const std::size_t equals = word->find('=');
    const TheirOption* option = find_option(command, word->substr(0, equals));
    if (option == nullptr) return std::nullopt;
    if (!option->has_value) {
      if (option->ours != kLeftOut) translated.emplace_back(option->ours);
    } else if (equals != std::string::npos) {
      add_renamed(option->ours, word->substr(equals + 1), translated);
    } else {
      if (++word == arguments.end()) return std::nullopt;
      add_renamed(option->ours, *word, translated);
    }
  }
  return translated;
}

std::string explain_translation(const TheirCommand& command, const Words& arguments) {
  const auto translated = translate_arguments(command, arguments);
  const bool is_complete = translated && !translated->empty();
  const std::string rest = is_complete ? base::join(*translated, " ") : std::string(command.form);
  const std::string remark = command.remark.empty() ? "" : fmt::format("  ({})", command.remark);
  return fmt::format("'{}' is a command of Cloudify's cfy; in cfy-run: cfy-run {}{}{}{}",
                     command.theirs, command.ours, rest.empty() ? "" : " ", rest, remark);
}

// Where the command begins, behind the options of the whole program.
Words::const_iterator find_command(const Words& words) {
  auto word = words.begin();
  while (word != words.end() && word->starts_with('-')) {
    const bool has_value = *word == "--state-dir" || *word == "--color";
    word += has_value && std::next(word) != words.end() ? 2 : 1;
  }
  return word;
}

}  // namespace

std::optional<std::string> explain_cloudify_command(const Words& words) {
  const auto first = find_command(words);
  if (first == words.end()) return std::nullopt;
  const auto second = std::next(first);
  if (second != words.end()) {
    const std::string name = *first + " " + *second;
    for (const TheirCommand& command : their_commands())
      if (command.theirs == name)
        return explain_translation(command, Words(std::next(second), words.end()));
  }
  if (std::find(kManagerCommands.begin(), kManagerCommands.end(), *first) == kManagerCommands.end())
    return std::nullopt;
  const bool is_group = second != words.end() && !second->starts_with('-');
  return fmt::format(
      "'{}{}{}' is a command of Cloudify's cfy that has no counterpart here, where no manager is "
      "needed; cfy-run --help shows what there is",
      *first, is_group ? " " : "", is_group ? *second : "");
}

}  // namespace cfy::app
