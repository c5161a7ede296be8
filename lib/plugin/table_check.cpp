#include "plugin/table_check.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <set>

#include "base/text.hpp"
#include "plugin/c_text.hpp"

namespace cfy::plugin {
namespace {

using base::ErrorKind;
using base::make_error;
using base::Result;

// What the structs were in minor version 0. Later members may be missing.
constexpr std::size_t kFirstTableSize = offsetof(cfy_plugin, entries) + sizeof(void*);
constexpr std::size_t kFirstEntrySize = offsetof(cfy_entry, operation) + sizeof(void*);

Result<void> check_version(const cfy_plugin& table) {
  const bool is_newer = table.abi_major > CFY_ABI_MAJOR ||
                        (table.abi_major == CFY_ABI_MAJOR && table.abi_minor > CFY_ABI_MINOR);
  if (is_newer)
    return make_error(ErrorKind::plugin,
                      "needs ABI {}.{}, this cfy-run offers {}.{}; use a newer cfy-run, or build "
                      "the plugin with the headers of this one",
                      table.abi_major, table.abi_minor, CFY_ABI_MAJOR, CFY_ABI_MINOR);
  if (table.abi_major < CFY_ABI_MAJOR)
    return make_error(
        ErrorKind::plugin,
        "was built for ABI {}.{}, this cfy-run offers {}.{} and takes {}.0 and later; "
        "build the plugin again with the headers of this cfy-run",
        table.abi_major, table.abi_minor, CFY_ABI_MAJOR, CFY_ABI_MINOR, CFY_ABI_MAJOR);
  return {};
}

Result<void> check_table(const cfy_plugin* table) {
  if (table == nullptr)
    return make_error(ErrorKind::plugin,
                      "cfy_plugin_v1() gave no table; CFY_PLUGIN(...) of cfy/plugin.hpp makes one");
  if (table->magic != CFY_PLUGIN_MAGIC)
    return make_error(ErrorKind::plugin,
                      "its table starts with {:#010x}, expected is {:#010x}; build it with "
                      "cfy/plugin.h or cfy/plugin.hpp of cfy-run",
                      table->magic, CFY_PLUGIN_MAGIC);
  // The version stands before all that a later major may have changed.
  if (auto version = check_version(*table); !version) return version;
  if (table->size < kFirstTableSize)
    return make_error(ErrorKind::plugin,
                      "its table has {} bytes, ABI {}.{} has {}; set `size` to sizeof(cfy_plugin)",
                      table->size, CFY_ABI_MAJOR, CFY_ABI_MINOR, kFirstTableSize);
  if (table->entry_size < kFirstEntrySize)
    return make_error(ErrorKind::plugin,
                      "its entries have {} bytes, those of ABI {}.{} have {}; set `entry_size` to "
                      "sizeof(cfy_entry)",
                      table->entry_size, CFY_ABI_MAJOR, CFY_ABI_MINOR, kFirstEntrySize);
  if (table->entries == nullptr && table->entry_count > 0)
    return make_error(ErrorKind::plugin, "its table counts {} entries but points to none",
                      table->entry_count);
  return {};
}

Result<Entry> read_entry(const cfy_entry& raw, std::uint32_t position) {
  Entry entry;
  entry.name = base::to_valid_utf8(view(raw.name));
  if (entry.name.empty())
    return make_error(ErrorKind::plugin, "its entry number {} has no name", position);
  if (raw.kind != CFY_WORKFLOW && raw.kind != CFY_OPERATION)
    return make_error(ErrorKind::plugin,
                      "its entry '{}' is of kind {}; kinds are {} (workflow) and {} (operation)",
                      entry.name, raw.kind, int{CFY_WORKFLOW}, int{CFY_OPERATION});
  entry.kind = raw.kind == CFY_WORKFLOW ? EntryKind::workflow : EntryKind::operation;
  entry.is_resumable = (raw.flags & CFY_RESUMABLE) != 0;
  entry.data = raw.data;
  if (entry.kind == EntryKind::workflow)
    entry.workflow = raw.workflow;
  else
    entry.operation = raw.operation;
  if (entry.workflow == nullptr && entry.operation == nullptr)
    return make_error(ErrorKind::plugin, "its entry '{}' has no function", entry.name);
  return entry;
}

}  // namespace

Result<std::vector<Entry>> read_entries(const cfy_plugin* table) {
  if (auto checked = check_table(table); !checked) return checked.error();
  std::vector<Entry> entries;
  std::set<std::pair<EntryKind, std::string>> names;
  const auto* bytes = reinterpret_cast<const std::byte*>(table->entries);
  for (std::uint32_t i = 0; i < table->entry_count; ++i, bytes += table->entry_size) {
    cfy_entry raw{};
    std::memcpy(&raw, bytes, std::min<std::size_t>(sizeof(raw), table->entry_size));
    auto entry = read_entry(raw, i);
    if (!entry) return entry.error();
    if (!names.emplace(entry->kind, entry->name).second)
      return make_error(ErrorKind::plugin, "it registers '{}' twice", entry->name);
    entries.push_back(*std::move(entry));
  }
  return entries;
}

}  // namespace cfy::plugin
