#include "ui/diagnostics_printer.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "ui/printable.hpp"
#include "ui/source_excerpt.hpp"

namespace cfy::ui {

using base::Diagnostic;
using base::Severity;
using nlohmann::json;

namespace {

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

void put_place(json& record, const base::SourceRange& range, const base::SourceMap& sources) {
  record["file"] = range.is_known() ? json(sources.path(range.file)) : json();
  record["line"] = range.line > 0 ? json(range.line) : json();
  record["column"] = range.line > 0 ? json(range.column) : json();
}

json unless_empty(const std::string& text) {
  return text.empty() ? json() : json(text);
}

json to_json(const Diagnostic& diagnostic, const base::SourceMap& sources) {
  json record = {{"code", diagnostic.code ? json(*diagnostic.code) : json()},
                 {"type", unless_empty(diagnostic.type)},
                 {"message", diagnostic.message},
                 {"path", unless_empty(diagnostic.path)},
                 {"hint", unless_empty(diagnostic.hint)},
                 {"notes", json::array()}};
  put_place(record, diagnostic.range, sources);
  for (const base::Note& note : diagnostic.notes) {
    json shown = {{"message", note.message}};
    put_place(shown, note.range, sources);
    record["notes"].push_back(std::move(shown));
  }
  return record;
}

const char* name_of(base::ErrorKind kind) {
  switch (kind) {
    case base::ErrorKind::usage:
      return "usage";
    case base::ErrorKind::invalid:
      return "invalid";
    case base::ErrorKind::plugin:
      return "plugin";
    case base::ErrorKind::state:
      return "state";
    case base::ErrorKind::not_found:
      return "not_found";
    case base::ErrorKind::conflict:
      return "conflict";
    case base::ErrorKind::io:
      return "io";
    case base::ErrorKind::cancelled:
      return "cancelled";
    case base::ErrorKind::failed:
      return "failed";
  }
  return "failed";
}

}  // namespace

std::string to_text(const Diagnostic& diagnostic, const base::SourceMap& sources,
                    const Style& style) {
  const bool is_error = diagnostic.severity == Severity::error;
  const std::string place = to_string(sources, diagnostic.range);
  std::string text;
  if (!place.empty()) text += paint(style, Color::bold, to_one_line(place) + ":") + " ";
  text += paint(style, is_error ? Color::bright_red : Color::bright_yellow,
                is_error ? "error:" : "warning:");
  text += fmt::format(" {}\n", escape_controls(diagnostic.message));
  text += source_excerpt(sources, diagnostic.range, style.width);
  if (!diagnostic.hint.empty())
    text += fmt::format("  note: {}\n", escape_controls(diagnostic.hint));
  for (const base::Note& note : diagnostic.notes) {
    const std::string where = to_one_line(to_string(sources, note.range));
    text += fmt::format("  note: {}{}{}\n", escape_controls(note.message),
                        where.empty() ? "" : "  ", where);
  }
  return text;
}

void print_diagnostics(std::FILE* out, const base::Diagnostics& diagnostics,
                       const base::SourceMap& sources, const Style& style,
                       std::string_view consequence) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics.all())
    text += to_text(diagnostic, sources, style);
  const std::size_t errors = diagnostics.error_count();
  const std::size_t warnings = diagnostics.all().size() - errors;
  if (errors > 0) text += counted(errors, "error");
  if (errors > 0 && warnings > 0) text += ", ";
  if (warnings > 0) text += counted(warnings, "warning");
  if (errors > 0 && !consequence.empty()) text += fmt::format("; {}", consequence);
  if (!text.empty()) text += '\n';
  std::fwrite(text.data(), 1, text.size(), out);
}

json to_json(const base::Diagnostics& diagnostics, const base::SourceMap& sources) {
  json record = {
      {"ok", !diagnostics.has_errors()}, {"errors", json::array()}, {"warnings", json::array()}};
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    const bool is_error = diagnostic.severity == Severity::error;
    record[is_error ? "errors" : "warnings"].push_back(to_json(diagnostic, sources));
  }
  return record;
}

json to_json(const base::Error& error) {
  Diagnostic diagnostic;
  diagnostic.type = name_of(error.kind());
  diagnostic.message = error.message();
  base::Diagnostics diagnostics;
  diagnostics.add(std::move(diagnostic));
  return to_json(diagnostics, base::SourceMap());
}

void print_error(std::FILE* out, const base::Error& error, const Style& style) {
  const std::string text = fmt::format("{} {}\n", paint(style, Color::bright_red, "error:"),
                                       escape_controls(error.message()));
  std::fwrite(text.data(), 1, text.size(), out);
}

}  // namespace cfy::ui
