#include "store_fixture.hpp"

using namespace cfy::store;
using cfy::base::ErrorKind;

namespace {

struct InstanceFixture : StoreFixture {
  InstanceFixture() {
    NodeInstance web = make_instance("web_1");
    web.host_id = "vm_1";
    web.index = 1;
    web.runtime_properties = {{"ip", "10.0.0.1"}, {"port", 80}};
    web.relationships =
        json::array({{{"type", "t"}, {"target_name", "vm"}, {"target_id", "vm_1"}}});
    const std::vector<NodeInstance> instances = {make_instance("vm_1"), web};
    must(store->node_instances().create(instances));
  }
  NodeInstances& instances() { return store->node_instances(); }
  NodeInstance web() { return must(instances().get("shop-1", "web_1")); }
  static PropertiesDelta delta(std::int64_t version, json set,
                               std::vector<std::string> removed = {}, std::string writer = "") {
    return {"shop-1", "web_1", version, std::move(set), std::move(removed), std::move(writer)};
  }
};

}  // namespace

TEST_CASE("node instances read back whole and in order of creation", "[store]") {
  InstanceFixture f;
  const auto all = must(f.instances().list("shop-1"));
  REQUIRE(all.size() == 2);
  CHECK(all[0].id == "vm_1");
  CHECK_FALSE(all[0].host_id.has_value());
  const NodeInstance& web = all[1];
  CHECK(web.id == "web_1");
  CHECK(web.host_id == "vm_1");
  CHECK(web.index == 1);
  CHECK(web.state == "uninitialized");
  CHECK(web.version == 1);
  CHECK(web.runtime_properties["ip"] == "10.0.0.1");
  CHECK(web.relationships[0]["target_id"] == "vm_1");
}

TEST_CASE("node instances are created all or none", "[store]") {
  InstanceFixture f;
  const std::vector<NodeInstance> more = {make_instance("db_1"), make_instance("web_1")};
  const auto error = error_of(f.instances().create(more));
  CHECK(error.kind() == ErrorKind::conflict);
  CHECK(error.message() == "the node instance 'web_1' exists already in 'shop-1'");
  CHECK(must(f.instances().list("shop-1")).size() == 2);
}

TEST_CASE("the same instance id may occur in two deployments", "[store]") {
  InstanceFixture f;
  must(f.store->deployments().create(make_deployment("other")));
  const std::vector<NodeInstance> twin = {make_instance("web_1", "other")};
  must(f.instances().create(twin));
  must(f.instances().set_state("other", "web_1", "started"));
  CHECK(f.web().state == "uninitialized");
}

TEST_CASE("each store adds one to the version", "[store]") {
  InstanceFixture f;
  must(f.instances().set_state("shop-1", "web_1", "creating"));
  CHECK(f.web().version == 2);
  CHECK(f.web().state == "creating");
  CHECK(must(f.instances().apply(f.delta(2, {{"ip", "10.0.0.2"}}))) == 3);
  CHECK(must(f.instances().update(f.web())) == 4);
  CHECK(f.web().version == 4);
}

TEST_CASE("an instance read before somebody else's store is refused", "[store]") {
  InstanceFixture f;
  NodeInstance mine = f.web(), theirs = f.web();
  theirs.runtime_properties["ip"] = "10.0.0.9";
  must(f.instances().update(theirs));
  mine.runtime_properties["port"] = 81;
  const auto error = error_of(f.instances().update(mine));
  CHECK(error.kind() == ErrorKind::conflict);
  CHECK(error.message() ==
        "the node instance 'web_1' was changed by somebody else: version 1 was read, version 2 is "
        "stored");
  CHECK(f.web().runtime_properties == json{{"ip", "10.0.0.9"}, {"port", 80}});
}

TEST_CASE("a delta sets and removes keys", "[store]") {
  InstanceFixture f;
  CHECK(must(f.instances().apply(f.delta(1, {{"a", {1, 2}}}, {"port", "absent"}))) == 2);
  CHECK(f.web().runtime_properties == json{{"ip", "10.0.0.1"}, {"a", {1, 2}}});
}

TEST_CASE("an empty delta changes nothing, not even the version", "[store]") {
  InstanceFixture f;
  CHECK(must(f.instances().apply(f.delta(1, json::object()))) == 1);
}

