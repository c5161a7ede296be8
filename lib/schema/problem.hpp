// Problem: what is wrong with a value, told without knowing where it stands. Who checks a value of
// a file knows its position and turns Problems into Diagnostics.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cfy::schema {

/// Keys and (as decimal text) list positions that lead from a value to a part of it.
using Path = std::vector<std::string>;

struct Problem {
  std::optional<int> code;  ///< number of the reference, facts.md section 2
  std::string type;         ///< exception class of the reference, "DSLParsingLogicException"
  std::string message;      ///< goes on from the name of the value: "must be integer, got ..."
  Path path;                ///< the part of the value that is wrong; empty: the value itself
  std::string hint;         ///< "did you mean 'x'?", or empty
  Path focus = {};          ///< leads on from `path` to what a person should look at first
  bool at_key = false;      ///< it is the name of that part which is wrong, not the value
};

using Problems = std::vector<Problem>;

/// "b.c[0]" of {"b", "c", "0"}; digits are taken for list positions.
std::string to_string(const Path& path);

/// One sentence: `subject` ("input 'port'"), the path inside it if any, and the message.
std::string to_sentence(std::string_view subject, const Problem& problem);

}  // namespace cfy::schema
