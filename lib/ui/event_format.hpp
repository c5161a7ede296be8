// How events are shown: as lines for people, as JSON lines for programs.
#pragma once

#include <cstdio>
#include <string>

#include "event/event.hpp"
#include "ui/terminal.hpp"

namespace cfy::ui {

/// "2024-05-01 10:20:30.123  CFY <shop> [web_x1y2z3.create] Task started 'run'", without a line
/// end. Control characters of the text are escaped; its further lines are indented.
std::string event_line(const event::Event& event);

struct LineOptions {
  int verbosity = 0;  ///< debug logs show from 2 on; below 0 only what failed
  bool shows_logs = true;
};

/// How events are shown: each as a text with its line ends, those that are not shown not at all.
class EventFormat {
 public:
  virtual ~EventFormat() = default;
  virtual bool shows(const event::Event& event) const = 0;
  virtual std::string text(const event::Event& event) const = 0;
};

/// A line for people, with its further lines below it.
class LineFormat final : public EventFormat {
 public:
  LineFormat(Style style, LineOptions options) : style_(style), options_(options) {}
  bool shows(const event::Event& event) const override;
  std::string text(const event::Event& event) const override;

 private:
  Style style_;
  LineOptions options_;
};

/// The event's record as one line of JSON.
class RecordFormat final : public EventFormat {
 public:
  explicit RecordFormat(bool shows_logs) : shows_logs_(shows_logs) {}
  bool shows(const event::Event& event) const override;
  std::string text(const event::Event& event) const override;

 private:
  bool shows_logs_;
};

/// A JSON value as one line, with its end; bytes that are not UTF-8 are replaced, what a terminal
/// would obey is escaped (printable.hpp).
std::string json_line(const nlohmann::json& value);

void print_json_line(std::FILE* out, const nlohmann::json& value);

}  // namespace cfy::ui
