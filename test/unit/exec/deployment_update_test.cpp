// What an update does to the rows of a deployment, and what it leaves when it is cut off.
#include "exec/deployment_update.hpp"

#include <map>

#include <catch2/catch.hpp>

#include "deploy/plan_merge.hpp"
#include "exec/instance_rows.hpp"
#include "plan/to_json.hpp"
#include "support/fake_clock.hpp"
#include "support/temp_dir.hpp"

using namespace cfy;
using base::ErrorKind;
using nlohmann::json;

namespace {

plan::Node make_updated_node(const std::string& id, const std::vector<std::string>& targets = {}) {
  plan::Node node;
  node.id = id;
  node.type = "t";
  node.type_hierarchy = std::make_shared<std::vector<std::string>>(1, node.type);
  for (const std::string& target : targets) {
    plan::Relationship one;
    one.type = "cloudify.relationships.connected_to";
    one.type_hierarchy = std::make_shared<std::vector<std::string>>(
        std::vector<std::string>{"cloudify.relationships.depends_on", one.type});
    one.target_id = target;
    one.properties = {{"connection_type", "all_to_all"}};
    node.relationships.push_back(one);
  }
  return node;
}

/// a, b -> a, all started. The new plan: a -> c, c; b is gone, and a has other properties.
struct UpdateFixture {
  UpdateFixture() {
    before.nodes = {make_updated_node("a"), make_updated_node("b", {"a"})};
    after.nodes = {make_updated_node("a", {"c"}), make_updated_node("c")};
    row.id = "shop";
    row.blueprint_path = "/old/blueprint.yaml";
    row.plan = plan::to_json(before, plan::JsonForm::store);
    REQUIRE(store->deployments().create(row).ok());
    std::vector<store::NodeInstance> rows(2);
    rows[0].id = "a_1", rows[1].id = "b_1";
    rows[0].node_id = "a", rows[1].node_id = "b";
    for (auto& one : rows) {
      one.deployment_id = "shop";
      one.index = 1;
      one.state = "started";
    }
    rows[0].runtime_properties = {{"port", 80}};
    rows[1].relationships = {{{"type", "cloudify.relationships.connected_to"},
                              {"target_name", "a"},
                              {"target_id", "a_1"}}};
    REQUIRE(store->node_instances().create(rows).ok());
  }

  /// A run of it that has begun, over what is stored now.
  struct Run {
    std::unique_ptr<exec::StoredChanger> changer;
    std::unique_ptr<exec::StoredUpdate> update;
  };
  Run prepare(bool is_dry_run = false) {
    const auto now = *store->deployments().get("shop");
    exec::UpdateSetup setup;
    setup.after = after;
    setup.changed_nodes = changed;
    setup.before = now;
    Run run;
    run.changer = std::make_unique<exec::StoredChanger>(exec::ChangerSetup{
        store.get(), "shop", deploy::merge_plans(*plan::from_json(now.plan), after), "e1", &clock,
        is_dry_run});
    run.update = std::make_unique<exec::StoredUpdate>(
        std::move(setup), exec::UpdateParts{store.get(), run.changer.get(), "e1", &clock});
    return run;
  }
  Run begin(bool is_dry_run = false) {
    Run run = prepare(is_dry_run);
    store::Deployment next = row;
    next.blueprint_path = "/new/blueprint.yaml";
    next.source_digest = "digest";
    REQUIRE(run.update->begin(next).ok());
    return run;
  }
  std::map<std::string, store::NodeInstance> rows() {
    std::map<std::string, store::NodeInstance> found;
    const auto rows = store->node_instances().list("shop");
    for (const auto& one : *rows)
      found.emplace(one.node_id, one);
    return found;
  }
  std::vector<std::string> nodes() {
    std::vector<std::string> ids;
    const auto stored = plan::from_json(store->deployments().get("shop")->plan);
    for (const auto& node : stored->nodes)
      ids.push_back(node.id);
    return ids;
  }
  void set_state(const std::string& id, const char* state) {
    REQUIRE(store->node_instances().set_state("shop", id, state).ok());
  }
  static std::size_t count(const std::vector<deploy::ModifiedInstance>& list, deploy::Fate fate) {
    std::size_t found = 0;
    for (const auto& one : list)
      found += one.fate == fate ? 1 : 0;
    return found;
  }

