// render(): a text with the part of Jinja2's language that configuration files use, and variables,
// to a text. README.md of this room lists what the language has. No files, no clock, no network.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace cfy::templates {

/// Whoever writes a template can only lose an operation by it, not the machine.
struct Limits {
  std::size_t output_bytes = std::size_t{64} << 20U;  ///< of any text made on the way, too
  std::size_t steps = 10'000'000;  ///< parts of expressions, items, kilobytes gone through
};

/// @param name       for messages: "nginx.conf.j2:12: ..."
/// @param variables  an object; each member is a variable
/// Errors: invalid (the template makes no sense, or asks for what is not there), with the line.
base::Result<std::string> render(std::string_view name, std::string_view text,
                                 const nlohmann::json& variables, const Limits& limits = {});

}  // namespace cfy::templates
