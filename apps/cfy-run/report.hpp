// How a command ends badly: the error on stderr (or as JSON on stdout) and its exit code.
#pragma once

#include "base/diagnostics.hpp"
#include "base/error.hpp"
#include "base/source.hpp"
#include "io.hpp"
#include "ui/terminal.hpp"

namespace cfy::app {

/// The exit code that README.md gives for this kind.
int exit_code(base::ErrorKind kind);

/// What a stream of this run can show.
ui::Style style_of(const Io& io, std::FILE* stream);

/// Print "error: ..." (with `as_json` the object {"ok": false, ...} on stdout) and give the code.
int fail(Io& io, const base::Error& error, bool as_json = false);

/// Print all mistakes, in the same two ways, and give the exit code for invalid input.
int fail(Io& io, const base::Diagnostics& diagnostics, const base::SourceMap& sources,
         bool as_json = false);

}  // namespace cfy::app
