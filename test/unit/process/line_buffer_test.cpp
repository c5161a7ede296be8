// Lines come out as they went in, however the bytes arrive.
#include "process/line_buffer.hpp"

#include <catch2/catch.hpp>

namespace {

using cfy::process::LineBuffer;
using cfy::process::LinePart;

std::vector<std::string> lines_of(const std::vector<std::string>& pieces, std::size_t limit) {
  LineBuffer buffer(limit);
  std::vector<std::string> lines;
  const auto add = [&](std::string_view line, LinePart) { lines.emplace_back(line); };
  for (const std::string& piece : pieces)
    buffer.feed(piece, add);
  buffer.finish(add);
  return lines;
}

TEST_CASE("pieces join to lines, empty ones included", "[line_buffer]") {
  CHECK(lines_of({"on", "e\n\ntw", "o\n"}, 100) == std::vector<std::string>{"one", "", "two"});
}

TEST_CASE("a last line without its end is given at the end", "[line_buffer]") {
  CHECK(lines_of({"one\ntwo"}, 100) == std::vector<std::string>{"one", "two"});
  CHECK(lines_of({}, 100).empty());
}

TEST_CASE("a line longer than the limit comes in pieces and nothing is lost", "[line_buffer]") {
  CHECK(lines_of({"abcdefgh\nx\n"}, 3) == std::vector<std::string>{"abc", "def", "gh", "x"});
  CHECK(lines_of({"abc\n"}, 3) == std::vector<std::string>{"abc"});
}

TEST_CASE("a piece says whether it is the last of its line", "[line_buffer]") {
  LineBuffer buffer(3);
  std::string parts;
  const auto add = [&](std::string_view, LinePart part) {
    parts += part == LinePart::whole ? 'w' : part == LinePart::piece ? 'p' : 'l';
  };
  buffer.feed("ab\nabcdefgh\nx\nabcd", add);
  CHECK(parts == "wpplwp");
  buffer.finish(add);
  CHECK(parts == "wpplwpl");
}

TEST_CASE("a long line is cut between words", "[line_buffer]") {
  const std::string start(60, 'x');
  CHECK(lines_of({start + " a secret\n"}, 64) == std::vector{start + " a ", std::string("secret")});
  CHECK(lines_of({"a " + start + start + "\n"}, 64) ==
        std::vector{"a " + std::string(62, 'x'), std::string(58, 'x')});
}

TEST_CASE("a long line is not cut inside a character", "[line_buffer]") {
  CHECK(lines_of({"aaé€\n"}, 3) == std::vector<std::string>{"aa", "é", "€"});
  // Bytes that are no characters are cut where the limit is.
  CHECK(lines_of({"\x80\x80\x80\x80\x80\n"}, 4).size() == 2);
}

TEST_CASE("lines do not depend on how the bytes arrive", "[line_buffer]") {
  const std::string text = "first\nsecond line\n\nthird\nlast";
  const auto whole = lines_of({text}, 8);
  std::vector<std::string> bytes;
  for (const char byte : text)
    bytes.emplace_back(1, byte);
  CHECK(lines_of(bytes, 8) == whole);
}

}  // namespace
