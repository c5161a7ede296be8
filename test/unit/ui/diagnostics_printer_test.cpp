#include "ui/diagnostics_printer.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "support/memory_stream.hpp"
#include "ui/source_excerpt.hpp"

using namespace cfy::ui;
using cfy::base::Diagnostic;
using cfy::base::Diagnostics;
using cfy::base::FileId;
using cfy::base::Severity;
using cfy::base::SourceMap;
using nlohmann::json;

namespace {

struct Sources {
  Sources() { file = map.add("blueprint.yaml", "node_templates:\n  web:\n    type: WebServr\n"); }
  Diagnostic unknown_type() const {
    Diagnostic diagnostic;
    diagnostic.code = 7;
    diagnostic.type = "DSLParsingLogicException";
    diagnostic.message = "node template 'web' has unknown type 'WebServr'";
    diagnostic.range = {file, 3, 11, 3, 19};
    diagnostic.path = "node_templates.web.type";
    diagnostic.hint = "did you mean 'WebServer'?";
    diagnostic.notes.push_back({"the node template begins here", {file, 2, 3, 2, 6}});
    return diagnostic;
  }
  std::string excerpt(const std::string& line, std::uint32_t column, std::uint32_t end_column,
                      std::size_t width) {
    const FileId id = map.add("x.yaml", line);
    return source_excerpt(map, {id, 1, column, 1, end_column}, width);
  }
  SourceMap map;
  FileId file{};
};

std::string printed(const Diagnostics& diagnostics, const SourceMap& map) {
  cfy::test::MemoryStream stream;
  print_diagnostics(stream.file(), diagnostics, map, {});
  return stream.text();
}

}  // namespace

TEST_CASE("a mistake shows its place, its line, a caret and what would be right", "[ui]") {
  const Sources s;
  CHECK(to_text(s.unknown_type(), s.map, {}) ==
        "blueprint.yaml:3:11: error: node template 'web' has unknown type 'WebServr'\n"
        "    3 |     type: WebServr\n"
        "      |           ^^^^^^^^\n"
        "  note: did you mean 'WebServer'?\n"
        "  note: the node template begins here  blueprint.yaml:2:3\n");
}

TEST_CASE("a mistake of a whole file, and one of no file", "[ui]") {
  const Sources s;
  Diagnostic diagnostic;
  diagnostic.message = "it is empty";
  diagnostic.range.file = s.file;
  CHECK(to_text(diagnostic, s.map, {}) == "blueprint.yaml: error: it is empty\n");
  diagnostic.range = {};
  diagnostic.severity = Severity::warning;
  CHECK(to_text(diagnostic, s.map, {}) == "warning: it is empty\n");
}

TEST_CASE("the last line counts and says what follows", "[ui]") {
  const Sources s;
  const auto last_line = [&](int errors, int warnings) {
    Diagnostics diagnostics;
    for (int i = 0; i < errors + warnings; ++i) {
      Diagnostic diagnostic;
      diagnostic.severity = i < errors ? Severity::error : Severity::warning;
      diagnostics.add(diagnostic);
    }
    const std::string text = printed(diagnostics, s.map);
    return text.empty() ? text : text.substr(text.rfind('\n', text.size() - 2) + 1);
  };
  CHECK(last_line(1, 0) == "1 error; nothing was started\n");
  CHECK(last_line(2, 0) == "2 errors; nothing was started\n");
  CHECK(last_line(2, 1) == "2 errors, 1 warning; nothing was started\n");
  CHECK(last_line(0, 3) == "3 warnings\n");
  CHECK(last_line(0, 0).empty());
}

TEST_CASE("colours are used when there are any", "[ui]") {
  const Sources s;
  const std::string text = to_text(s.unknown_type(), s.map, {true, 0});
  CHECK(text.find("\x1b[1mblueprint.yaml:3:11:\x1b[0m \x1b[91merror:\x1b[0m node") == 0);
}

TEST_CASE("a long line is cut around the caret", "[ui]") {
  Sources s;
  const std::string line = std::string(300, 'a') + "HERE" + std::string(300, 'b');
  const std::string text = s.excerpt(line, 301, 305, 60);
  const std::string first = text.substr(0, text.find('\n'));
  const std::string second = text.substr(text.find('\n') + 1);
  CHECK(first.size() <= 60);
  CHECK(first.find("    1 | ... aaa") == 0);
  CHECK(first.find("bbb ...") != std::string::npos);
  CHECK(second.find('^') == first.find("HERE"));
  CHECK(second.find("^^^^\n") != std::string::npos);
  CHECK(second.find("^^^^^") == std::string::npos);
}

TEST_CASE("lines in pipes are cut too, or one line could be megabytes", "[ui]") {
  Sources s;
  const std::string text = s.excerpt(std::string(10'000'000, '['), 9'000'000, 0, 0);
  CHECK(text.size() < 400);
  CHECK(text.find('^') != std::string::npos);
}

TEST_CASE("the caret counts characters, tabs and letters of all scripts as one", "[ui]") {
  Sources s;
  CHECK(s.excerpt("\tgrün: \x01x", 8, 9, 80) ==
        "    1 |  grün: ?x\n"
        "      |        ^\n");
}

TEST_CASE("the caret may stand after the end of a line", "[ui]") {
  Sources s;
  CHECK(s.excerpt("key:", 5, 5, 80) ==
        "    1 | key:\n"
        "      |     ^\n");
  CHECK(s.excerpt("", 1, 1, 80) ==
        "    1 | \n"
        "      | ^\n");
}

TEST_CASE("a stretch of several lines is marked to the end of the first", "[ui]") {
  Sources s;
  CHECK(source_excerpt(s.map, {s.file, 2, 3, 3, 19}, 80) ==
        "    2 |   web:\n"
        "      |   ^^^^\n");
}

TEST_CASE("the JSON form has all that is known", "[ui]") {
  const Sources s;
  Diagnostics diagnostics;
  diagnostics.add(s.unknown_type());
  Diagnostic warning;
  warning.severity = Severity::warning;
  warning.message = "w";
  diagnostics.add(warning);
  CHECK(to_json(diagnostics, s.map) == json::parse(R"({
    "ok": false,
    "errors": [{"code": 7, "type": "DSLParsingLogicException",
                "message": "node template 'web' has unknown type 'WebServr'",
                "file": "blueprint.yaml", "line": 3, "column": 11,
                "path": "node_templates.web.type", "hint": "did you mean 'WebServer'?",
                "notes": [{"message": "the node template begins here",
                           "file": "blueprint.yaml", "line": 2, "column": 3}]}],
    "warnings": [{"code": null, "type": null, "message": "w", "file": null, "line": null,
                  "column": null, "path": null, "hint": null, "notes": []}]
  })"));
}

TEST_CASE("warnings alone are no failure", "[ui]") {
  const Sources s;
  CHECK(to_json(Diagnostics(), s.map) ==
        json{{"ok", true}, {"errors", json::array()}, {"warnings", json::array()}});
}

TEST_CASE("an error of the world has the same shape", "[ui]") {
  const cfy::base::Error error(cfy::base::ErrorKind::state, "the database is locked");
  const json record = to_json(error);
  CHECK(record["ok"] == false);
  CHECK(record["errors"][0]["type"] == "state");
  CHECK(record["errors"][0]["message"] == "the database is locked");
  cfy::test::MemoryStream stream;
  print_error(stream.file(), error, {});
  CHECK(stream.text() == "error: the database is locked\n");
}
