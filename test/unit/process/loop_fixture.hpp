// A loop that a test runs until something has happened, with a deadline.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <catch2/catch.hpp>

#include "process/loop.hpp"

namespace cfy::test {

class LoopFixture {
 public:
  LoopFixture() : loop(std::move(process::Loop::make()).value()) {}

  /// Run until `done` holds; it is asked after each callback that calls progress().
  void run_until(const std::function<bool()>& done) {
    done_ = done;
    const auto deadline = loop->add_timer(std::chrono::seconds(20), [this] {
      timed_out_ = true;
      loop->stop();
    });
    if (!done_()) loop->run();
    loop->cancel_timer(deadline);
    REQUIRE_FALSE(timed_out_);
  }
  /// To be called at the end of a callback that may have made run_until()'s condition true.
  void progress() {
    if (done_ && done_()) loop->stop();
  }

  std::unique_ptr<process::Loop> loop;

 private:
  std::function<bool()> done_;
  bool timed_out_ = false;
};

}  // namespace cfy::test
