#include "dsl/known_addresses.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"

namespace cfy::dsl {
namespace {

bool cut_prefix(std::string_view& text, std::string_view start) {
  const bool has = text.starts_with(start);
  if (has) text.remove_prefix(start.size());
  return has;
}

// "getcloudify.org/spec/..." of "http://www.getcloudify.org/spec/..."; empty for what is no web
// address.
std::string_view without_scheme(std::string_view url) {
  if (!cut_prefix(url, "http://") && !cut_prefix(url, "https://")) return {};
  cut_prefix(url, "www.");
  return url;
}

// getcloudify.org/spec/cloudify/4.2/types.yaml
bool is_published_types(std::string_view address) {
  if (!cut_prefix(address, "getcloudify.org/spec/cloudify/") &&
      !cut_prefix(address, "cloudify.co/spec/cloudify/"))
    return false;
  const std::size_t slash = address.find('/');
  return slash != std::string_view::npos && slash > 0 && address.substr(slash) == "/types.yaml";
}

// The file in the sources of Cloudify's manager, of any branch and in any fork.
bool is_types_source(std::string_view address) {
  if (!address.starts_with("raw.githubusercontent.com/") && !address.starts_with("github.com/"))
    return false;
  return address.find("/cloudify-manager/") != std::string_view::npos &&
         address.ends_with("/resources/rest-service/cloudify/types/types.yaml");
}

// plugin.yaml, plugin_1_4.yaml, v2_plugin.yaml
bool is_plugin_file(std::string_view name) {
  const bool is_yaml = name.ends_with(".yaml") || name.ends_with(".yml");
  return is_yaml && name.find("plugin") != std::string_view::npos;
}

bool is_digit_char(char byte) {
  return byte >= '0' && byte <= '9';
}

}  // namespace

bool is_types_address(std::string_view url) {
  const std::string_view address = without_scheme(url);
  return is_published_types(address) || is_types_source(address);
}

std::optional<PluginAddress> find_plugin_address(std::string_view url) {
  const std::string_view address = without_scheme(url);
  const std::vector<std::string> parts =
      base::split(address.substr(0, address.find_first_of("?#")), '/');
  if (parts.size() < 4 || !is_plugin_file(parts.back())) return std::nullopt;
  std::string_view version = parts[parts.size() - 2];
  cut_prefix(version, "v");
  if (version.empty() || !is_digit_char(version.front())) return std::nullopt;
  const auto name = std::find_if(parts.rbegin() + 2, parts.rend() - 1,
                                 [](const std::string& part) { return part.ends_with("-plugin"); });
  if (name == parts.rend() - 1) return std::nullopt;
  return PluginAddress{name->starts_with("cloudify-") ? *name : "cloudify-" + *name,
                       std::string(version)};
}

bool is_gone(std::string_view url) {
  return without_scheme(url).starts_with("getcloudify.org/spec/");
}

}  // namespace cfy::dsl
