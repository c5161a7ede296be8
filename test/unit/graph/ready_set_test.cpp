#include "graph/ready_set.hpp"

#include <random>
#include <set>

#include <catch2/catch.hpp>

using cfy::graph::ReadySet;

TEST_CASE("a ready set gives out its least number", "[graph]") {
  ReadySet set;
  CHECK(set.is_empty());
  for (const std::uint32_t number : {70U, 3U, 5000U, 64U, 300000U})
    set.insert(number);
  std::vector<std::uint32_t> taken;
  while (!set.is_empty()) {
    taken.push_back(set.first());
    set.erase(set.first());
  }
  CHECK(taken == std::vector<std::uint32_t>{3, 64, 70, 5000, 300000});
}

TEST_CASE("a ready set does what std::set does", "[graph]") {
  std::mt19937 random(7);
  ReadySet set;
  std::set<std::uint32_t> model;
  for (int step = 0; step < 20000; ++step) {
    // Small ranges first, so that the tree grows while it is in use.
    const auto number = static_cast<std::uint32_t>(random() % (step < 5000    ? 100U
                                                               : step < 10000 ? 5000U
                                                                              : 400000U));
    if (random() % 3 == 0) {
      set.erase(number);
      model.erase(number);
    } else {
      set.insert(number);
      model.insert(number);
    }
    REQUIRE(set.is_empty() == model.empty());
    if (!model.empty()) REQUIRE(set.first() == *model.begin());
    REQUIRE(set.contains(number) == model.contains(number));
  }
}
