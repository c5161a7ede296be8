#include "ui/printable.hpp"

#include <catch2/catch.hpp>

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
