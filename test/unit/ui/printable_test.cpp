#include "ui/printable.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace cfy::ui;

TEST_CASE("control characters are shown, not obeyed", "[ui]") {
  CHECK(escape_controls("a\tb\nc") == "a\tb\nc");
  CHECK(escape_controls("\x1b]0;title\x07") == "\\x1b]0;title\\x07");
  CHECK(escape_controls("over\rwrite\x7f\b") == "over\\rwrite\\x7f\\x08");
  CHECK(escape_controls("\xC2\x9B"
                        "31m") == "\\x9b31m");  // the one-character form of ESC [
  CHECK(escape_controls(std::string_view("a\0b", 3)) == "a\\x00b");
}

TEST_CASE("marks that turn text around are shown", "[ui]") {
  CHECK(escape_controls("a\u202Eb\u2066c") == "a\\u202eb\\u2066c");
  CHECK(escape_controls("\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u2067\u2068\u2069") ==
        "\\u061c\\u200e\\u200f\\u202a\\u202b\\u202c\\u202d\\u2067\\u2068\\u2069");
  CHECK(escape_controls("\u200D\u2010\u206F") == "\u200D\u2010\u206F");  // joiners, hyphens: text
}

TEST_CASE("JSON is shown without what a terminal obeys, and means the same", "[ui]") {
  const std::string text =
      "\x1b[1m \xC2\x9B"
      "31m \x7f \u061C\u200E\u200F\u202A\u202E\u2066\u2069 \xC2\x80\xC2\x9F\xC2\xA0 grün 🚀 \\ \" "
      "\t\n";
  const nlohmann::json value = {{text, {text, 1}}};
  const std::string shown = escape_in_json(value.dump());
  CHECK(nlohmann::json::parse(shown) == value);
  CHECK(escape_controls(shown) == shown);
  CHECK(shown.find("\\u009b31m \\u007f \\u061c") != std::string::npos);
  CHECK(escape_in_json("{\n\t\"a\": 1}\n") == "{\n\t\"a\": 1}\n");
}

TEST_CASE("text of all scripts stays", "[ui]") {
  CHECK(escape_controls("grün 東京 🚀 é") == "grün 東京 🚀 é");
}

TEST_CASE("bytes that are no UTF-8 are shown", "[ui]") {
  CHECK(escape_controls("caf\xe9") == "caf\\xe9");
  CHECK(escape_controls("\xf0\x9f") == "\\xf0\\x9f");
}

TEST_CASE("one line is one line", "[ui]") {
  CHECK(to_one_line("a\tb\r\nc") == "a\\tb\\r\\nc");
}

TEST_CASE("columns are code points", "[ui]") {
  CHECK(count_columns("") == 0);
  CHECK(count_columns("grün") == 4);
}

TEST_CASE("text is cut to a width, between characters", "[ui]") {
  CHECK(cut_to_width("abcdefgh", 0) == "abcdefgh");
  CHECK(cut_to_width("abcdefgh", 8) == "abcdefgh");
  CHECK(cut_to_width("abcdefgh", 6) == "abc...");
  CHECK(cut_to_width("äöüÄÖÜ", 5) == "äö...");
  CHECK(cut_to_width("abcdefgh", 2) == "..");
}
