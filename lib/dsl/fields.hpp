// Fields: which keys a map of the DSL may have and what kind of value each takes; checked the same
// way everywhere. Knows nothing of what the keys mean.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "dsl/context.hpp"

namespace cfy::dsl {

enum class Shape { any, string, boolean, integer, number, list, map, string_or_map };

struct Field {
  std::string_view name;
  Shape shape = Shape::any;
  bool is_required = false;
  int since_minor = 0;
};

/// Whether `value` has the shape; error 1 at its place otherwise.
bool check_shape(Context& context, const Value& value, Shape shape, const Path& path);

/// Whether `map` is a map (null counts as an empty one) whose keys are all among `fields`, with
/// values of the right shape (null counts as absent), and that has all required ones.
/// Every mistake is reported: 1, and 102 for a key of a later DSL version (which can still be read,
/// so that it does not count here).
/// @param what  how a message calls the map: "a plugin"
bool check_fields(Context& context, const Value& map, std::span<const Field> fields,
                  std::string_view what, const Path& path);

/// The value of a key; nullptr when it is absent or null.
const Value* find_given(const Value& map, std::string_view key);
/// The value of a key that holds a map; nullptr otherwise.
const Value* find_map(const Value& map, std::string_view key);
/// The text of a key that holds a string; nothing otherwise.
std::optional<std::string_view> find_text(const Value& map, std::string_view key);
/// The entries of a map; none for anything else.
std::span<const Entry> entries_of(const Value* map);
/// The items of a list; none for anything else.
std::span<const Value* const> items_of(const Value* list);

/// The name that a key of a section gives; error 1 and nothing when it is not a string.
std::optional<std::string_view> name_of_key(Context& context, const Value& key, const Path& path);

}  // namespace cfy::dsl