  test::TempDir dir;
  test::FakeClock clock;
  std::unique_ptr<store::Store> store = *store::Store::open(dir.path() / "state");
  plan::Plan before, after;
  store::Deployment row;
  std::vector<std::string> changed = {"a"};
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("an update stores the new plan, and all that is to be done, before it runs", "[exec]") {
  UpdateFixture f;
  const auto run = f.begin();
  const auto rows = f.rows();
  CHECK(f.nodes() == Names{"a", "c", "b"});
  REQUIRE(rows.size() == 3);
  CHECK(rows.at("c").state == "uninitialized");
  CHECK(rows.at("a").relationships.size() == 1);
  CHECK(rows.at("a").runtime_properties == json{{"port", 80}});
  CHECK(rows.at("a").system_properties.at("configuration_drift").at("result") == true);
  CHECK(rows.at("b").relationships.size() == 1);
  CHECK(run.update->lists().changed == Names{"a_1"});
  CHECK(f.store->deployments().get("shop")->blueprint_path == "/new/blueprint.yaml");
  const auto started = *f.store->updates().find_started("shop");
  REQUIRE(started.has_value());
  CHECK(started->added == json{rows.at("c").id});
  CHECK(started->standing == json{"a_1", "b_1"});
  CHECK(started->links.contains("a_1"));
}

TEST_CASE("what an update removed goes when it is down, and the end leaves the new plan",
          "[exec]") {
  UpdateFixture f;
  const auto run = f.begin();
  REQUIRE(run.update->forget_removed().ok());
  CHECK(f.rows().count("b") == 0);
  CHECK(f.nodes() == Names{"a", "c", "b"});
  REQUIRE(run.update->finish().ok());
  CHECK(f.nodes() == Names{"a", "c"});
  CHECK(f.store->deployments().get("shop")->source_digest == "digest");
  CHECK(f.rows().at("a").system_properties.empty());
  CHECK_FALSE(f.store->updates().find_started("shop")->has_value());
}

TEST_CASE("the end of an update forgets what was not taken down as well", "[exec]") {
  UpdateFixture f;
  const auto run = f.begin();
  REQUIRE(run.update->finish().ok());
  CHECK(f.rows().count("b") == 0);
}

TEST_CASE("an update that was cut off is gone on with by the next one", "[exec]") {
  UpdateFixture f;
  const std::string first = f.begin().update->lists().id;
  f.set_state("b_1", "deleted");
  f.set_state("a_1", "deleted");
  f.changed.clear();  // the plans are the same now
  const auto run = f.begin();
  const auto& lists = run.update->lists();
  CHECK(f.count(lists.instances.added_and_related, deploy::Fate::added) == 1);
  CHECK(f.count(lists.instances.removed_and_related, deploy::Fate::removed) == 1);
  CHECK(lists.interrupted == Names{"a_1"});
  CHECK(lists.changed.empty());
  CHECK(run.update->blueprint_before() == "/old/blueprint.yaml");
  CHECK(f.rows().size() == 3);
  CHECK(f.store->updates().list("shop")->front().id == first);
  CHECK(f.store->updates().list("shop")->front().status == "continued");
}

TEST_CASE("what was done of an update that was cut off is not done again", "[exec]") {
  UpdateFixture f;
  const auto cut_off = f.begin();
  REQUIRE(cut_off.update->forget_removed().ok());
  f.set_state(f.rows().at("c").id, "started");
  REQUIRE(f.store->node_instances().set_system_properties("shop", "a_1", json::object()).ok());
  f.changed.clear();
  const auto run = f.begin();
  const auto& lists = run.update->lists();
  CHECK(f.count(lists.instances.added_and_related, deploy::Fate::added) == 0);
  CHECK(f.count(lists.instances.removed_and_related, deploy::Fate::removed) == 0);
  CHECK(lists.changed.empty());
  CHECK(lists.interrupted.empty());
  // Nobody said that a -> c was established.
  CHECK(f.count(lists.instances.extended_and_related, deploy::Fate::extended) == 1);
}

TEST_CASE("what changed and was not updated is still to be", "[exec]") {
  UpdateFixture f;
  (void)f.begin();
  f.changed.clear();
  CHECK(f.begin().update->lists().changed == Names{"a_1"});
}

TEST_CASE("a dry run of an update stores nothing", "[exec]") {
  UpdateFixture f;
  const auto run = f.begin(true);
  CHECK(run.changer->instances().size() == 3);
  REQUIRE(run.update->forget_removed().ok());
  CHECK(run.changer->instances().size() == 2);
  REQUIRE(run.update->finish().ok());
  CHECK(f.rows().size() == 2);
  CHECK(f.nodes() == Names{"a", "b"});
  CHECK_FALSE(f.store->updates().find_started("shop")->has_value());
}

TEST_CASE("an update of what changed meanwhile, or is being modified, is refused", "[exec]") {
  UpdateFixture f;
  const auto late = f.prepare();
  auto now = *f.store->deployments().get("shop");
  now.updated_ms += 1;
  REQUIRE(f.store->deployments().update(now).ok());
  CHECK(late.update->begin(f.row).error().kind() == ErrorKind::conflict);

  store::Modification modification;
  modification.id = "m1";
  modification.deployment_id = "shop";
  REQUIRE(f.store->modifications().create(modification).ok());
  const auto refused = f.prepare().update->begin(f.row);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message().find("modifications rollback m1") != std::string::npos);
}
