// A writer that is killed at any moment leaves whole turns: each transaction is there or is not.
#include <signal.h>

#include "store_fixture.hpp"
#include "support/child.hpp"

using namespace cfy::store;

namespace {

constexpr std::uint32_t kTurns = 400;

void write_turn(Store& store, GraphId graph, std::uint32_t number) {
  Transaction turn = must(store.begin());
  Operation operation;
  operation.number = number;
  operation.id = std::to_string(number);
  must(store.operations().add(graph, operation));
  must(store.operations().finish({graph, number}, {0, "succeeded", number, "", 1}));
  cfy::event::Event event;
  event.context.execution_id = "e1";
  event.text = std::to_string(number);
  must(store.events().append({&event, 1}));
  must(store.node_instances().set_state("shop-1", "web_1", std::to_string(number)));
  must(turn.commit());
}

}  // namespace

TEST_CASE("kill -9 between writes leaves whole turns", "[store]") {
  StoreFixture f;
  const std::vector<NodeInstance> instances = {make_instance("web_1")};
  must(f.store->node_instances().create(instances));
  const GraphId graph = must(f.store->operations().create_graph("e1", "main", 1));
  std::uint32_t stored = 0;
  for (int kill_after = 1; kill_after < 12; ++kill_after) {
    f.store.reset();  // SQLite's connections must not be carried into a child
    cfy::test::Child writer([&](cfy::test::Child::Pipe& pipe) {
      const auto store = must(Store::open(f.dir.path() / "state"));
      for (std::uint32_t i = stored; i < stored + kTurns; ++i) {
        write_turn(*store, graph, i);
        pipe.say(std::to_string(i));
      }
      return 0;
    });
    // Killed somewhere after it told of a few turns; it is in the middle of a later one by then.
    std::uint32_t told = 0;
    for (int i = 0; i < kill_after; ++i)
      told = static_cast<std::uint32_t>(std::stoul(writer.read_word()));
    kill(writer.pid(), SIGKILL);
    writer.wait();

    f.store = f.open_another();
    const auto operations = must(f.store->operations().list(graph));
    const auto events = must(f.store->events().read_after("e1", 0, 1'000'000));
    REQUIRE(operations.size() > told);  // nothing that was told of is lost
    REQUIRE(events.size() == operations.size());
    for (std::size_t i = 0; i < operations.size(); ++i) {
      REQUIRE(operations[i].state == "succeeded");
      REQUIRE(events[i].event.text == operations[i].id);
    }
    const auto web = must(f.store->node_instances().get("shop-1", "web_1"));
    REQUIRE(web.state == operations.back().id);
    REQUIRE(web.version == static_cast<std::int64_t>(operations.size()) + 1);
    stored = static_cast<std::uint32_t>(operations.size());
  }
}
