// Derivation order: who derives from whom, parents first; the same for data types, node types and
// relationship types.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/context.hpp"
#include "dsl/merge.hpp"

namespace cfy::dsl {

/// Rings are spelled out name by name: more of them would only repeat each other.
constexpr int kMaxRings = 10;

/// What one element needs to be there before it.
struct Need {
  std::string_view name;
  base::SourceRange range;  ///< where it says so
};

/// Whether a type has a body; error 1 where only its name stands.
bool check_not_null(Context& context, const Element& element, std::string_view noun,
                    const Path& path);

/// The elements so ordered that each comes after what it needs. Needs that no element has the name
/// of are left to the caller. A ring is error 100, spelled out "a -> b -> a"; its elements are then
/// left out, with all that need them.
/// Cost: linear, apart from sorting names.
std::vector<const Element*> order_by_needs(
    Context& context, const Section& section,
    const std::function<std::vector<Need>(const Element&)>& needs, const Path& path);

}  // namespace cfy::dsl
