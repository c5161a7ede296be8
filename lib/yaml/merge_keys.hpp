// Maps put together from what the parser saw: duplicate keys and merge keys ("<<").
#pragma once

#include <span>
#include <vector>

#include "base/diagnostics.hpp"
#include "yaml/value.hpp"

namespace cfy::yaml {

/// The text of a merge key. A plain `<<` is stored with this very pointer, so that it can be told
/// from a quoted "<<", which is a key like any other.
inline constexpr std::string_view kMergeKeyText = "<<";
bool is_merge_key(const Value& key);

/// The entries of one map, in the order in which Python would keep them: what is merged stands
/// first, an explicit key wins over a merged one, of duplicate keys the last value stays at the
/// first one's place. Duplicates are warned about, wrong merge values are errors.
/// Cost: linear in `written` and in what it merges.
const Value* make_map(std::span<const Entry> written, const base::SourceRange& range, Arena& arena,
                      base::Diagnostics& diagnostics);

}  // namespace cfy::yaml