TEST_CASE("deltas of different keys against one version are merged", "[store]") {
  InstanceFixture f;
  must(f.instances().apply(f.delta(1, {{"a", 1}})));
  must(f.instances().apply(f.delta(1, {{"b", 2}}, {"port"})));
  CHECK(f.web().runtime_properties == json{{"ip", "10.0.0.1"}, {"a", 1}, {"b", 2}});
}

TEST_CASE("a key that two changed is a conflict that stores nothing", "[store]") {
  InstanceFixture f;
  must(f.instances().apply(f.delta(1, {{"ip", "10.0.0.2"}}, {"port"})));
  const auto error =
      error_of(f.instances().apply(f.delta(1, {{"ip", "10.0.0.3"}, {"port", 1}, {"new", 1}})));
  CHECK(error.kind() == ErrorKind::conflict);
  CHECK(error.message() ==
        "runtime properties of 'web_1' were changed by somebody else meanwhile: ip, port "
        "(version 1 was read, version 2 is stored)");
  CHECK(error_of(f.instances().apply(f.delta(1, json::object(), {"ip"}))).kind() ==
        ErrorKind::conflict);
  CHECK(f.web().runtime_properties == json{{"ip", "10.0.0.2"}});
  CHECK(f.web().version == 2);
}

TEST_CASE("two who change a key to the same value do not conflict", "[store]") {
  InstanceFixture f;
  must(f.instances().apply(f.delta(1, {{"ip", "10.0.0.2"}}, {"port"})));
  must(f.instances().apply(f.delta(1, {{"ip", "10.0.0.2"}}, {"port"})));
}

TEST_CASE("a changed state is no conflict for a delta", "[store]") {
  InstanceFixture f;
  must(f.instances().set_state("shop-1", "web_1", "started"));
  CHECK(must(f.instances().apply(f.delta(1, {{"ip", "10.0.0.2"}}))) == 3);
  CHECK(f.web().state == "started");
}

TEST_CASE("system properties are replaced as a whole, and nothing else changes", "[store]") {
  InstanceFixture f;
  must(f.instances().set_system_properties("shop-1", "web_1", {{"a", 1}, {"b", 2}}));
  must(f.instances().set_system_properties("shop-1", "web_1", {{"a", 3}}));
  CHECK(f.web().system_properties == nlohmann::json{{"a", 3}});
  CHECK(f.web().state == "uninitialized");
  CHECK(f.web().version == 3);
  CHECK(must(f.instances().apply(f.delta(1, {{"ip", "10.0.0.2"}}))) == 4);
}

TEST_CASE("one writer's later delta may change its own keys again", "[store]") {
  InstanceFixture f;
  must(f.instances().apply(f.delta(1, {{"ip", "early"}}, {}, "t1/0")));
  must(f.instances().apply(f.delta(1, {{"ip", "final"}}, {}, "t1/0")));
  CHECK(f.web().runtime_properties["ip"] == "final");
  CHECK(error_of(f.instances().apply(f.delta(1, {{"ip", "x"}}, {}, "t2/0"))).kind() ==
        ErrorKind::conflict);
}

TEST_CASE("what an update of the whole instance changed conflicts with an older delta", "[store]") {
  InstanceFixture f;
  NodeInstance whole = f.web();
  whole.runtime_properties = {{"ip", "10.0.0.1"}, {"port", 81}};
  must(f.instances().update(whole));
  CHECK(error_of(f.instances().apply(f.delta(1, {{"port", 82}}))).kind() == ErrorKind::conflict);
  must(f.instances().apply(f.delta(1, {{"ip", "10.0.0.2"}})));
}

TEST_CASE("an instance that is not there is named", "[store]") {
  InstanceFixture f;
  for (const auto& error : {error_of(f.instances().get("shop-1", "db_1")),
                            error_of(f.instances().set_state("shop-1", "db_1", "started")),
                            error_of(f.instances().set_system_properties("shop-1", "db_1", {})),
                            error_of(f.instances().update(make_instance("db_1"))),
                            error_of(f.instances().remove("shop-1", "db_1"))}) {
    CHECK(error.kind() == ErrorKind::not_found);
    CHECK(error.message() == "the deployment 'shop-1' has no node instance 'db_1'");
  }
}

TEST_CASE("a removed instance is gone", "[store]") {
  InstanceFixture f;
  must(f.instances().remove("shop-1", "web_1"));
  CHECK(must(f.instances().list("shop-1")).size() == 1);
}
