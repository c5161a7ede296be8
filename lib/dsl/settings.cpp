#include "dsl/settings.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "dsl/fields.hpp"
#include "dsl/schedule_times.hpp"
#include "yaml/to_json.hpp"

namespace cfy::dsl {
namespace {

constexpr std::array<Field, 4> kSettingFields = {{{"id_template", Shape::string},
                                                  {"display_name", Shape::string_or_map},
                                                  {"default_groups", Shape::list},
                                                  {"default_schedules", Shape::map}}};
constexpr std::array<Field, 12> kScheduleFields = {{{"workflow", Shape::string, true},
                                                    {"execution_arguments", Shape::map},
                                                    {"workflow_parameters", Shape::map},
                                                    {"since", Shape::string, true},
                                                    {"until", Shape::string},
                                                    {"recurrence", Shape::string},
                                                    {"timezone", Shape::string},
                                                    {"weekdays", Shape::list},
                                                    {"count", Shape::integer},
                                                    {"default_enabled", Shape::boolean},
                                                    {"stop_after_fail", Shape::boolean},
                                                    {"slip", Shape::integer}}};
constexpr std::array<Field, 4> kArgumentFields = {{{"allow_custom_parameters", Shape::boolean},
                                                   {"force", Shape::boolean},
                                                   {"is_dry_run", Shape::boolean},
                                                   {"wait_after_fail", Shape::integer}}};

// "mo", or with a prefix as in "1mo" and "l-mo" (the last one), in any letter case. As in the
// reference nothing is asked of the prefix.
bool is_weekday(std::string_view text) {
  constexpr std::array<std::string_view, 7> kDays = {"su", "mo", "tu", "we", "th", "fr", "sa"};
  std::string lower(text.size() < 2 ? text : text.substr(text.size() - 2));
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return std::find(kDays.begin(), kDays.end(), lower) != kDays.end();
}

class ScheduleReader {
 public:
  ScheduleReader(Context& context, std::int64_t now_ms) : context_(context), now_ms_(now_ms) {}

  json read(const Value& value, const Path& path) {
    if (!check_fields(context_, value, kScheduleFields, "a schedule", path)) return json::object();
    json schedule = yaml::to_json(value);
    schedule.erase("timezone");  // the times are UTC from here on
    if (const Value* arguments = find_given(value, "execution_arguments"))
      check_fields(context_, *arguments, kArgumentFields, "'execution_arguments'",
                   Path(path, "execution_arguments"));
    check_parameters(value, path);
    for (const char* key : {"since", "until"})
      if (const Value* time = find_given(value, key))
        if (auto text = read_time(*time, value, Path(path, key))) schedule[key] = *std::move(text);
    if (const Value* recurrence = find_given(value, "recurrence"))
      if (!is_recurrence(recurrence->text()))
        context_.error_of_type(
            "NonRecoverableError", recurrence->range(), Path(path, "recurrence"),
            fmt::format("'{}' is no span of time, such as '3 days' or '1w'", recurrence->text()));
    check_weekdays(value, Path(path, "weekdays"));
    return schedule;
  }

 private:
  void fail(const Value& value, const Path& path, std::string message) {
    context_.error(1, value.range(), path, std::move(message)).type = "DSLParsingException";
  }

  std::optional<std::string> read_time(const Value& time, const Value& schedule, const Path& path) {
    const bool is_relative = time.text().starts_with('+');
    if (is_relative && is_relative_time(time.text())) return std::nullopt;
    const auto local = is_relative ? std::nullopt : parse_civil_time(time.text(), now_ms_);
    if (!local) {
      context_.error_of_type("NonRecoverableError", time.range(), path,
                             fmt::format("'{}' is no time, such as '2030-01-31 12:00' or "
                                         "'+2 hours'",
                                         time.text()));
      return std::nullopt;
    }
    const Value* zone = find_given(schedule, "timezone");
    const auto offset = find_zone_offset(zone == nullptr ? "UTC" : zone->text(), *local);
    if (!offset) {
      context_.error_of_type("NonRecoverableError", zone->range(), path,
                             fmt::format("there is no time zone '{}'", zone->text()));
      return std::nullopt;
    }
    return to_text({local->seconds - *offset});
  }

  void check_weekdays(const Value& schedule, const Path& path) {
    const auto days = items_of(find_given(schedule, "weekdays"));
    for (std::size_t i = 0; i < days.size(); ++i) {
      const Path inner(path, i);
      if (!check_shape(context_, *days[i], Shape::string, inner)) continue;
      if (!is_weekday(days[i]->text()))
        fail(*days[i], inner,
             fmt::format("'{}' is no weekday; they are su, mo, tu, we, th, fr, sa, perhaps with 1 "
                         "to 4 or l- before them",
                         days[i]->text()));
    }
  }

  void check_parameters(const Value& schedule, const Path& path) {
    const Value* parameters = find_given(schedule, "workflow_parameters");
    const Path inner(path, "workflow_parameters");
    for (const Entry& entry : entries_of(parameters)) {
      const bool is_function = yaml::key_text(*entry.key) == "get_attribute";
      const Value* nested = entry.value->find("get_attribute");
      if (is_function || nested != nullptr)
        fail(is_function ? *entry.key : *nested, inner,
             "a parameter of a scheduled workflow cannot be a runtime property: get_attribute is "
             "not allowed here");
    }
  }

  Context& context_;
  std::int64_t now_ms_;
};

}  // namespace

void read_settings(Blueprint& blueprint, std::int64_t now_ms) {
  Context& context = blueprint.context;
  const Value* value = blueprint.merged.find_whole("deployment_settings");
  const Path path("deployment_settings");
  if (value == nullptr ||
      !check_fields(context, *value, kSettingFields, "'deployment_settings'", path))
    return;
  blueprint.plan.deployment_settings = yaml::to_json(*value);
  json schedules = json::object();
  const Path schedules_path(path, "default_schedules");
  ScheduleReader reader(context, now_ms);
  for (const Entry& entry : entries_of(find_given(*value, "default_schedules")))
    if (const auto name = name_of_key(context, *entry.key, schedules_path))
      schedules[std::string(*name)] = reader.read(*entry.value, Path(schedules_path, *name));
  blueprint.plan.deployment_settings["default_schedules"] = std::move(schedules);
}

}  // namespace cfy::dsl
