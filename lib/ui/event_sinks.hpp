// Sinks that show events: lines for people, JSON lines for programs, and one sink that feeds many.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

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

/// Prints each event as a line and flushes it. The stream is the caller's and must outlive it.
class LineSink : public event::Sink {
 public:
  LineSink(std::FILE* out, Style style, LineOptions options)
      : out_(out), style_(style), options_(options) {}
  void take(const event::Event& event) override;

 private:
  std::FILE* out_;
  Style style_;
  LineOptions options_;
};

/// Prints each event's record as one line of JSON and flushes it.
class JsonSink : public event::Sink {
 public:
  JsonSink(std::FILE* out, bool shows_logs) : out_(out), shows_logs_(shows_logs) {}
  void take(const event::Event& event) override;

 private:
  std::FILE* out_;
  bool shows_logs_;
};

/// Gives each event to all, in order. The sinks are the caller's.
class TeeSink : public event::Sink {
 public:
  explicit TeeSink(std::vector<event::Sink*> sinks) : sinks_(std::move(sinks)) {}
  void take(const event::Event& event) override {
    for (event::Sink* sink : sinks_)
      sink->take(event);
  }

 private:
  std::vector<event::Sink*> sinks_;
};

/// A JSON value as one line; bytes that are not UTF-8 are replaced, what a terminal would obey is
/// escaped (printable.hpp).
void print_json_line(std::FILE* out, const nlohmann::json& value);

}  // namespace cfy::ui
