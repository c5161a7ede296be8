#include "usage_error.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"

namespace cfy::app {
namespace {

// The command that was read last: of "executions get X", get.
const CLI::App& innermost(const CLI::App& root) {
  const CLI::App* command = &root;
  while (!command->get_subcommands().empty())
    command = command->get_subcommands().back();
  return *command;
}

// "cfy-run executions get"
std::string full_name(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent == nullptr ? command.get_name() : full_name(*parent) + " " + command.get_name();
}

std::vector<std::string> command_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* one : command.get_subcommands([](const CLI::App*) { return true; }))
    if (!one->get_group().empty()) names.push_back(one->get_name());  // the others are hidden
  return names;
}

// Its own options and those of all commands around it.
std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* one = &command; one != nullptr; one = one->get_parent())
    for (const CLI::Option* option : one->get_options())
      for (const std::string& name : option->get_lnames())
        names.push_back("--" + name);
  return names;
}

std::string with_suggestion(std::string text, std::string_view word,
                            const std::vector<std::string>& names) {
  const std::string hint = base::did_you_mean(word, names);
  return hint.empty() ? text : text + ", " + hint;
}

// Whether `word` stands before the first command that was found: "exeute install".
bool stands_before_command(const CLI::App& root, const std::string& word,
                           const std::vector<std::string>& words) {
  if (root.get_subcommands().empty()) return true;
  const std::string& first = root.get_subcommands().front()->get_name();
  return std::ranges::find(words, word) < std::ranges::find(words, first);
}

bool is_option(std::string_view word) {
  return word.starts_with('-');
}

// Words that stand where none is expected, after the commands that were found.
std::string explain_extra(const CLI::App& command, const std::vector<std::string>& extras) {
  const auto word = std::ranges::find_if_not(extras, is_option);
  if (word != extras.end() && command.get_require_subcommand_min() > 0)
    return with_suggestion(fmt::format("'{}' has no command '{}'", full_name(command), *word),
                           *word, command_names(command));
  if (const auto option = std::ranges::find_if(extras, is_option); option != extras.end()) {
    const std::string name = option->substr(0, option->find('='));
    return with_suggestion(fmt::format("'{}' has no option '{}'", full_name(command), name), name,
                           option_names(command));
  }
  return fmt::format("'{}' is one word too many", *word);
}

}  // namespace

bool has_unknown_command(const CLI::App& root) {
  return root.get_subcommands().empty() && !std::ranges::all_of(root.remaining(), is_option);
}

std::string explain_usage_error(const CLI::App& root, const CLI::ParseError& error,
                                const std::vector<std::string>& words) {
  const CLI::App& command = innermost(root);
  const std::vector<std::string> extras = root.remaining(true);
  const auto word = std::ranges::find_if_not(extras, is_option);
  if (word != extras.end() && stands_before_command(root, *word, words)) {
    const std::string text = fmt::format("there is no command '{}'", *word);
    return with_suggestion(text, *word, command_names(root)) + "; see cfy-run --help";
  }
  std::string text = error.what();
  if (!extras.empty())
    text = explain_extra(command, extras);
  else if (&command == &root)
    text = "a command is missing";
  else if (command.get_require_subcommand_min() > 0)
    text = fmt::format("'{}' needs a command: {}", full_name(command),
                       fmt::join(command_names(command), ", "));
  return fmt::format("{}; see {} --help", text, full_name(command));
}

}  // namespace cfy::app
