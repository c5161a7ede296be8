#include "plugin/describe.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cfy::plugin {
namespace {

nlohmann::json entries_of(const LoadedPlugin& plugin, EntryKind kind) {
  auto list = nlohmann::json::array();
  for (const Entry& entry : plugin.entries())
    if (entry.kind == kind)
      list.push_back({{"name", entry.name}, {"resumable", entry.is_resumable}});
  return list;
}

}  // namespace

nlohmann::json describe(const LoadedPlugin& plugin) {
  return {{"name", plugin.name()},
          {"version", plugin.version()},
          {"build", plugin.build()},
          {"abi", fmt::format("{}.{}", plugin.abi_major(), plugin.abi_minor())},
          {"path", plugin.path().string()},
          {"workflows", entries_of(plugin, EntryKind::workflow)},
          {"operations", entries_of(plugin, EntryKind::operation)}};
}

}  // namespace cfy::plugin
