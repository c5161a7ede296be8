// Namespaces: "ns--file.yaml" puts "ns--" before every name that the file defines and before every
// reference to such a name. Works on values as read; knows no types.
#pragma once

#include <string>
#include <string_view>

#include "dsl/context.hpp"

namespace cfy::dsl {

/// "a--b" of "a" and "b"; the other when one is empty.
std::string join_namespaces(const std::string& outer, const std::string& inner);

/// `root` of a file with all names in `name_space`; `root` itself when that is empty. The values
/// keep their places. Cost: linear in the file.
const Value* add_namespace(Context& context, const Value& root, const std::string& name_space);

/// What follows the last "--": the name as its author wrote it.
std::string_view without_namespace(std::string_view name);

}  // namespace cfy::dsl
