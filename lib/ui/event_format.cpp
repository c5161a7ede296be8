#include "ui/event_format.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "ui/printable.hpp"

namespace cfy::ui {

using event::Event;

namespace {

// "2024-05-01T10:20:30.123Z" without the letters.
std::string shown_time(std::int64_t wall_ms) {
  std::string time = base::to_iso8601(wall_ms);
  std::replace(time.begin(), time.end(), 'T', ' ');
  time.pop_back();
  return time;
}

// "[web_x1y2z3.create] ", "[a_1->b_1|establish] ", or nothing for events of the workflow.
std::string shown_subject(const event::Context& context) {
  const std::string operation = context.operation.substr(context.operation.rfind('.') + 1);
  std::string subject = context.node_id;
  const char* joint = ".";
  if (!context.source_id.empty()) {
    subject = fmt::format("{}->{}", context.source_id, context.target_id);
    joint = "|";
  }
  if (!subject.empty() && !operation.empty()) subject += joint;
  subject += operation;
  return subject.empty() ? subject : fmt::format("[{}] ", to_one_line(subject));
}

std::string indent_further_lines(const std::string& text) {
  std::string indented;
  for (const char byte : text) {
    indented += byte;
    if (byte == '\n') indented += "    ";
  }
  return indented;
}

std::string shown_text(const Event& event) {
  std::string_view text = event.text;
  while (!text.empty() && text.back() == '\n')
    text.remove_suffix(1);
  std::string shown = indent_further_lines(escape_controls(text));
  if (event.kind == Event::Kind::event) return shown;
  std::string level = to_one_line(event.level);
  std::transform(level.begin(), level.end(), level.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return fmt::format("{}: {}", level, shown);
}

std::string line_start(const Event& event) {
  return fmt::format("{}  {} <{}> {}", shown_time(event.wall_ms),
                     event.kind == Event::Kind::event ? "CFY" : "LOG",
                     to_one_line(event.context.deployment_id), shown_subject(event.context));
}

Color color_of(const Event& event) {
  const std::string& what = event.kind == Event::Kind::event ? event.event_type : event.level;
  if (what == "workflow_started" || what == "workflow_succeeded") return Color::bright_green;
  if (what == "workflow_failed") return Color::bright_red;
  if (what == "workflow_cancelled") return Color::bright_yellow;
  if (what == "task_succeeded") return Color::green;
  if (what == "task_rescheduled" || what == "warning") return Color::yellow;
  if (what == "task_failed" || what == "error" || what == "critical") return Color::red;
  return Color::none;
}

bool is_failure(const Event& event) {
  const Color color = color_of(event);
  return color == Color::red || color == Color::bright_red;
}

}  // namespace

std::string event_line(const Event& event) {
  return line_start(event) + shown_text(event);
}

bool LineFormat::shows(const Event& event) const {
  const bool is_log = event.kind == Event::Kind::log;
  if (is_log && !options_.shows_logs) return false;
  if (is_log && event.level == "debug" && options_.verbosity < 2) return false;
  return options_.verbosity >= 0 || is_failure(event);
}

std::string LineFormat::text(const Event& event) const {
  return line_start(event) + paint(style_, color_of(event), shown_text(event)) + '\n';
}

bool RecordFormat::shows(const Event& event) const {
  return event.kind != Event::Kind::log || shows_logs_;
}

std::string RecordFormat::text(const Event& event) const {
  return json_line(to_json(event));
}

std::string json_line(const nlohmann::json& value) {
  return escape_in_json(value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)) +
         '\n';
}

void print_json_line(std::FILE* out, const nlohmann::json& value) {
  const std::string line = json_line(value);
  std::fwrite(line.data(), 1, line.size(), out);
  std::fflush(out);
}

}  // namespace cfy::ui
