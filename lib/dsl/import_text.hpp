// One item of an `imports` list, taken apart. Knows no files.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dsl/context.hpp"

namespace cfy::dsl {

inline constexpr std::string_view kNamespaceDelimiter = "--";

struct ImportItem {
  std::string name_space;             ///< of "ns--name"; empty when there is none
  std::string location;               ///< what remains: a file, a URL, plugin:..., blueprint:...
  const Value* properties = nullptr;  ///< of {location: {property: value}}; or nullptr
  base::SourceRange range;

  bool is_blueprint() const { return location.starts_with("blueprint:"); }
  bool is_plugin() const { return location.starts_with("plugin:"); }
};

/// The imports of one file, without those that are wrong. Errors: 1 wrong form, 2 the same import
/// twice, 102 properties before DSL 1_5, 212/213/214 namespaces, 220 more than one entry.
std::vector<ImportItem> read_imports(Context& context, const Value& root);

/// Whether `text` starts with a scheme that says it is no local file: "http://...".
bool is_url(std::string_view text);

}  // namespace cfy::dsl
