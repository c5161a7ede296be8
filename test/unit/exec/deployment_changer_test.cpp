// What a modification does to the rows of a deployment: start, finish, rollback.
#include "exec/deployment_changer.hpp"

#include <catch2/catch.hpp>

#include "exec/instance_rows.hpp"
#include "plan/to_json.hpp"
#include "support/fake_clock.hpp"
#include "support/temp_dir.hpp"

using namespace cfy;
using nlohmann::json;

namespace {

plan::Node make_scaled_node(const std::string& id, int count) {
  plan::Node node;
  node.id = id;
  node.type = "cloudify.nodes.Root";
  node.type_hierarchy = std::make_shared<std::vector<std::string>>(1, node.type);
  node.scalable.default_instances = node.scalable.current_instances =
      node.scalable.planned_instances = count;
  return node;
}

/// lb -> web (connected), two webs; all of it stored.
struct ChangerFixture {
  ChangerFixture() {
    plan.version = "cloudify_dsl_1_4";
    plan.nodes = {make_scaled_node("web", 2), make_scaled_node("lb", 1)};
    plan::Relationship to_web;
    to_web.type = "cloudify.relationships.connected_to";
    to_web.type_hierarchy = std::make_shared<std::vector<std::string>>(
        std::vector<std::string>{"cloudify.relationships.depends_on", to_web.type});
    to_web.target_id = "web";
    to_web.properties = {{"connection_type", "all_to_all"}};
    plan.nodes[1].relationships.push_back(to_web);
    store::Deployment row;
    row.id = "shop";
    row.plan = plan::to_json(plan, plan::JsonForm::store);
    REQUIRE(store->deployments().create(row).ok());
    std::vector<store::NodeInstance> rows(3);
    rows[0].id = "web_1", rows[1].id = "web_2", rows[2].id = "lb_1";
    rows[0].node_id = rows[1].node_id = "web", rows[2].node_id = "lb";
    rows[0].index = rows[2].index = 1, rows[1].index = 2;
    for (auto& one : rows)
      one.deployment_id = "shop";
    rows[0].runtime_properties = {{"port", 80}};
    rows[2].relationships = {link("web_1"), link("web_2")};
    REQUIRE(store->node_instances().create(rows).ok());
  }
  static json link(const std::string& target) {
    return {{"type", "cloudify.relationships.connected_to"},
            {"target_name", "web"},
            {"target_id", target}};
  }
  exec::StoredChanger make_changer(bool is_dry_run = false) {
    auto row = store->deployments().get("shop");
    REQUIRE(row.ok());
    auto stored = plan::from_json(row->plan);
    REQUIRE(stored.ok());
    return exec::StoredChanger({store.get(), "shop", *stored, "e1", &clock, is_dry_run});
  }
  std::vector<std::string> ids() {
    std::vector<std::string> found;
    const auto rows = store->node_instances().list("shop");
    for (const auto& row : *rows)
      found.push_back(row.id);
    return found;
  }
  std::size_t links() { return store->node_instances().get("shop", "lb_1")->relationships.size(); }
  json planned() {
    return plan::from_json(store->deployments().get("shop")->plan)
        ->nodes[0]
        .scalable.planned_instances;
  }
  json current() {
    return plan::from_json(store->deployments().get("shop")->plan)
        ->nodes[0]
        .scalable.current_instances;
  }

