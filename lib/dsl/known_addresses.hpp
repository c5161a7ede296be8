// What the addresses mean under which Cloudify and its plugins publish files, or did: blueprints of
// ten years name them, and many are gone. Knows no network and no files.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cfy::dsl {

/// Whether this is where Cloudify published its types file for one of its versions. The bundled one
/// has all that those had.
bool is_types_address(std::string_view url);

struct PluginAddress {
  std::string name, version;
};

/// The plugin whose plugin.yaml is at this address: `.../metal-plugin/1.3/plugin.yaml`,
/// `.../cloudify-metal-plugin/releases/download/v1.3/plugin_1_4.yaml`, ...
std::optional<PluginAddress> find_plugin_address(std::string_view url);

/// Whether nothing has been published there for years, so that asking is a waste of time.
bool is_gone(std::string_view url);

}  // namespace cfy::dsl
