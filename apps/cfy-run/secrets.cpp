// cfy-run secrets set|get|list|delete: the secrets that are kept in the state folder.
#include <CLI/CLI.hpp>
#include <unistd.h>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "base/names.hpp"
#include "commands.hpp"
#include "listing.hpp"
#include "report.hpp"
#include "secret_prompt.hpp"
#include "store/store.hpp"

namespace cfy::app {
namespace {

struct Options {
  std::string name, file, misplaced_value;
  bool as_json = false;
};

using base::ErrorKind;
using base::Result;

constexpr std::size_t kLongestValue = 16UL * 1024 * 1024;

Result<std::string> value_of(const Options& options, const Io& io) {
  if (!options.misplaced_value.empty())
    return base::Error(ErrorKind::usage,
                       "the value comes from standard input or from --file, never from the command "
                       "line, which the shell's history and `ps` show");
  auto value = options.file.empty()
                   ? read_secret(io, options.name)
                   : base::load_file(options.file, kLongestValue, base::FileKind::any);
  if (value && value->empty())
    return base::make_error(ErrorKind::usage, "the value of secret '{}' is empty: nothing is set",
                            options.name);
  return value;
}

Result<void> store_secret(const Options& options, const Io& io) {
  if (auto checked = base::check_id("a secret", options.name); !checked) return checked;
  const auto value = value_of(options, io);
  if (!value) return value.error();
  auto store = store::Store::open(io.state_dir);
  if (!store) return store.error();
  return (*store)->secrets().set(options.name, *value, io.clock->wall_ms());
}

int set(const Options& options, Io& io) {
  if (auto stored = store_secret(options, io); !stored)
    return fail(io, stored.error(), options.as_json);
  if (options.as_json) return print_row(io, {{"key", options.name}}, true);
  if (io.verbosity >= 0) say(io.out, "secret '{}' is set\n", options.name);
  return kDone;
}

int get(const Options& options, Io& io) {
  auto store = store::Store::open(io.state_dir);
  if (!store) return fail(io, store.error(), options.as_json);
  const auto value = (*store)->secrets().get(options.name);
  if (!value) return fail(io, value.error(), options.as_json);
  if (options.as_json) return print_row(io, {{"key", options.name}, {"value", *value}}, true);
  // Into a file or a variable exactly as it was given; a terminal wants the end of a line.
  write(io.out, *value);
  if (isatty(fileno(io.out)) == 1 && !value->ends_with('\n')) write(io.out, "\n");
  return kDone;
}

int list(const Options& options, Io& io) {
  auto store = store::Store::open(io.state_dir);
  if (!store) return fail(io, store.error(), options.as_json);
  const auto rows = (*store)->secrets().list();
  if (!rows) return fail(io, rows.error(), options.as_json);
  json all = json::array();
  for (const store::SecretRow& row : *rows)
    all.push_back({{"key", row.name},
                   {"created_at", base::to_iso8601(row.created_ms)},
                   {"updated_at", base::to_iso8601(row.updated_ms)}});
  return print_rows(io, all, {{"NAME", "key"}, {"CREATED", "created_at"}, {"SET", "updated_at"}},
                    options.as_json);
}

int remove(const Options& options, Io& io) {
  auto store = store::Store::open(io.state_dir);
  if (!store) return fail(io, store.error(), options.as_json);
  if (auto removed = (*store)->secrets().remove(options.name); !removed)
    return fail(io, removed.error(), options.as_json);
  if (options.as_json) return print_row(io, {{"key", options.name}}, true);
  if (io.verbosity >= 0) say(io.out, "secret '{}' is deleted\n", options.name);
  return kDone;
}

}  // namespace

void add_secrets(CLI::App& root, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = root.add_subcommand("secrets", "What get_secret gives, kept for all runs");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, int (*run)(const Options&, Io&)) {
    CLI::App* sub = command->add_subcommand(name, help);
    sub->add_flag("--json", options->as_json, "Print JSON");
    sub->callback(
        [options, &chosen, run] { chosen = [options, run](Io& io) { return run(*options, io); }; });
    return sub;
  };
  const auto add_named = [&](const char* name, const char* help, int (*run)(const Options&, Io&)) {
    CLI::App* sub = add(name, help, run);
    sub->add_option("NAME", options->name, "The secret's name")->required();
    return sub;
  };
  CLI::App* setting =
      add_named("set", "Keep a secret: its value is read from standard input, or from --file", set);
  setting->add_option("--file", options->file, "The file that holds the value, byte by byte")
      ->type_name("FILE");
  // Only to say why there is no such argument.
  setting->add_option("VALUE", options->misplaced_value)->group("");
  add_named("get", "Print the value of a secret", get);
  add("list", "The names of all secrets", list);
  add_named("delete", "Forget a secret", remove);
}

}  // namespace cfy::app
