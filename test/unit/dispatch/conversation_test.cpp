// Recorded conversations, replayed against the worker and against the runner: what one of them
// says stays what the other, and every other kind of worker, can rely on.
#include "conversation.hpp"

#include <catch2/catch.hpp>

#include "dispatch/messages.hpp"
#include "process/child.hpp"
#include "process/line_socket.hpp"
#include "transport_fixture.hpp"

namespace {

using cfy::dispatch::PropertyAnswer;
using cfy::test::Said;
using cfy::test::Subprocess;
using nlohmann::json;

std::string path_of(const std::string& name) {
  return std::string(CFY_CONVERSATIONS) + "/" + name + ".txt";
}

// The worker's side is real, the runner's is the file.
void replay_against_worker(const std::vector<Said>& conversation) {
  auto sockets = std::move(cfy::process::make_socket_pair()).value();
  auto output = std::move(cfy::process::make_pipe()).value();
  cfy::process::SpawnOptions options;
  options.argv = {Subprocess::worker_program()};
  options.fds = {{output.write_end.get(), 1},
                 {output.write_end.get(), 2},
                 {sockets.second.get(), cfy::dispatch::kWorkerSocketFd},
                 {output.read_end.get(), cfy::dispatch::kWorkerOutputFd}};
  auto worker = std::move(cfy::process::spawn(options)).value();
  sockets.second.reset();
  cfy::process::LineChannel channel(std::move(sockets.first));
  for (const Said& said : conversation) {
    if (!said.by_worker) {
      REQUIRE(channel.write_line(said.line));
      continue;
    }
    const auto line = channel.read_line();
    REQUIRE(line);
    INFO("expected " << said.line << "\ngot " << *line);
    REQUIRE(cfy::test::is_same_message(*line, said.line));
  }
  CHECK_FALSE(channel.read_line());
  CHECK(worker.wait().is_success());
}

// Answers property requests as the file does.
class ReplayingSink : public cfy::test::RecordingSink {
 public:
  std::vector<PropertyAnswer> answers;
  std::vector<cfy::dispatch::InstancesAnswer> instances;
  void on_properties(cfy::dispatch::CallId, cfy::dispatch::PropertyRequest,
                     cfy::dispatch::PropertyReply reply) override {
    REQUIRE(next_ < answers.size());
    reply(answers[next_++]);
  }

  void on_instances(cfy::dispatch::CallId, cfy::dispatch::InstancesRequest request,
                    cfy::dispatch::InstancesReply reply) override {
    CHECK(request.node_id == "web");
    REQUIRE(next_instances_ < instances.size());
    reply(instances[next_instances_++]);
  }

 private:
  std::size_t next_ = 0, next_instances_ = 0;
};

// The runner's side is real; the worker reads the file and fails at the first word that differs.
void replay_against_runner(const std::string& path, const std::vector<Said>& conversation) {
  ReplayingSink sink;
  std::vector<cfy::dispatch::RunMessage> runs;
  std::vector<json> results;
  for (const Said& said : conversation) {
    const json message = json::parse(said.line);
    if (message["type"] == "result") results.push_back(message["result"]);
    if (said.by_worker) continue;
    auto parsed = std::move(cfy::dispatch::parse_runner_line(said.line)).value();
    if (auto* run = std::get_if<cfy::dispatch::RunMessage>(&parsed))
      runs.push_back(std::move(*run));
    if (auto* answer = std::get_if<cfy::dispatch::AnswerMessage>(&parsed))
      sink.answers.push_back(std::move(answer->answer));
    if (auto* answer = std::get_if<cfy::dispatch::InstancesMessage>(&parsed))
      sink.instances.push_back(std::move(answer->answer));
  }
  cfy::dispatch::WorkerTransportOptions options;
  options.argv = {Subprocess::worker_program(), "--replay", path};
  options.capacity = 1;
  auto transport = std::move(cfy::dispatch::WorkerTransport::make(std::move(options))).value();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    transport->start(runs[i].call, runs[i].request, sink);
    const auto result = sink.wait_for(runs[i].call);
    INFO(result.error.message << " " << result.error.output);
    CHECK(to_json(result) == results.at(i));
  }
}

TEST_CASE("recorded conversations still fit both sides", "[conversation]") {
  const auto* name = GENERATE("result", "failures", "properties", "conflict", "instances");
  const auto conversation = cfy::test::load_conversation(path_of(name));
  REQUIRE(conversation.size() > 4);
  INFO(name);
  replay_against_worker(conversation);
  replay_against_runner(path_of(name), conversation);
}

}  // namespace
