// load_yaml: the text of one file to one Value. All mistakes of the text become Diagnostics.
#pragma once

#include "base/diagnostics.hpp"
#include "base/source.hpp"
#include "yaml/value.hpp"

namespace cfy::yaml {

struct LoadOptions {
  /// Blueprints may hold ASCII text only (code 108), as in Cloudify; inputs may hold any.
  bool ascii_only = true;
  /// Most values that the aliases of one file may stand for. Keeps "billion laughs" small.
  std::uint32_t max_aliased_values = 1'000'000;
};

/// Largest file that is read at all, in bytes.
inline constexpr std::size_t kMaxFileBytes = 64 * 1024 * 1024;

/// Read the text of `file` as YAML 1.1, with the meaning that PyYAML's safe loader gives it.
///
/// A key that stands twice in a map keeps its last value, with a warning that names both places.
/// An empty text is null.
///
/// @param sources  must outlive `arena`: values point into its texts
/// @return nullptr after a mistake that leaves no value (each is in `diagnostics`, code -1 for
///   what is no YAML). Values that merely cannot be read are null, and are reported too.
/// Cost: linear in the text. Nesting is limited to some hundred levels.
const Value* load_yaml(const base::SourceMap& sources, base::FileId file, Arena& arena,
                       base::Diagnostics& diagnostics, const LoadOptions& options = {});

}  // namespace cfy::yaml
