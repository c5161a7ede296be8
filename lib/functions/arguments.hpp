// The forms of arguments that functions accept: looked at both before and when one is evaluated.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "functions/info.hpp"

namespace cfy::functions {

using nlohmann::json;

/// Why evaluation or a check failed: the reference's exception class and our words.
struct Fault {
  std::string type;
  std::string message;
  std::string hint = {};
  std::string path = {};                     ///< what it is about in the plan, where that is known
  std::optional<std::size_t> argument = {};  ///< which argument is wrong, where it is one
};

/// Whether the arguments of a function have the form it asks for; names and values are not looked
/// up. Nested functions may stand for most arguments.
std::optional<Fault> check_arguments(const FunctionForm& form);

/// "SELF", "SOURCE" and "TARGET".
bool is_relative(std::string_view node_name);

/// A step of a path: a key or an index.
bool is_path_item(const json& value);

/// "a.b[2].c" from ["a", "b", 2, "c"], starting at item `first`.
std::string path_text(const json& items, std::size_t first = 0);

/// The steps joined by dots: "a.b.2".
std::string dotted(const json& path);

}  // namespace cfy::functions
