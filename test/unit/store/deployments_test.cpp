#include "store_fixture.hpp"

using namespace cfy::store;
using cfy::base::ErrorKind;

TEST_CASE("a deployment reads back as it was created", "[store]") {
  StoreFixture f;
  const Deployment read = must(f.store->deployments().get("shop-1"));
  CHECK(read.blueprint_id == "shop");
  CHECK(read.blueprint_path == "/home/me/shop/blueprint.yaml");
  CHECK(read.inputs == json{{"port", 80}});
  CHECK(read.plan == json{{"nodes", json::array()}});
  CHECK(read.created_ms == 1000);
}

TEST_CASE("a deployment's id is given once", "[store]") {
  StoreFixture f;
  const auto error = error_of(f.store->deployments().create(make_deployment("shop-1")));
  CHECK(error.kind() == ErrorKind::conflict);
  CHECK(error.message() ==
        "the deployment 'shop-1' exists already (blueprint /home/me/shop/blueprint.yaml)");
}

TEST_CASE("an unknown deployment is refused with the near name", "[store]") {
  StoreFixture f;
  const auto error = error_of(f.store->deployments().get("shp-1"));
  CHECK(error.kind() == ErrorKind::not_found);
  CHECK(error.message() == "there is no deployment 'shp-1'; did you mean 'shop-1'?");
  CHECK(error_of(f.store->deployments().update(make_deployment("other"))).message() ==
        "there is no deployment 'other'");
  CHECK_FALSE(must(f.store->deployments().find("shp-1")).has_value());
}

TEST_CASE("deployments are listed by id, without their plans", "[store]") {
  StoreFixture f;
  must(f.store->deployments().create(make_deployment("a")));
  const auto all = must(f.store->deployments().list());
  REQUIRE(all.size() == 2);
  CHECK(all[0].id == "a");
  CHECK(all[1].id == "shop-1");
  CHECK(all[0].plan.is_null());
}

TEST_CASE("an update changes a deployment's blueprint, inputs and plan", "[store]") {
  StoreFixture f;
  Deployment changed = make_deployment("shop-1");
  changed.inputs = {{"port", 8080}};
  changed.plan = {{"nodes", {1}}};
  changed.updated_ms = 5000;
  must(f.store->deployments().update(changed));
  const Deployment read = must(f.store->deployments().get("shop-1"));
  CHECK(read.inputs["port"] == 8080);
  CHECK(read.plan["nodes"].size() == 1);
  CHECK(read.updated_ms == 5000);
  CHECK(read.created_ms == 1000);
}

TEST_CASE("a removed deployment takes all that belongs to it along", "[store]") {
  StoreFixture f;
  const std::vector<NodeInstance> instances = {make_instance("web_1")};
  must(f.store->node_instances().create(instances));
  const GraphId graph = must(f.store->operations().create_graph("e1", "main", 1));
  must(f.store->operations().add(graph, {}));
  cfy::event::Event event;
  event.context.execution_id = "e1";
  must(f.store->events().append({&event, 1}));
  must(f.store->locks().take({"shop-1", "e1", 1}));

  must(f.store->deployments().remove("shop-1"));
  CHECK(must(f.store->deployments().list()).empty());
  CHECK(must(f.store->node_instances().list("shop-1")).empty());
  CHECK(must(f.store->executions().list()).empty());
  CHECK(must(f.store->operations().list(graph)).empty());
  CHECK(must(f.store->events().read_after("e1", 0, 10)).empty());
  CHECK_FALSE(must(f.store->locks().find("shop-1")).has_value());
  CHECK(error_of(f.store->deployments().remove("shop-1")).kind() == ErrorKind::not_found);
}

TEST_CASE("bytes that are no text survive as readable escapes or replacements", "[store]") {
  StoreFixture f;
  Deployment odd = make_deployment("odd");
  odd.inputs = {{"key", "caf\xff"}};
  must(f.store->deployments().create(odd));
  CHECK(must(f.store->deployments().get("odd")).inputs["key"] == "caf\xEF\xBF\xBD");
}
