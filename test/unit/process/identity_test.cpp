#include "process/identity.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include "support/child.hpp"

using namespace cfy::process;

TEST_CASE("this process runs", "[process]") {
  const Identity self = this_process().value();
  CHECK(self.pid == getpid());
  CHECK_FALSE(self.boot_id.empty());
  CHECK(self.pid_namespace.starts_with("pid:["));
  CHECK(life_of(self) == Life::running);
  CHECK(life_of({}) == Life::ended);
}

TEST_CASE("another process may have the pid by now", "[process]") {
  Identity other = this_process().value();
  ++other.started_ticks;
  CHECK(life_of(other) == Life::ended);
}

TEST_CASE("what ran before the machine was started has ended", "[process]") {
  Identity earlier = this_process().value();
  earlier.boot_id = "another";
  CHECK(life_of(earlier) == Life::ended);
}

TEST_CASE("of another container nothing is known", "[process]") {
  Identity elsewhere = this_process().value();
  elsewhere.pid_namespace = "pid:[1]";
  CHECK(life_of(elsewhere) == Life::unknown);
}

TEST_CASE("a process that ended and was not waited for does not run", "[process]") {
  cfy::test::Child child([](cfy::test::Child::Pipe& pipe) {
    pipe.say(std::to_string(this_process().value().started_ticks));
    return 0;
  });
  const Identity ended = {child.pid(), std::stoll(child.read_word()), "", ""};
  child.await_end();
  CHECK(life_of(ended) == Life::ended);
  CHECK(child.wait() == 0);
}
