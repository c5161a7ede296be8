#include "store_fixture.hpp"

using namespace cfy::store;
using cfy::base::ErrorKind;

namespace {

Modification make_modification(std::string id) {
  Modification modification;
  modification.id = std::move(id);
  modification.deployment_id = "shop-1";
  modification.execution_id = "e1";
  modification.changes = {{"web", {{"instances", 2}}}};
  modification.added = {"web_2"};
  modification.instances_before = json::array({{{"id", "web_1"},
                                                {"node_id", "web"},
                                                {"index", 1},
                                                {"host_id", nullptr},
                                                {"state", "started"},
                                                {"version", 3},
                                                {"runtime_properties", json::object()},
                                                {"system_properties", json::object()},
                                                {"relationships", json::array()},
                                                {"scaling_groups", json::array()}}});
  modification.created_ms = 5;
  return modification;
}

}  // namespace

TEST_CASE("a modification reads back whole", "[store]") {
  StoreFixture f;
  must(f.store->modifications().create(make_modification("m1")));
  const Modification read = must(f.store->modifications().find("m"));
  CHECK(read.id == "m1");
  CHECK(read.status == "started");
  CHECK(read.changes["web"]["instances"] == 2);
  CHECK(read.added == json{"web_2"});
  CHECK(read.instances_before[0]["id"] == "web_1");
  CHECK_FALSE(read.ended_ms.has_value());
  CHECK(must(f.store->modifications().list("shop-1")).size() == 1);
  CHECK(must(f.store->modifications().list("other")).empty());
}

TEST_CASE("one modification of a deployment at a time, and the refusal names it", "[store]") {
  StoreFixture f;
  must(f.store->modifications().create(make_modification("m1")));
  const auto error = error_of(f.store->modifications().create(make_modification("m2")));
  CHECK(error.kind() == ErrorKind::conflict);
  CHECK_THAT(error.message(), Catch::Contains("is started already: m1 (by execution e1)"));
  must(f.store->modifications().end("m1", "finished", 9));
  CHECK_FALSE(must(f.store->modifications().find_started("shop-1")).has_value());
  must(f.store->modifications().create(make_modification("m2")));
}

TEST_CASE("a modification ends once", "[store]") {
  StoreFixture f;
  must(f.store->modifications().create(make_modification("m1")));
  must(f.store->modifications().end("m1", "rolledback", 9));
  CHECK(must(f.store->modifications().get("m1")).ended_ms == 9);
  CHECK_THAT(error_of(f.store->modifications().end("m1", "finished", 10)).message(),
             Catch::Contains("has ended already: it is rolledback"));
  CHECK(error_of(f.store->modifications().end("m9", "finished", 10)).kind() ==
        ErrorKind::not_found);
}
