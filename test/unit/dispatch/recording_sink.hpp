// A sink that notes what it hears and lets a test wait for it, with a deadline.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "dispatch/transport.hpp"

namespace cfy::test {

class RecordingSink : public dispatch::CallSink {
 public:
  void on_log(dispatch::CallId call, dispatch::LogMessage message) override {
    const bool goes_on = message.piece == dispatch::LogMessage::Piece::more;
    note(call, message.level + ": " + message.lead + message.text + (goes_on ? " ..." : ""));
  }
  void on_event(dispatch::CallId call, dispatch::EventMessage message) override {
    note(call, "event: " + message.text);
  }
  void on_instances(dispatch::CallId call, dispatch::InstancesRequest request,
                    dispatch::InstancesReply reply) override {
    note(call, "instances of " + request.node_id);
    reply({.message = {}, .instances = {{{"id", "web_1"}, {"index", 1}, {"state", "started"}}}});
  }
  /// Stores what it is asked to.
  void on_properties(dispatch::CallId, dispatch::PropertyRequest request,
                     dispatch::PropertyReply reply) override {
    dispatch::PropertyAnswer answer;
    answer.version = request.delta.version + 1;
    answer.runtime_properties = std::move(request.delta.set);
    reply(std::move(answer));
  }
  void on_result(dispatch::CallId call, dispatch::OperationResult result) override {
    const std::lock_guard lock(mutex_);
    order_.push_back(call);
    results_[call].push_back(std::move(result));
    changed_.notify_all();
  }

  dispatch::OperationResult wait_for(dispatch::CallId call) {
    std::unique_lock lock(mutex_);
    const bool came =
        changed_.wait_for(lock, std::chrono::seconds(30), [&] { return !results_[call].empty(); });
    if (!came) FAIL("no result of call " << std::uint64_t(call));
    return results_[call].front();
  }
  std::size_t result_count() {
    const std::lock_guard lock(mutex_);
    return order_.size();
  }
  /// In the order of their results.
  std::vector<dispatch::CallId> order() {
    const std::lock_guard lock(mutex_);
    return order_;
  }
  std::vector<std::string> wait_for_words(dispatch::CallId call) {
    std::unique_lock lock(mutex_);
    const bool came =
        changed_.wait_for(lock, std::chrono::seconds(30), [&] { return !words_[call].empty(); });
    if (!came) FAIL("nothing was said by call " << std::uint64_t(call));
    return words_[call];
  }
  std::vector<std::string> words(dispatch::CallId call) {
    const std::lock_guard lock(mutex_);
    return words_[call];
  }

 private:
  void note(dispatch::CallId call, std::string words) {
    const std::lock_guard lock(mutex_);
    words_[call].push_back(std::move(words));
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<dispatch::CallId> order_;
  std::map<dispatch::CallId, std::vector<dispatch::OperationResult>> results_;
  std::map<dispatch::CallId, std::vector<std::string>> words_;
};

}  // namespace cfy::test
