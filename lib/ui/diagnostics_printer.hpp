// Mistakes in a user's files, as a person or a program wants to read them.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "base/diagnostics.hpp"
#include "base/error.hpp"
#include "base/source.hpp"
#include "ui/terminal.hpp"

namespace cfy::ui {

/// One mistake: its place and message, the line of the file with a caret, notes.
///
///   blueprint.yaml:14:11: error: node template 'web' has unknown type 'WebServr'
///      14 |     type: WebServr
///         |           ^^^^^^^^
///     note: did you mean 'WebServer'?
std::string to_text(const base::Diagnostic& diagnostic, const base::SourceMap& sources,
                    const Style& style);

/// All of them, then a line that counts them: "2 errors, 1 warning; nothing was started".
/// @param consequence  what follows from errors; nothing is said when there are only warnings
void print_diagnostics(std::FILE* out, const base::Diagnostics& diagnostics,
                       const base::SourceMap& sources, const Style& style,
                       std::string_view consequence = "nothing was started");

/// {"ok": ..., "errors": [{code, type, message, file, line, column, path, hint, notes}],
///  "warnings": [the same]}. What is not known is null.
nlohmann::json to_json(const base::Diagnostics& diagnostics, const base::SourceMap& sources);

/// The same shape for a failure of the world. Its type is the name of the error's kind.
nlohmann::json to_json(const base::Error& error);

/// "error: ..." with the control characters of the message escaped.
void print_error(std::FILE* out, const base::Error& error, const Style& style);

}  // namespace cfy::ui
