#include "ui/table.hpp"

#include <catch2/catch.hpp>

#include "support/memory_stream.hpp"

using cfy::ui::Table;

TEST_CASE("columns are as wide as their widest cell", "[ui]") {
  Table table({"ID", "STATUS", "ERROR"});
  table.add({"e1", "terminated", ""});
  table.add({"execution-2", "failed", "task failed"});
  CHECK(table.to_text({}) ==
        "ID           STATUS      ERROR\n"
        "e1           terminated\n"
        "execution-2  failed      task failed\n");
}

TEST_CASE("a table is cut to the terminal's width at its widest columns", "[ui]") {
  Table table({"ID", "TEXT"});
  table.add({"short", "a text that is too long to be shown as a whole"});
  CHECK(table.to_text({false, 24}) ==
        "ID     TEXT\n"
        "short  a text that is...\n");
}

TEST_CASE("prefixes are taken before anything is cut, and some columns never are", "[ui]") {
  using cfy::ui::Fit;
  Table table({"ID", "STATUS", "ERROR"}, {Fit::prefix, Fit::whole, Fit::cut});
  table.add({"0a1b2c3d-4e5f", "started (its runner died)", "a long error message"});
  CHECK(table.to_text({false, 64}) ==
        "ID             STATUS                     ERROR\n"
        "0a1b2c3d-4e5f  started (its runner died)  a long error message\n");
  CHECK(table.to_text({false, 58}) ==
        "ID        STATUS                     ERROR\n"
        "0a1b2c3d  started (its runner died)  a long error message\n");
  CHECK(table.to_text({false, 50}) ==
        "ID        STATUS                     ERROR\n"
        "0a1b2c3d  started (its runner died)  a long err...\n");
}

TEST_CASE("columns of a very narrow terminal stay readable", "[ui]") {
  Table table({"ID", "TEXT"});
  table.add({"0123456789", "0123456789"});
  CHECK(table.to_text({false, 5}) ==
        "ID          TEXT\n"
        "0123456789  01234...\n");  // the first column names the row: never cut
}

TEST_CASE("cells hold one line without control characters", "[ui]") {
  Table table({"ERROR"});
  table.add({"one\ntwo \x1b[31m"});
  CHECK(table.to_text({}) == "ERROR\none\\ntwo \\x1b[31m\n");
}

TEST_CASE("only the headings are in bold", "[ui]") {
  Table table({"ID"});
  CHECK(table.is_empty());
  table.add({"x"});
  cfy::test::MemoryStream stream;
  table.print(stream.file(), {true, 0});
  CHECK(stream.text() == "\x1b[1mID\x1b[0m\nx\n");
}
