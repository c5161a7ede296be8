#include "base/source.hpp"

#include <catch2/catch.hpp>

namespace base = cfy::base;

TEST_CASE("a line is found without its end", "[base]") {
  base::SourceMap sources;
  const auto file = sources.add("b.yaml", "one\r\ntwo\n\nfour");
  CHECK(sources.line_text(file, 1) == "one");
  CHECK(sources.line_text(file, 2) == "two");
  CHECK(sources.line_text(file, 3).empty());
  CHECK(sources.line_text(file, 4) == "four");
  CHECK(sources.line_text(file, 5).empty());
}

TEST_CASE("a range names its file, line and column", "[base]") {
  base::SourceMap sources;
  const auto file = sources.add("b.yaml", "x");
  CHECK(to_string(sources, {file, 3, 7, 3, 9}) == "b.yaml:3:7");
  CHECK(to_string(sources, {file, 0, 0, 0, 0}) == "b.yaml");
  CHECK(to_string(sources, {}).empty());
}
