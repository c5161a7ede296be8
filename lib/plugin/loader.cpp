#include "plugin/loader.hpp"

#include <cstring>
#include <map>
#include <memory>
#include <mutex>

#include <dlfcn.h>

#include "base/text.hpp"
#include "plugin/c_text.hpp"
#include "plugin/elf_check.hpp"
#include "plugin/probe.hpp"
#include "plugin/table_check.hpp"

namespace cfy::plugin {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using base::make_error;
using base::Result;
using EntryPoint = decltype(&cfy_plugin_v1);

constexpr const char* kSymbol = "cfy_plugin_v1";

/// What dlopen says, without the path that it puts before it.
std::string dl_message(const fs::path& path) {
  const char* raw = dlerror();
  std::string text = raw == nullptr ? "unknown error" : base::to_valid_utf8(raw);
  const std::string prefix = path.string() + ": ";
  if (text.starts_with(prefix)) text.erase(0, prefix.size());
  return text;
}

/// The library's entry point, never null.
Result<void*> open_library(const fs::path& path) {
  // Never closed: see LoadedPlugin. RTLD_LOCAL: a plugin's symbols are its own business.
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const std::string reason = dl_message(path);
    const bool is_undefined = reason.find("undefined symbol") != std::string::npos;
    return make_error(ErrorKind::plugin, "cannot be loaded: {}; {}", reason,
                      is_undefined
                          ? "compile all its sources into it and link the libraries it uses"
                          : "`ldd` shows which libraries it needs");
  }
  void* symbol = dlsym(library, kSymbol);
  if (symbol == nullptr)
    return make_error(ErrorKind::plugin,
                      "is a shared library but no plugin of cfy-run: it has no symbol {}; put "
                      "CFY_PLUGIN(...) of cfy/plugin.hpp into one of its sources",
                      kSymbol);
  return symbol;
}

Result<const cfy_plugin*> call_entry_point(void* symbol) {
  EntryPoint entry = nullptr;
  std::memcpy(&entry, &symbol, sizeof(entry));  // POSIX: the two are of one size and kind
  try {
    return entry();
  } catch (const std::exception& error) {
    return make_error(ErrorKind::plugin,
                      "{}() threw while the plugin was loaded: {}; it may only give its table",
                      kSymbol, base::to_valid_utf8(error.what()));
  } catch (...) {
    return make_error(ErrorKind::plugin,
                      "{}() threw something while the plugin was loaded; it may only give its "
                      "table",
                      kSymbol);
  }
}

/// "plugin 'tutorial' (/opt/t.so, built by g++ 12.2)". The build is known once the magic is right.
std::string describe(const std::string& name, const fs::path& path, const cfy_plugin* table) {
  std::string build;
  if (table != nullptr && table->magic == CFY_PLUGIN_MAGIC && table->abi_major == CFY_ABI_MAJOR &&
      table->size >= offsetof(cfy_plugin, entries))
    build = base::to_valid_utf8(view(table->build));
  return fmt::format("plugin '{}' ({}{}{})", name, path.string(),
                     build.empty() ? "" : ", built by ", build);
}

Result<std::unique_ptr<LoadedPlugin>> load_new(const fs::path& path, const LoadOptions& options) {
  const std::string name = options.name.empty() ? path.stem().string() : options.name;
  const auto refuse = [&](const base::Error& error, const cfy_plugin* table = nullptr) {
    return base::Error(error).context(describe(name, path, table));
  };
  if (const auto elf = check_elf(path); !elf) return refuse(elf.error());
  if (options.probe)
    if (const auto probed = probe_load(path, options.probe_timeout_s); !probed)
      return refuse(probed.error());
  const auto entry = open_library(path);
  if (!entry) return refuse(entry.error());
  const auto table = call_entry_point(*entry);
  if (!table) return refuse(table.error());
  auto entries = read_entries(*table);
  if (!entries) return refuse(entries.error(), *table);
  return std::make_unique<LoadedPlugin>(path, **table, *std::move(entries));
}

struct Registry {
  std::mutex mutex;
  std::map<fs::path, std::unique_ptr<LoadedPlugin>> plugins;  // by canonical path
};
Registry& registry() {
  // Never destroyed: a plugin's threads may still run at exit.
  static Registry* const one = new Registry;
  return *one;
}

std::vector<std::string> names_of(const std::vector<Entry>& entries, EntryKind kind) {
  std::vector<std::string> names;
  for (const Entry& entry : entries)
    if (entry.kind == kind) names.push_back(entry.name);
  return names;
}

std::string kind_name(EntryKind kind) {
  return kind == EntryKind::workflow ? "workflow" : "operation";
}

}  // namespace

LoadedPlugin::LoadedPlugin(fs::path path, const cfy_plugin& table, std::vector<Entry> entries)
    : path_(std::move(path)),
      name_(base::to_valid_utf8(view(table.name))),
      version_(base::to_valid_utf8(view(table.version))),
      build_(base::to_valid_utf8(view(table.build))),
      abi_major_(table.abi_major),
      abi_minor_(table.abi_minor),
      entries_(std::move(entries)) {}

Result<const Entry*> LoadedPlugin::find_workflow(std::string_view name) const {
  return find(name, EntryKind::workflow);
}

Result<const Entry*> LoadedPlugin::find_operation(std::string_view name) const {
  return find(name, EntryKind::operation);
}

Result<const Entry*> LoadedPlugin::find(std::string_view name, EntryKind kind) const {
  const Entry* other_kind = nullptr;
  for (const Entry& entry : entries_) {
    if (entry.name != name) continue;
    if (entry.kind == kind) return &entry;
    other_kind = &entry;
  }
  const std::string plugin = fmt::format("plugin '{}' ({})", name_, path_.string());
  if (other_kind != nullptr)
    return make_error(ErrorKind::plugin, "{}: '{}' is {} {}, expected is {} {}", plugin, name,
                      other_kind->kind == EntryKind::workflow ? "a" : "an",
                      kind_name(other_kind->kind), kind == EntryKind::workflow ? "a" : "an",
                      kind_name(kind));
  const auto names = names_of(entries_, kind);
  const std::string hint = base::did_you_mean(name, names);
  return make_error(ErrorKind::plugin, "{} has no {} '{}'{}{}; it offers {}", plugin,
                    kind_name(kind), name, hint.empty() ? "" : "; ", hint,
                    names.empty() ? "no " + kind_name(kind) + "s" : base::join(names, ", "));
}

Result<const LoadedPlugin*> load(const fs::path& path, const LoadOptions& options) {
  std::error_code ignored;
  fs::path canonical = fs::canonical(path, ignored);
  if (ignored) canonical = fs::absolute(path, ignored);
  const std::lock_guard lock(registry().mutex);
  const auto known = registry().plugins.find(canonical);
  if (known != registry().plugins.end()) return known->second.get();
  auto loaded = load_new(canonical, options);
  if (!loaded) return loaded.error();
  return registry().plugins.emplace(canonical, *std::move(loaded)).first->second.get();
}

}  // namespace cfy::plugin
