// Values that a user gives for inputs and parameters, and texts of the command line among them.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/source.hpp"

namespace cfy::deploy {

using nlohmann::json;

/// One value. `is_text` marks the value of a command line's KEY=VALUE: it is converted to the type
/// that is declared, or read as a scalar, list or map where none is.
struct GivenValue {
  json value;
  bool is_text = false;
  base::SourceRange name_at = {}, value_at = {};  ///< where it stands in a file, if it does
};
using GivenValues = std::map<std::string, GivenValue, std::less<>>;

/// The members of a map (from a file, say), none of them text of the command line.
GivenValues to_given(const json& map);

/// Reads text as YAML or JSON. Whoever knows YAML passes a reader; without one JSON is read.
using ReadText = std::function<json(std::string_view text)>;

/// The value that is meant, given the type that is declared ("": none): numbers and true or false
/// (also yes, no, on, off) for the number types and boolean; a list or map for lists, maps and data
/// types; the text itself for strings, and wherever it reads as nothing better.
json read_given(const GivenValue& given, std::string_view type, const ReadText& read_text);

}  // namespace cfy::deploy
