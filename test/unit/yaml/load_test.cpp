#include <catch2/catch.hpp>

#include "yaml_fixture.hpp"

using cfy::base::Severity;
using cfy::yaml::Loaded;
using nlohmann::json;

TEST_CASE("every value and key knows its place", "[yaml]") {
  Loaded doc("a:\n  b: [1, \"two\"]\n");
  const auto* b = doc.root->find("a")->find_entry("b");
  CHECK(b->key->range() == cfy::base::SourceRange{doc.file, 2, 3, 2, 4});
  CHECK(b->value->items()[1]->range() == cfy::base::SourceRange{doc.file, 2, 10, 2, 15});
}

TEST_CASE("columns count characters, not bytes", "[yaml]") {
  Loaded doc("{\"\xC3\xA9\": x}", {.ascii_only = false});
  CHECK(doc.root->entries()[0].value->range().column == 7);
}

TEST_CASE("an absent value stands where its key stands", "[yaml]") {
  Loaded doc("a:\n  b:\n\n\nc: 1\n");
  CHECK(doc.root->find("a")->find("b")->range().line == 2);
}

TEST_CASE("of a duplicate key the last value counts, with a warning", "[yaml]") {
  Loaded doc("a: 1\nb: 2\na: 3\n");
  CHECK(doc.json() == json{{"a", 3}, {"b", 2}});
  REQUIRE(doc.diagnostics.all().size() == 1);
  const auto& warning = doc.diagnostics.all()[0];
  CHECK(warning.severity == Severity::warning);
  CHECK(doc.first() == "3:1 the key 'a' stands twice in one map; the last value counts");
  CHECK(warning.notes.at(0).range.line == 1);
}

TEST_CASE("duplicates are found in large maps too", "[yaml]") {
  std::string text;
  for (int i = 0; i < 100; ++i)
    text += fmt::format("k{}: {}\n", i, i);
  Loaded doc(text + "k50: x\n");
  CHECK(doc.root->entries().size() == 100);
  CHECK(doc.diagnostics.all().size() == 1);
}

TEST_CASE("1, 1.0 and true are the same key", "[yaml]") {
  Loaded doc("1: a\ntrue: b\n1.0: c\n");
  CHECK(doc.json() == json{{"1", "c"}});
}

TEST_CASE("keys that are no strings become their JSON text", "[yaml]") {
  CHECK(Loaded("{1: a, 1.5: b, ~: d, no: e}").json() ==
        json{{"1", "a"}, {"1.5", "b"}, {"null", "d"}, {"false", "e"}});
}

TEST_CASE("merge keys add what is not written", "[yaml]") {
  CHECK(Loaded("x: &x {a: 1, b: 2}\ny: {b: 3, <<: *x}\n").json()["y"] == json{{"a", 1}, {"b", 3}});
  CHECK(Loaded("p: &p {a: 1, b: 1}\nq: &q {a: 2, c: 2}\ny: {<<: [*p, *q]}\n").json()["y"] ==
        json{{"a", 1}, {"b", 1}, {"c", 2}});
  CHECK(Loaded("{\"<<\": 1}").json() == json{{"<<", 1}});
}

TEST_CASE("a merge key needs dicts", "[yaml]") {
  CHECK(Loaded("a: {<<: 1}").first() ==
        "1:9 the merge key '<<' needs a dict or a list of dicts, not a integer");
}

TEST_CASE("aliases share one value", "[yaml]") {
  Loaded doc("a: &a [1]\nb: *a\n");
  CHECK(doc.root->find("a") == doc.root->find("b"));
}

TEST_CASE("an empty text is null, without a line", "[yaml]") {
  CHECK(Loaded("").root->is_null());
  CHECK(Loaded("# nothing\n").root->is_null());
  CHECK(Loaded("\xEF\xBB\xBF"
               "a: 1")
            .json() == json{{"a", 1}});
}

TEST_CASE("text outside ASCII is refused in blueprints", "[yaml]") {
  Loaded doc("a: \"\xC3\xA9\"\nb: 1\n");
  CHECK(doc.diagnostics.all().at(0).code == 108);
  CHECK(doc.first() == "1:4 illegal characters: blueprints may hold ASCII characters only");
  CHECK_FALSE(Loaded("# \xC3\xA9\na: 1\n").diagnostics.has_errors());
  CHECK(Loaded("a: \"\\u00e9\"\n").diagnostics.all().at(0).code == 108);
  CHECK_FALSE(Loaded("a: \"\\x41\"\n").diagnostics.has_errors());
}

TEST_CASE("what is no YAML says where", "[yaml]") {
  const auto first = [](const char* text) { return Loaded(text).first(); };
  CHECK(first("a: b: c\n") ==
        "1:5 this is not valid YAML: a ':' cannot stand here; quote a text that holds ': '");
  CHECK(first("a: *x\n") == "1:4 this is not valid YAML: the referenced anchor is not defined");
  CHECK(first("a: &a [*a]\n") ==
        "1:8 this is not valid YAML: this alias stands inside the value that it names");
  CHECK(first("a: 1\n---\nb: 1\n") ==
        "2:1 this is not valid YAML: a second document starts here; only one is allowed in a file");
  CHECK(first("a: \"x\n") == "1:4 this is not valid YAML: this quote is never closed");
  CHECK(first("a: [~, , 1]\n") ==
        "1:8 this is not valid YAML: a value is missing before this comma");
  CHECK(first("? [a]\n: 1\n") == "1:3 a list cannot be the key of a dict");
  CHECK(first("a: \"\\q\"\n").starts_with("1:7 this is not valid YAML: unknown escape character"));
}

TEST_CASE("a tab that indents is named at its place", "[yaml]") {
  const std::string said = "this is not valid YAML: a tab cannot indent a line; YAML wants blanks";
  CHECK(Loaded("a:\n\tb: 1\n").first() == "2:1 " + said);
  CHECK(Loaded("a:\n  b: 1\n\tc: 2\n").first() == "3:1 " + said);
  CHECK(Loaded("a:\n  - b\n  \t- c: 1\n").first() == "3:3 " + said);
  CHECK(Loaded("a: |\n  \ttext\nb: [1,\n\t2]\n").diagnostics.all().empty());
}
