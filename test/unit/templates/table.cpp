#include "table.hpp"

#include <catch2/catch.hpp>

#include "templates/render.hpp"

namespace cfy::test {
namespace {

const nlohmann::json kVariables = nlohmann::json::parse(R"({
  "name": "web", "empty": "", "zero": 0, "port": 8080, "ratio": 1.5, "yes": true, "nothing": null,
  "list": [3, 1, 2], "words": ["b", "a", "C"], "map": {"a": 1, "b": 2}, "umlaut": "äÖ",
  "nodes": [{"id": "n1", "up": true, "ip": {"v4": "10.0.0.1"}}, {"id": "n2", "up": false, "ip": {"v4": "10.0.0.2"}}],
  "ctx": {"node": {"properties": {"port": 80, "a-b": "dashed"}}, "instance": {"id": "web_1"}},
  "tree": [{"n": "a", "kids": [{"n": "b", "kids": []}]}, {"n": "c", "kids": []}]
})");

}  // namespace

void check_table(const std::vector<Row>& table) {
  for (const Row& row : table) {
    INFO(row.text);
    const auto rendered = templates::render("t", row.text, kVariables);
    CHECK((rendered ? *rendered : "error: " + rendered.error().message()) == row.expected);
  }
}

}  // namespace cfy::test
