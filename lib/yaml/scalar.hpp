// Scalars of YAML 1.1: which type a text without quotes has, and its value. The rules are those of
// PyYAML's safe loader, which differ from YAML 1.2 and from yaml-cpp's own conversions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "yaml/value.hpp"

namespace cfy::yaml {

/// What a text without quotes and without a tag is.
enum class PlainType { null, boolean, integer, floating, timestamp, merge, value, string };

PlainType plain_type(std::string_view text);

/// The value of a text that plain_type() calls boolean.
bool parse_boolean(std::string_view text);
bool is_boolean_text(std::string_view text);

/// nullptr when the text is not an integer (possible behind an explicit !!int).
const Value* parse_integer(std::string_view text, Arena& arena, const base::SourceRange& range);
std::optional<double> parse_float(std::string_view text);
bool is_integer_text(std::string_view text);
bool is_float_text(std::string_view text);

/// ISO 8601, as Python's isoformat() writes it; nothing when the text is no date that exists.
std::optional<std::string> parse_timestamp(std::string_view text);
bool is_timestamp_text(std::string_view text);

/// base64 without blanks, as it will be printed; nothing when it is not base64.
std::optional<std::string> parse_binary(std::string_view text);

}  // namespace cfy::yaml
