// A transport over the fake operations, a sink, and short words for calls.
#pragma once

#include <filesystem>
#include <map>
#include <memory>

#include "dispatch/in_process_transport.hpp"
#include "dispatch/worker_transport.hpp"
#include "fake_operations.hpp"
#include "fifo.hpp"
#include "recording_sink.hpp"
#include "support/temp_dir.hpp"

namespace cfy::test {

/// How each kind of transport is made.
struct InProcess {
  static std::unique_ptr<dispatch::Transport> make(const TempDir&, std::size_t capacity) {
    auto transport =
        dispatch::InProcessTransport::make(std::make_shared<FakeOperations>(), capacity);
    return std::move(transport).value();
  }
};
struct Subprocess {
  static std::unique_ptr<dispatch::Transport> make(const TempDir& dir, std::size_t capacity) {
    dispatch::WorkerTransportOptions options;
    options.argv = {worker_program(), (dir.path() / "orphans").string()};
    options.capacity = capacity;
    options.grace = std::chrono::milliseconds(200);
    return std::move(dispatch::WorkerTransport::make(std::move(options))).value();
  }
  static std::string worker_program() {
    return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "dispatch_test_worker")
        .string();
  }
};

template <typename Kind>
class TransportFixture {
 public:
  TransportFixture() { use_capacity(4); }
  ~TransportFixture() { transport_.reset(); }

  void use_capacity(std::size_t capacity) { transport_ = Kind::make(dir_, capacity); }
  dispatch::Transport& transport() { return *transport_; }
  void destroy_transport() { transport_.reset(); }
  const TempDir& dir() const { return dir_; }

  static dispatch::OperationRequest request(const std::string& function,
                                            nlohmann::json inputs = nlohmann::json::object()) {
    dispatch::OperationRequest request;
    request.execution_id = "e1";
    request.task_id = "task_of_" + function;
    request.function = function;
    request.inputs = std::move(inputs);
    request.context_type = "node-instance";
    request.self = dispatch::Subject{
        .node = {{"id", "web"}},
        .instance = {{"id", "web_1"},
                     {"version", 7},
                     {"runtime_properties", {{"kept", 1}, {"dropped", 2}, {"deep", {{"a", 1}}}}}}};
    return request;
  }
  dispatch::CallId start(dispatch::OperationRequest request) {
    const dispatch::CallId call{++last_call_};
    transport_->start(call, std::move(request), sink);
    return call;
  }
  dispatch::CallId start(const std::string& function,
                         nlohmann::json inputs = nlohmann::json::object()) {
    return start(request(function, std::move(inputs)));
  }
  dispatch::OperationResult run(const std::string& function,
                                nlohmann::json inputs = nlohmann::json::object()) {
    return sink.wait_for(start(function, std::move(inputs)));
  }
  /// A named pipe of the test; made when first named.
  Fifo& fifo(const std::string& name) {
    auto& found = fifos_[name];
    if (!found) found = std::make_unique<Fifo>(dir_.path() / name);
    return *found;
  }

  RecordingSink sink;

 private:
  TempDir dir_;
  std::map<std::string, std::unique_ptr<Fifo>> fifos_;
  std::unique_ptr<dispatch::Transport> transport_;
  std::uint64_t last_call_ = 0;
};

}  // namespace cfy::test
