#include <catch2/catch.hpp>

#include "blueprint_fixture.hpp"
#include "dsl/schedule_times.hpp"

using namespace cfy::dsl;

namespace {
Codes schedule_codes(const char* schedule) {
  return Loaded(fmt::format("deployment_settings: {{default_schedules: {{s: {}}}}}\n", schedule))
      .codes();
}
}  // namespace

TEST_CASE("times of schedules become UTC, relative ones stay", "[dsl]") {
  Loaded bp(
      "deployment_settings: {default_schedules: {s: {workflow: w, since: '2035-1-1 19:30', "
      "until: '+1y', timezone: EST, weekdays: [mo, 2TU, l-fr], recurrence: 3 days}}}\n");
  REQUIRE(bp.errors() == "");
  const json& schedule = bp.as_json["deployment_settings"]["default_schedules"]["s"];
  CHECK(schedule["since"] == "2035-01-02 00:30:00");
  CHECK(schedule["until"] == "+1y");
}

TEST_CASE("wrong schedules are told with what is wrong", "[dsl]") {
  CHECK(schedule_codes("{workflow: w}") == Codes{1});
  CHECK(schedule_codes("{since: +1h}") == Codes{1});
  CHECK(schedule_codes("{workflow: w, since: +1h, nonsense: 1}") == Codes{1});
  CHECK(schedule_codes("{workflow: w, since: soon}") == Codes{0});
  CHECK(schedule_codes("{workflow: w, since: '12:00', timezone: Nowhere}") == Codes{0});
  CHECK(schedule_codes("{workflow: w, since: +1h, recurrence: often}") == Codes{0});
  CHECK(schedule_codes("{workflow: w, since: +1h, weekdays: [xy]}") == Codes{1});
  CHECK(schedule_codes("{workflow: w, since: +1h, weekdays: [MO, 2tu, l-fr]}") == Codes{});
  CHECK(schedule_codes("{workflow: w, since: +1h, execution_arguments: {wait_after_fail: 1.5}}") ==
        Codes{1});
  CHECK(schedule_codes("{workflow: w, since: +1h, execution_arguments: {x: 1}}") == Codes{1});
  CHECK(schedule_codes("{workflow: w, since: +1h, workflow_parameters: {get_attribute: [a, b]}}")
            .front() == 1);
}

TEST_CASE("times are read in several forms", "[dsl]") {
  const auto text = [](const char* time) {
    const auto parsed = parse_civil_time(time, 1'767'225'600'000);  // 2026-01-01 00:00 UTC
    return parsed ? to_text(*parsed) : std::string("-");
  };
  CHECK(text("2020-1-1 7:40") == "2020-01-01 07:40:00");
  CHECK(text("2020-01-01 07:40:30") == "2020-01-01 07:40:30");
  CHECK(text("12:00") == "2026-01-01 12:00:00");
  CHECK(text("2020-02-30 7:40") == "-");
  CHECK(text("24:00") == "-");
  CHECK(is_relative_time("+2 hours +1 min"));
  CHECK(is_relative_time("+1d"));
  CHECK_FALSE(is_relative_time("1d"));
  CHECK_FALSE(is_relative_time("+1d +2 moons"));
  CHECK(is_relative_time("+ whatever"));
  CHECK(is_recurrence("1w"));
  CHECK_FALSE(is_recurrence("w"));
}

TEST_CASE("time zones follow the data of the machine", "[dsl]") {
  const auto offset = [](const char* zone, const char* time) {
    return find_zone_offset(zone, *parse_civil_time(time, 0)).value_or(-1);
  };
  CHECK(offset("UTC", "2030-01-01 00:00") == 0);
  CHECK(offset("../../etc/passwd", "2030-01-01 00:00") == -1);
  CHECK(offset("No/Where", "2030-01-01 00:00") == -1);
}

TEST_CASE("settings have their kinds of values", "[dsl]") {
  const auto codes = [](const char* settings) {
    return Loaded(fmt::format("deployment_settings: {}\n", settings)).codes();
  };
  CHECK(codes("{id_template: 'x-{uuid}', display_name: text, default_groups: [a]}") == Codes{});
  CHECK(codes("{display_name: {concat: [a, b]}}") == Codes{});
  CHECK(codes("{id_template: 5}") == Codes{1});
  CHECK(codes("{display_name: [a]}") == Codes{1});
  CHECK(codes("{default_groups: a}") == Codes{1});
}

TEST_CASE("labels hold texts and functions", "[dsl]") {
  const auto codes = [](const char* text) { return Loaded(text).codes(); };
  CHECK(codes("inputs: {i: {}}\nlabels: {a: {values: [x, {get_input: i}]}}\n") == Codes{});
  CHECK(codes("labels: {a: {values: [[x]]}}\n") == Codes{1});
  CHECK(codes("labels: {a: {values: [{x: y}]}}\n") == Codes{});
  CHECK(codes("labels: {a: {values: [{get_attribute: [a, b], x: y}]}}\n") == Codes{1});
  CHECK(codes("labels: {a: {values: x}}\n") == Codes{1});
  CHECK(codes("labels: {a: {}}\n") == Codes{1});
  CHECK(codes("inputs: {i: {}}\nblueprint_labels: {a: {values: [{get_input: i}]}}\n") == Codes{1});
}
