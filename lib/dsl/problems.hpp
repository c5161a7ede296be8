// From Problems of the rooms below, which know a path inside a value, to Diagnostics at a place.
#pragma once

#include <string_view>

#include "dsl/context.hpp"
#include "schema/problem.hpp"

namespace cfy::dsl {

/// The part of `value` that `path` leads to, or the last value on the way that exists.
const Value& locate(const Value& value, const schema::Path& path);

/// Where a person should look for a problem of `value`.
base::SourceRange place_of(const schema::Problem& problem, const Value& value);

/// Report all problems of a value.
/// @param subject  "input 'port'": how messages start
/// @param value    the value as written; where a problem's path leaves it, it is the place
void report(Context& context, const schema::Problems& problems, std::string_view subject,
            const Value& value, const Path& path);

}  // namespace cfy::dsl
