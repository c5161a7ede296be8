#include "store/execution_status.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace cfy::store;

namespace {
const std::vector<std::string> kAll = {"pending",          "started",         "cancelling",
                                       "force_cancelling", "kill_cancelling", "cancelled",
                                       "terminated",       "failed"};
}

TEST_CASE("nothing follows an end", "[store]") {
  for (const char* end : {"cancelled", "terminated", "failed"})
    for (const std::string& to : kAll)
      CHECK_FALSE(may_follow(end, to));
}

TEST_CASE("every running execution may end in every way", "[store]") {
  for (const std::string& from : kAll)
    if (!is_finished(from))
      for (const char* end : {"cancelled", "terminated", "failed"})
        CHECK(may_follow(from, end));
}

TEST_CASE("a cancel only gets stronger", "[store]") {
  CHECK(may_follow("started", "cancelling"));
  CHECK(may_follow("started", "kill_cancelling"));
  CHECK(may_follow("cancelling", "force_cancelling"));
  CHECK(may_follow("force_cancelling", "kill_cancelling"));
  CHECK_FALSE(may_follow("kill_cancelling", "force_cancelling"));
  CHECK_FALSE(may_follow("force_cancelling", "cancelling"));
  CHECK_FALSE(may_follow("cancelling", "cancelling"));
}

TEST_CASE("nothing becomes pending or started again by itself", "[store]") {
  for (const std::string& from : kAll) {
    CHECK_FALSE(may_follow(from, "pending"));
    CHECK(may_follow(from, "started") == (from == "pending"));
  }
}
