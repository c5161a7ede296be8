// A table of what ctx logger is given and what is logged. The rows with conversions that fit are
// what Python's logger makes of them.
#include "script/log_message.hpp"

#include <catch2/catch.hpp>

namespace {

using nlohmann::json;

struct LogRow {
  std::vector<json> arguments;
  std::string message;
};

TEST_CASE("a log's arguments are put where its text wants them", "[ctx]") {
  const std::vector<LogRow> table{
      {{}, ""},
      {{"alone: %s 100% %%"}, "alone: %s 100% %%"},
      {{"a %s of %d", "x", "3"}, "a x of 3"},
      {{"%i%% %u", 5, 6}, "5% 6"},
      {{"%s %s %s", nullptr, true, 1.5}, "None True 1.5"},
      {{"%s", json{{"a", {1, "b"}}}}, "{'a': [1, 'b']}"},
      {{"%r %r %a", "it's", 1, "x"}, "\"it's\" 1 'x'"},
      {{"%d %d %d", 3.9, -3.9, true}, "3 -3 1"},
      {{"%f %.2f %.1f", 1, "2.345", 0.25}, "1.000000 2.35 0.2"},
      {{"%5d|%-5d|%05d|%+d", 42, 42, 42, 42}, "   42|42   |00042|+42"},
      {{"%6s|%-6s|%.2s", "abc", "abc", "abc"}, "   abc|abc   |ab"},
      {{"%x %X %o %#x", 255, 255, 8, 255}, "ff FF 10 0xff"},
      {{"%g %e", 0.5, 12345.678}, "0.5 1.234568e+04"},
      {{"%(who)s has %(n)d", json{{"who", "web"}, {"n", 2}, {"more", 1}}}, "web has 2"},
      {{7, 8}, "7 8"},
  };
  for (const LogRow& row : table) {
    INFO(json(row.arguments));
    CHECK(cfy::script::make_log_message(row.arguments) == row.message);
  }
}

TEST_CASE("arguments that do not fit follow the message", "[ctx]") {
  const std::vector<LogRow> table{
      {{"two", "words"}, "two words"},
      {{"%s and %s", "one"}, "%s and %s one"},
      {{"%s", "one", "two"}, "%s one two"},
      {{"%d", "three"}, "%d three"},
      {{"%d", json::array()}, "%d []"},
      {{"%d", ""}, "%d "},
      {{"%x", -1}, "%x -1"},
      {{"%(who)s", "web"}, "%(who)s web"},
      {{"%(who)s", json{{"n", 1}}}, "%(who)s {'n': 1}"},
      {{"%(who", json{{"n", 1}}}, "%(who {'n': 1}"},
      {{"100%", "done"}, "100% done"},
      {{"50% of %s", "x"}, "50% of %s x"},
      {{"%y", 1}, "%y 1"},
      {{"%999999999d", 1}, "%999999999d 1"},
      {{"%*d", 5, 1}, "%*d 5 1"},
  };
  for (const LogRow& row : table) {
    INFO(json(row.arguments));
    CHECK(cfy::script::make_log_message(row.arguments) == row.message);
  }
}

}  // namespace
