#include "exec/snapshot.hpp"

#include <catch2/catch.hpp>

#include "exec/kwargs.hpp"
#include "executor_fixture.hpp"

using cfy::exec::merge_kwargs;
using cfy::exec::Snapshot;
using nlohmann::json;
namespace plan = cfy::plan;

namespace {

plan::Node make_node(const std::string& id, std::vector<plan::Relationship> relationships = {}) {
  plan::Node node;
  node.id = id;
  node.type = "t";
  node.type_hierarchy = std::make_shared<std::vector<std::string>>(1, "t");
  node.relationships = std::move(relationships);
  return node;
}

plan::Relationship relate(const std::string& type, const std::string& target) {
  plan::Relationship relationship;
  relationship.type = type;
  relationship.type_hierarchy = std::make_shared<std::vector<std::string>>(1, type);
  relationship.target_id = target;
  return relationship;
}

}  // namespace

TEST_CASE("instances come in blueprint order, then by index", "[exec]") {
  plan::Plan plan;
  plan.nodes = {make_node("z"), make_node("a")};
  const Snapshot snapshot(
      plan, {cfy::test::make_instance("a", "a_1", 1), cfy::test::make_instance("z", "z_2", 2),
             cfy::test::make_instance("z", "z_1", 1)});
  std::vector<std::string_view> ids;
  for (const auto& instance : snapshot.instances())
    ids.push_back(instance.id);
  CHECK(ids == std::vector<std::string_view>{"z_1", "z_2", "a_1"});
  CHECK(snapshot.nodes()[0].instances.size() == 2);
}

TEST_CASE("two relationships to one target stay two", "[exec]") {
  plan::Plan plan;
  plan.nodes = {make_node("db"), make_node("web", {relate("r", "db"), relate("r", "db")})};
  auto web = cfy::test::make_instance("web", "web_1");
  for (const char* target : {"db_1", "db_2", "db_1", "db_2"})
    web.relationships.push_back({{"type", "r"}, {"target_name", "db"}, {"target_id", target}});
  const Snapshot snapshot(plan, {web, cfy::test::make_instance("db", "db_1", 1),
                                 cfy::test::make_instance("db", "db_2", 2)});
  std::vector<std::pair<std::uint32_t, std::string_view>> seen;
  for (const auto& relationship : snapshot.instances()[2].relationships)
    seen.emplace_back(relationship.relationship, snapshot.instance(relationship.target).id);
  CHECK(seen == decltype(seen){{0, "db_1"}, {0, "db_2"}, {1, "db_1"}, {1, "db_2"}});
}

TEST_CASE("hosts and mapped operations of relationships are shown", "[exec]") {
  const auto operations = std::make_shared<plan::OperationMap>();
  plan::Operation mapped;
  mapped.plugin = "script";
  operations->emplace("i.link", std::make_shared<const plan::Operation>(mapped));
  operations->emplace("i.nothing", std::make_shared<const plan::Operation>());
  plan::Relationship relationship = relate("r", "vm");
  relationship.target_operations = operations;
  plan::Plan plan;
  plan.nodes = {make_node("vm"), make_node("app", {relationship})};
  auto app = cfy::test::make_instance("app", "app_1");
  app.host_id = "vm_1";
  const Snapshot snapshot(plan, {app, cfy::test::make_instance("vm", "vm_1")});
  CHECK(snapshot.instances()[1].host == cfy::plugin::InstanceId{0});
  CHECK_FALSE(snapshot.instances()[0].host);
  const auto& shown = snapshot.nodes()[1].relationships[0];
  CHECK(shown.source_operations.empty());
  CHECK(shown.target_operations == std::vector<std::string_view>{"i.link"});
}

TEST_CASE("kwargs join the inputs of the operation", "[exec]") {
  plan::Operation operation;
  operation.inputs = {{"a", 1}, {"b", 2}};
  CHECK(*merge_kwargs(operation, {{"c", 3}}, false) == json{{"a", 1}, {"b", 2}, {"c", 3}});
  CHECK(*merge_kwargs(operation, nullptr, false) == operation.inputs);
}

TEST_CASE("a key in both is refused unless overriding is allowed", "[exec]") {
  plan::Operation operation;
  operation.inputs = {{"a", 1}, {"b", 2}};
  const json kwargs{{"b", 7}, {"a", 8}};
  const auto refused = merge_kwargs(operation, kwargs, false);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message().find("'a', 'b'") != std::string::npos);
  CHECK(*merge_kwargs(operation, kwargs, true) == json{{"a", 8}, {"b", 7}});
}

TEST_CASE("declared types of inputs are checked", "[exec]") {
  plan::Operation operation;
  operation.inputs = {{"port", 1}};
  operation.inputs_types = {{"port", "integer"}, {"flag", {{"type", "boolean"}}}};
  const auto refused = merge_kwargs(operation, {{"port", "80"}, {"flag", 1}}, true);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message() ==
        "value 1 of 'flag' does not match the definition: it must be boolean; value \"80\" of "
        "'port' does not match the definition: it must be integer");
  CHECK(merge_kwargs(operation, {{"port", {{"get_attribute", {"x", "y"}}}}}, true).ok());
}
