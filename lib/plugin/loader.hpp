// Loading plugins: dlopen, the checks of the table they give, and their functions by name. Knows
// nothing of where plugins are searched for (locate.hpp) nor of blueprints.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <cfy/plugin.h>

#include "base/error.hpp"

namespace cfy::plugin {

enum class EntryKind { workflow, operation };

/// A function that a plugin registered.
struct Entry {
  std::string name;  ///< "module.function"
  EntryKind kind = EntryKind::workflow;
  bool is_resumable = false;
  void* data = nullptr;
  cfy_workflow_function workflow = nullptr;  ///< one of the two, as the kind says
  cfy_operation_function operation = nullptr;
};

/// A plugin in this process. Never unloaded: what it leaves behind (threads, exit handlers) would
/// outlive its code. Immutable; any thread.
class LoadedPlugin {
 public:
  LoadedPlugin(std::filesystem::path path, const cfy_plugin& table, std::vector<Entry> entries);

  const std::filesystem::path& path() const { return path_; }
  const std::string& name() const { return name_; }  ///< as it calls itself
  const std::string& version() const { return version_; }
  const std::string& build() const { return build_; }  ///< the compiler
  int abi_major() const { return abi_major_; }
  int abi_minor() const { return abi_minor_; }
  const std::vector<Entry>& entries() const { return entries_; }

  /// The function of that name. Errors: plugin (none of that name; the message has the nearest name
  /// and all others). The entry lives as long as the process.
  base::Result<const Entry*> find_workflow(std::string_view name) const;
  base::Result<const Entry*> find_operation(std::string_view name) const;

 private:
  base::Result<const Entry*> find(std::string_view name, EntryKind kind) const;

  std::filesystem::path path_;
  std::string name_, version_, build_;
  int abi_major_, abi_minor_;
  std::vector<Entry> entries_;
};

struct LoadOptions {
  /// What the plugin is called in the blueprint, for messages; empty: the file's name.
  std::string name;
  /// Load the file in a child process first, so that code which throws, crashes or hangs while it
  /// is loaded does not take this process along. Costs a fork. Off in workers, which may die.
  bool probe = true;
  /// How long the child may take.
  unsigned probe_timeout_s = 10;
};

/// The plugin in the file `path`, loaded now or before. Errors: plugin. Each says the plugin, its
/// path, what was found, what was expected and what to do. Any thread.
base::Result<const LoadedPlugin*> load(const std::filesystem::path& path,
                                       const LoadOptions& options = {});

}  // namespace cfy::plugin
