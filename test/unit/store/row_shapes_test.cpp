// Rows that somebody has changed by hand, or a disk by chance: valid JSON of another shape.
#include "store_fixture.hpp"

using namespace cfy::store;
using cfy::base::ErrorKind;

namespace {

struct Damage {
  const char* sql;
  const char* column;
};

// Everything that is read of a deployment.
cfy::base::Result<void> read_everything(Store& store) {
  const auto first_error = [](const auto&... results) {
    cfy::base::Result<void> first;
    (void)((results.ok() || (first = results.error(), false)) && ...);
    return first;
  };
  PropertiesDelta delta;
  delta.deployment_id = "shop-1";
  delta.instance_id = "web_1";
  delta.set = {{"a", 1}};
  const auto graph = store.operations().list_graphs("e1");
  return first_error(store.deployments().get("shop-1"), store.node_instances().list("shop-1"),
                     store.node_instances().apply(delta), store.executions().list(),
                     store.operations().list("e1"), store.modifications().list(),
                     store.updates().list("shop-1"), store.events().read_after("e1", 0, 10), graph);
}

void fill(Store& store) {
  must(store.node_instances().create(std::vector{make_instance("web_1")}));
  const GraphId graph = must(store.operations().create_graph("e1", "main", 1));
  Operation operation;
  operation.id = "e1-0";
  must(store.operations().add(graph, operation));
  Modification modification;
  modification.id = "m1";
  modification.deployment_id = "shop-1";
  must(store.modifications().create(modification));
  Update update;
  update.id = "u1";
  update.deployment_id = "shop-1";
  must(store.updates().create(update));
}

}  // namespace

TEST_CASE("a row of another shape is damage that is told with its place", "[store]") {
  const Damage damage = GENERATE(
      Damage{"deployments", "inputs = '[]'"}, Damage{"deployments", "plan = '1'"},
      Damage{"deployments", "plan = '{'"}, Damage{"node_instances", "runtime_properties = '[]'"},
      Damage{"node_instances", "system_properties = 'null'"},
      Damage{"node_instances", "property_changes = '{\"a\": [1]}'"},
      Damage{"node_instances", "property_changes = '{\"a\": [\"1\", \"x\"]}'"},
      Damage{"node_instances", "relationships = '{}'"},
      Damage{"node_instances", "relationships = '[{}]'"},
      Damage{"node_instances",
             "relationships = '[{\"type\": 1, \"target_name\": \"a\", \"target_id\": \"b\"}]'"},
      Damage{"node_instances", "scaling_groups = '[{\"name\": \"a\"}]'"},
      Damage{"executions", "parameters = '\"x\"'"}, Damage{"executions", "result = 'x'"},
      Damage{"executions", "setup = '[]'"}, Damage{"executions", "setup = '{\"jobs\": \"many\"}'"},
      Damage{"executions", "setup = '{\"jobs\": 0}'"},
      Damage{"executions", "setup = '{\"plugins\": {\"a\": 1}}'"},
      Damage{"executions", "setup = '{\"plugin_path\": [1]}'"},
      Damage{"operations", "parameters = '[]'"},
      Damage{"operations", "parameters = '{\"node_instance_id\": 1}'"},
      Damage{"operations", "result = '['"}, Damage{"modifications", "changes = '{\"a\": 1}'"},
      Damage{"modifications", "added = '[1]'"}, Damage{"modifications", "removed = '{}'"},
      Damage{"modifications", "instances_before = '[{\"id\": \"a\"}]'"},
      Damage{"updates", "inputs_before = '[]'"}, Damage{"updates", "changes = '[]'"},
      Damage{"updates", "added = '\"x\"'"}, Damage{"updates", "links = '{\"a\": [1]}'"},
      Damage{"updates", "changed = '[[]]'"}, Damage{"updates", "standing = '1'"});
  StoreFixture f;
  fill(*f.store);
  must(read_everything(*f.store));
  const auto database = must(Database::open(f.dir.path() / "state" / "state.db", 1000));
  must(database->execute(fmt::format("UPDATE {} SET {}", damage.sql, damage.column).c_str()));
  INFO(damage.sql << " " << damage.column);
  const auto error = error_of(read_everything(*f.store));
  CHECK(error.kind() == ErrorKind::state);
  CHECK(error.message().find("is damaged") != std::string::npos);
  CHECK(error.message().find(fmt::format("in the table '{}'", damage.sql)) != std::string::npos);
}

TEST_CASE("a row nested beyond reason is damaged, too", "[store]") {
  StoreFixture f;
  fill(*f.store);
  const auto database = must(Database::open(f.dir.path() / "state" / "state.db", 1000));
  const std::string deep(100'000, '[');
  must(database->execute(
      fmt::format("UPDATE executions SET result = '{}{}'", deep, std::string(100'000, ']'))
          .c_str()));
  CHECK(error_of(f.store->executions().get("e1")).message().find("'result' of 'e1'") !=
        std::string::npos);
}