  test::TempDir dir;
  test::FakeClock clock;
  std::unique_ptr<store::Store> store = *store::Store::open(dir.path() / "state");
  plan::Plan plan;
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a modification adds at its start, and its finish makes the number hold", "[exec]") {
  ChangerFixture f;
  auto changer = f.make_changer();
  const auto started = changer.start({{"web", {3, {}, {}}}});
  REQUIRE(started.ok());
  CHECK(f.ids().size() == 4);
  CHECK(f.links() == 3);
  CHECK(f.planned() == 3);
  CHECK(f.current() == 2);
  CHECK(started->lists.added_and_related.size() == 2);  // the web, and the lb for its link
  CHECK(f.store->modifications().find_started("shop")->has_value());
  REQUIRE(changer.finish(started->id).ok());
  CHECK(f.current() == 3);
  CHECK(f.store->modifications().get(started->id)->status == "finished");
}

TEST_CASE("what a modification removes stays until it is finished", "[exec]") {
  ChangerFixture f;
  auto changer = f.make_changer();
  const auto started = changer.start({{"web", {1, {"web_1"}, {}}}});
  REQUIRE(started.ok());
  CHECK(f.ids() == Ids{"web_1", "web_2", "lb_1"});
  CHECK(f.links() == 2);
  REQUIRE(changer.finish(started->id).ok());
  CHECK(f.ids() == Ids{"web_2", "lb_1"});
  CHECK(f.links() == 1);
}

TEST_CASE("a rollback makes everything as it was", "[exec]") {
  ChangerFixture f;
  auto changer = f.make_changer();
  const auto before = *f.store->node_instances().get("shop", "web_1");
  const auto started = changer.start({{"web", {4, {}, {}}}});
  REQUIRE(started.ok());
  auto web = *f.store->node_instances().get("shop", "web_1");
  web.state = "stopping";
  web.runtime_properties = {{"port", 81}, {"more", true}};
  REQUIRE(f.store->node_instances().update(web).ok());
  REQUIRE(changer.rollback(started->id).ok());
  CHECK(f.ids() == Ids{"web_1", "web_2", "lb_1"});
  CHECK(f.links() == 2);
  CHECK(f.planned() == 2);
  const auto after = *f.store->node_instances().get("shop", "web_1");
  CHECK(after.state == before.state);
  CHECK(after.runtime_properties == before.runtime_properties);
  CHECK(after.version > web.version);
  CHECK(f.store->modifications().get(started->id)->status == "rolledback");
}

TEST_CASE("a modification that died can be rolled back by somebody else", "[exec]") {
  ChangerFixture f;
  std::string id;
  {
    auto dying = f.make_changer();
    id = dying.start({{"web", {3, {}, {}}}})->id;
  }
  auto other = f.make_changer();
  const auto refused = other.start({{"web", {1, {}, {}}}});
  REQUIRE_FALSE(refused.ok());
  CHECK_THAT(refused.error().message(), Catch::Contains(id));
  CHECK(f.ids().size() == 4);  // the refused one has changed nothing
  REQUIRE(other.rollback(id).ok());
  CHECK(f.ids().size() == 3);
  CHECK_FALSE(other.rollback(id).ok());
  CHECK_FALSE(other.finish(id).ok());
}

TEST_CASE("a dry run shows a modification and stores nothing", "[exec]") {
  ChangerFixture f;
  auto changer = f.make_changer(true);
  const auto started = changer.start({{"web", {3, {}, {}}}});
  REQUIRE(started.ok());
  CHECK(changer.instances().size() == 4);
  CHECK(f.ids().size() == 3);
  CHECK_FALSE(f.store->modifications().find_started("shop")->has_value());
  REQUIRE(changer.finish(started->id).ok());
  CHECK(changer.instances().size() == 4);
  CHECK(f.current() == 2);
}

TEST_CASE("a second modification goes on from the numbers of the first", "[exec]") {
  ChangerFixture f;
  auto changer = f.make_changer();
  REQUIRE(changer.finish(changer.start({{"web", {3, {}, {}}}})->id).ok());
  auto next = f.make_changer();
  const auto started = next.start({{"lb", {2, {}, {}}}});
  REQUIRE(started.ok());
  CHECK(started->lists.removed_and_related.empty());
  CHECK(f.ids().size() == 5);
}

TEST_CASE("impossible modifications are refused with what is wrong", "[exec]") {
  ChangerFixture f;
  auto changer = f.make_changer();
  CHECK_THAT(
      changer.start({{"wbe", {3, {}, {}}}}).error().message(),
      Catch::Equals("there is no node or scaling group 'wbe' to modify; did you mean 'web'?"));
  CHECK_THAT(changer.start({{"nothing", {3, {}, {}}}}).error().message(),
             Catch::Equals("there is no node or scaling group 'nothing' to modify"));
  CHECK_THAT(changer.start({{"web", {-1, {}, {}}}}).error().message(),
             Catch::Contains("cannot have -1 instances"));
  CHECK(f.ids().size() == 3);
}
