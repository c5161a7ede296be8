// One item of an `imports` list, taken apart. Knows no files.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "dsl/context.hpp"
#include "dsl/options.hpp"

namespace cfy::dsl {

inline constexpr std::string_view kNamespaceDelimiter = "--";
inline constexpr std::string_view kPluginScheme = "plugin:";
inline constexpr std::string_view kBlueprintScheme = "blueprint:";

struct ImportItem {
  std::string name_space;             ///< of "ns--name"; empty when there is none
  std::string location;               ///< what remains: a file, a URL, plugin:..., blueprint:...
  const Value* properties = nullptr;  ///< of {location: {property: value}}; or nullptr
  base::SourceRange range;

  bool is_blueprint() const { return location.starts_with(kBlueprintScheme); }
};

/// The imports of one file, without those that are wrong. Errors: 1 wrong form, 2 the same import
/// twice, 102 properties before DSL 1_5, 212 namespaces, 220 what properties may be.
std::vector<ImportItem> read_imports(Context& context, const Value& root);

/// "plugin:NAME?version=RANGE&distribution=..." taken apart. Of the parameters that Cloudify knows
/// only `version` chooses anything here: one machine has one kind of package.
/// Errors: invalid (no name, an unknown parameter).
base::Result<PluginImport> parse_plugin_import(std::string_view location, int dsl_minor);

/// Whether `text` starts with a scheme that says it is no local file: "http://...".
bool is_url(std::string_view text);

}  // namespace cfy::dsl
