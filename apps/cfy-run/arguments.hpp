// Arguments: what -i and -p take, read into one map. What a text means is decided later, by the
// declared type; here it is only noted that it is a text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/diagnostics.hpp"
#include "base/error.hpp"
#include "base/source.hpp"
#include "deploy/given.hpp"

namespace cfy::app {

/// What is given, and the names that are declared for it.
struct ArgumentKind {
  std::string_view what;           ///< "input" or "parameter", for messages
  const nlohmann::json& declared;  ///< a map of name to schema; borrowed
};

/// Read all forms in order, later ones win: `key=value`, `key:=JSON`, `key=@FILE`, a YAML or JSON
/// file with a map, a folder or a pattern of such files, an inline JSON or YAML map.
///
/// `a=1;b=2` is two values when every part begins with a declared name and '='; else it is one,
/// with a warning.
///
/// @return an error of kind usage (no form fits) or invalid (a file or JSON text is wrong); the
///   mistakes of a YAML file are in `diagnostics` besides
base::Result<deploy::GivenValues> read_arguments(const std::vector<std::string>& given,
                                                 const ArgumentKind& kind, base::SourceMap& sources,
                                                 base::Diagnostics& diagnostics);

/// Why `text` is no number of seconds, or "": a check for options.
std::string check_seconds(const std::string& text);

/// A text as YAML reads it, the meaning of `key=value` where no type is declared.
nlohmann::json read_scalar(std::string_view text);

}  // namespace cfy::app
