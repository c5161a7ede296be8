#include "report.hpp"

#include <nlohmann/json.hpp>

#include "ui/diagnostics_printer.hpp"
#include "ui/event_format.hpp"

namespace cfy::app {

using base::ErrorKind;

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return kUsage;
    case ErrorKind::invalid:
      return kInvalid;
    case ErrorKind::plugin:
      return kPluginError;
    case ErrorKind::state:
    case ErrorKind::not_found:
    case ErrorKind::conflict:
    case ErrorKind::io:
      return kStateError;
    case ErrorKind::cancelled:
      return kCancelled;
    case ErrorKind::failed:
      return kWorkflowFailed;
  }
  return kWorkflowFailed;
}

ui::Style style_of(const Io& io, std::FILE* stream) {
  return ui::detect_style(stream, ui::color_mode_from(io.color).value_or(ui::ColorMode::automatic));
}

int fail(Io& io, const base::Error& error, bool as_json) {
  if (as_json)
    ui::print_json_line(io.out, ui::to_json(error));
  else
    ui::print_error(io.err, error, style_of(io, io.err));
  return exit_code(error.kind());
}

int fail(Io& io, const base::Diagnostics& diagnostics, const base::SourceMap& sources,
         bool as_json) {
  if (as_json)
    ui::print_json_line(io.out, ui::to_json(diagnostics, sources));
  else
    ui::print_diagnostics(io.err, diagnostics, sources, style_of(io, io.err));
  return kInvalid;
}

}  // namespace cfy::app
