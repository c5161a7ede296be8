// What several operations change at a time, merged key by key.
#include "exec/instance_book.hpp"

#include <catch2/catch.hpp>

namespace {

using cfy::exec::InstanceBook;
using nlohmann::json;

InstanceBook make_book() {
  cfy::store::NodeInstance instance;
  instance.id = "web_1";
  instance.deployment_id = "d";
  instance.node_id = "web";
  instance.version = 3;
  instance.runtime_properties = {{"count", 1}, {"kept", true}};
  return InstanceBook({instance});
}

cfy::store::PropertiesDelta change(const std::string& writer, std::int64_t version, json set,
                                   std::vector<std::string> removed = {}) {
  cfy::store::PropertiesDelta delta;
  delta.deployment_id = "d";
  delta.instance_id = "web_1";
  delta.version = version;
  delta.set = std::move(set);
  delta.removed = std::move(removed);
  delta.writer = writer;
  return delta;
}

TEST_CASE("changes of different keys go together", "[instance_book]") {
  InstanceBook book = make_book();
  CHECK(book.merge_strictly(change("a", 3, {{"x", 1}})));
  CHECK(book.merge_strictly(change("b", 3, {{"y", 2}}, {"kept"})));
  CHECK(book.find("web_1")->runtime_properties == json{{"count", 1}, {"x", 1}, {"y", 2}});
  CHECK(book.find("web_1")->version == 5);
}

TEST_CASE("of two that set one key to the same value, a strict one is refused", "[instance_book]") {
  InstanceBook book = make_book();
  CHECK(book.merge_strictly(change("a", 3, {{"count", 2}})));
  const auto second = book.merge_strictly(change("b", 3, {{"count", 2}}));
  REQUIRE_FALSE(second);
  CHECK(second.error().kind() == cfy::base::ErrorKind::conflict);
  CHECK(second.error().message() ==
        "runtime properties of 'web_1' were changed by another operation meanwhile: count");
  CHECK(book.merge_strictly(change("b", 4, {{"count", 3}})));
  CHECK(book.find("web_1")->runtime_properties["count"] == 3);
}

TEST_CASE("an operation is in nobody's way but others'", "[instance_book]") {
  InstanceBook book = make_book();
  CHECK(book.merge_strictly(change("a", 3, {{"count", 2}})));
  CHECK(book.merge_strictly(change("a", 3, {{"count", 5}}, {"kept"})));
  CHECK_FALSE(book.merge_strictly(change("b", 3, json::object(), {"kept"})));
  CHECK(book.find("web_1")->runtime_properties == json{{"count", 5}});
}

}  // namespace
