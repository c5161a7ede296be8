#include "event/event.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "base/text.hpp"

namespace cfy::event {

using nlohmann::json;

namespace {

using Member = std::string Context::*;

// The texts of a context, under Cloudify's keys.
constexpr std::array<std::pair<const char*, Member>, 16> kTexts = {{
    {"blueprint_id", &Context::blueprint_id},
    {"deployment_id", &Context::deployment_id},
    {"execution_id", &Context::execution_id},
    {"workflow_id", &Context::workflow_id},
    {"node_id", &Context::node_id},
    {"node_name", &Context::node_name},
    {"operation", &Context::operation},
    {"plugin", &Context::plugin},
    {"task_id", &Context::task_id},
    {"task_name", &Context::task_name},
    {"task_target", &Context::task_target},
    {"task_queue", &Context::task_queue},
    {"source_id", &Context::source_id},
    {"source_name", &Context::source_name},
    {"target_id", &Context::target_id},
    {"target_name", &Context::target_name},
}};

// There is one tenant on one's own machine; the name is the one that Cloudify gives its first.
constexpr const char* kTenant = "default_tenant";

json context_to_json(const Context& context) {
  json record = {{"tenant", {{"name", kTenant}}}};
  for (const auto& [key, member] : kTexts)
    if (!(context.*member).empty()) record[key] = context.*member;
  if (context.task_current_retries >= 0) {
    record["task_current_retries"] = context.task_current_retries;
    record["task_total_retries"] = context.task_total_retries;
  }
  if (!context.task_error_causes.is_null()) record["task_error_causes"] = context.task_error_causes;
  if (context.additional.is_object())
    for (const auto& [key, value] : context.additional.items())
      record.emplace(key, value);
  return record;
}

std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t number_at(const json& object, const char* key, std::int64_t otherwise) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>()
                                                             : otherwise;
}

bool is_known(const std::string& key) {
  constexpr std::array<std::string_view, 4> kOthers = {"tenant", "task_current_retries",
                                                       "task_total_retries", "task_error_causes"};
  return std::any_of(kTexts.begin(), kTexts.end(),
                     [&](const auto& text) { return key == text.first; }) ||
         std::find(kOthers.begin(), kOthers.end(), key) != kOthers.end();
}

Context context_from_json(const json& record) {
  Context context;
  for (const auto& [key, member] : kTexts)
    context.*member = text_at(record, key);
  context.task_current_retries = number_at(record, "task_current_retries", -1);
  context.task_total_retries = number_at(record, "task_total_retries", 0);
  if (record.contains("task_error_causes")) context.task_error_causes = record["task_error_causes"];
  for (const auto& [key, value] : record.items())
    if (!is_known(key)) context.additional[key] = value;
  return context;
}

// Days from 1970-01-01 to a date of the Gregorian calendar. Years are counted from March, so that
// a leap day is the last of its year.
std::int64_t days_from_civil(std::int64_t year, std::int64_t month, std::int64_t day) {
  const std::int64_t shifted_year = month > 2 ? year : year - 1;
  const std::int64_t shifted_month = month > 2 ? month - 3 : month + 9;
  const std::int64_t day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
  return 365 * shifted_year + shifted_year / 4 - shifted_year / 100 + shifted_year / 400 +
         day_of_year - 719468;
}

// The other way of base::to_iso8601; 0 for what is no such time.
std::int64_t wall_ms_from(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millisecond = 0;
  const int read = std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ", &year, &month, &day,
                               &hour, &minute, &second, &millisecond);
  if (read != 7) return 0;
  const std::int64_t hours = days_from_civil(year, month, day) * 24 + hour;
  return ((hours * 60 + minute) * 60 + second) * 1000 + millisecond;
}

}  // namespace

json to_json(const Event& event) {
  json record;
  record["timestamp"] = base::to_iso8601(event.wall_ms);
  record["message_code"] = nullptr;
  record["context"] = context_to_json(event.context);
  record["message"] = {{"text", base::to_valid_utf8(event.text)}, {"arguments", nullptr}};
  if (event.kind == Event::Kind::event) {
    record["type"] = "cloudify_event";
    record["event_type"] = event.event_type;
  } else {
    record["type"] = "cloudify_log";
    record["logger"] = event.logger;
    record["level"] = event.level;
  }
  return record;
}

Event from_json(const json& record) {
  Event event;
  const bool is_log = text_at(record, "type") == "cloudify_log";
  event.kind = is_log ? Event::Kind::log : Event::Kind::event;
  event.wall_ms = wall_ms_from(text_at(record, "timestamp"));
  event.event_type = text_at(record, "event_type");
  event.level = text_at(record, "level");
  event.logger = text_at(record, "logger");
  if (const auto context = record.find("context"); context != record.end() && context->is_object())
    event.context = context_from_json(*context);
  if (const auto message = record.find("message"); message != record.end() && message->is_object())
    event.text = text_at(*message, "text");
  return event;
}

}  // namespace cfy::event
