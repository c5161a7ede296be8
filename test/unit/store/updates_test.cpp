// Updates of deployments: one is started at a time, a later one takes it over.
#include "store_fixture.hpp"

using namespace cfy::store;
using cfy::base::ErrorKind;

namespace {

Update make_update(std::string id) {
  Update update;
  update.id = std::move(id);
  update.deployment_id = "shop-1";
  update.execution_id = "e1";
  update.blueprint_before = "/shop/blueprint.yaml";
  update.added = {"web_1"};
  update.links = {{"lb_1", {{{"type", "uses"}, {"target_name", "db"}, {"target_id", "db_1"}}}}};
  update.created_ms = 5;
  return update;
}

}  // namespace

TEST_CASE("an update is started until it is finished", "[store]") {
  StoreFixture f;
  Updates& updates = f.store->updates();
  must(updates.create(make_update("u1")));
  const auto started = must(updates.find_started("shop-1"));
  REQUIRE(started.has_value());
  CHECK(started->added == json{"web_1"});
  CHECK(started->links == make_update("u1").links);
  CHECK(started->blueprint_before == "/shop/blueprint.yaml");
  CHECK_FALSE(must(updates.find_started("other")).has_value());
  must(updates.finish("u1", 7));
  CHECK_FALSE(must(updates.find_started("shop-1")).has_value());
  CHECK(must(updates.list("shop-1")).front().ended_ms == 7);
  CHECK(error_of(updates.finish("u1", 8)).kind() == ErrorKind::conflict);
}

TEST_CASE("a later update takes over one that did not end", "[store]") {
  StoreFixture f;
  Updates& updates = f.store->updates();
  must(updates.create(make_update("u1")));
  must(updates.create(make_update("u2")));
  CHECK(must(updates.find_started("shop-1"))->id == "u2");
  CHECK(must(updates.list("shop-1")).front().status == "continued");
  CHECK(error_of(updates.finish("u1", 7)).kind() == ErrorKind::conflict);
}
