// One small function for each thing an operation may do to its worker.
#include "fake_operations.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dispatch/messages.hpp"
#include "process/child.hpp"

namespace cfy::test {
namespace {

using dispatch::CallOutcome;
using dispatch::OperationRequest;
using dispatch::Status;
using nlohmann::json;
using plugin::OperationHost;
using plugin::SubjectRole;

using Function = std::function<CallOutcome(const OperationRequest&, OperationHost&)>;

CallOutcome failed(Status status, const char* type, const char* message) {
  return {.status = status, .error = {.type = type, .message = message, .output = {}}};
}

// The test holds both ends of its fifos open, so that no open() here blocks.
void announce(const json& inputs, const char* key) {
  std::ofstream fifo(inputs.at(key).get<std::string>());
  fifo << ::getpid() << std::endl;
}
// Byte by byte: what is behind the line belongs to another reader.
void wait_for_line(const std::string& fifo) {
  const process::UniqueFd fd(::open(fifo.c_str(), O_RDONLY | O_CLOEXEC));
  for (char byte = 0; byte != '\n';)
    if (::read(fd.get(), &byte, 1) != 1) return;
}

void die_of(int signal) {
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

[[noreturn]] void sleep_for_ever() {
  for (;;)
    ::pause();
}

const std::map<std::string, Function>& functions() {
  static const std::map<std::string, Function> kFunctions{
      {"echo",
       [](auto& request, auto& host) {
         host.set_result(request.inputs);
         return CallOutcome{};
       }},
      {"pid",
       [](auto&, auto& host) {
         host.set_result(::getpid());
         return CallOutcome{};
       }},
      {"talk",
       [](auto&, auto& host) {
         host.log("warning", "ctx", "one");
         host.send_event("two");
         host.log("info", "ctx", "three \xff");
         return CallOutcome{};
       }},
      {"set_properties",
       [](auto& request, auto& host) {
         const auto set =
             host.set_runtime_properties(SubjectRole::self, request.inputs.at("properties"));
         if (!set) return failed(Status::failed, "Test", set.error().message().c_str());
         return request.inputs.contains("fail")
                    ? failed(Status::failed, "NonRecoverableError", "cannot go on")
                    : CallOutcome{};
       }},
      {"store",
       [](auto&, auto& host) {
         host.log_lines("info", "ctx", {"a", "b"});
         const json mine{{"mine", 1}};
         const auto first = host.update(SubjectRole::self, mine);
         if (!first || !first->has_conflict)
           return failed(Status::failed, "Test", "there was no conflict");
         const auto second = host.update(SubjectRole::self, mine);
         if (!second || second->has_conflict)
           return failed(Status::failed, "Test", "it was not stored");
         const auto read = host.refresh(SubjectRole::self);
         if (!read) return failed(Status::failed, "Test", read.error().message().c_str());
         host.set_result(read->runtime_properties);
         return CallOutcome{};
       }},
      {"store_once",
       [](auto&, auto& host) {
         const auto stored = host.update(SubjectRole::self, json{{"mine", 1}});
         if (!stored) return failed(Status::failed, "Test", stored.error().message().c_str());
         if (stored->has_conflict)
           return failed(Status::recoverable, "Test", stored->message.c_str());
         return CallOutcome{};
       }},
      {"siblings",
       [](auto&, auto& host) {
         auto instances = host.node_instances(SubjectRole::self);
         if (!instances)
           return failed(Status::recoverable, "Test", instances.error().message().c_str());
         host.set_result(*std::move(instances));
         return CallOutcome{};
       }},
      {"fail",
       [](auto&, auto&) { return failed(Status::failed, "NonRecoverableError", "cannot go on"); }},
      {"throw", [](auto&, auto&) -> CallOutcome { throw std::runtime_error("thrown"); }},
      {"retry",
       [](auto&, auto&) {
         CallOutcome outcome = failed(Status::retry, "OperationRetry", "not yet");
         outcome.retry_after_s = 1.5;
         return outcome;
       }},
      {"meet",
       [](auto& request, auto&) {
         announce(request.inputs, "here");
         wait_for_line(request.inputs.at("gate").template get<std::string>());
         return CallOutcome{};
       }},
      {"wait_for_cancel",
       [](auto& request, auto& host) {
         announce(request.inputs, "here");
         while (!host.has_cancel_request())
           ::usleep(1000);
         return failed(Status::cancelled, "ExecutionCancelled", "cancelled");
       }},
      {"print",
       [](auto&, auto&) {
         std::printf("{\"type\":\"quit\"}\n");
         std::fprintf(stderr, "to stderr\n");
         std::printf("no end of line");
         return CallOutcome{};
       }},
      {"print_much",
       [](auto& request, auto&) {
         const int lines = request.inputs.at("lines").template get<int>();
         for (int i = 0; i < lines; ++i)
           std::printf("%07d %056d\n", i, 0);
         return CallOutcome{};
       }},
      {"large_value",
       [](auto& request, auto& host) {
         host.set_result(std::string(request.inputs.at("bytes").template get<std::size_t>(), 'x'));
         return CallOutcome{};
       }},
      {"segfault",
       [](auto&, auto&) {
         die_of(SIGSEGV);
         return CallOutcome{};
       }},
      {"abort",
       [](auto&, auto&) -> CallOutcome {
         std::fprintf(stderr, "assertion of a plugin\n");
         die_of(SIGABRT);
         return {};
       }},
      {"abort_inside_line",
       [](auto& request, auto&) -> CallOutcome {
         std::printf("a line\nterminated by ");
         std::fflush(stdout);
         wait_for_line(request.inputs.at("gate").template get<std::string>());
         std::fprintf(stderr, "a plugin");
         die_of(SIGABRT);
         return {};
       }},
      {"print_long_line",
       [](auto& request, auto& host) {
         const int bytes = request.inputs.at("bytes").template get<int>();
         std::printf("%s\n", std::string(static_cast<std::size_t>(bytes), 'x').c_str());
         host.log_piece("info", "ctx", "<out> ", "first", true);
         host.log_piece("info", "ctx", "<out> ", "last", false);
         return CallOutcome{};
       }},
      {"abort_inside_long_line",
       [](auto&, auto&) -> CallOutcome {
         std::printf("%s the end", std::string(100'000, 'x').c_str());
         std::fflush(stdout);
         die_of(SIGABRT);
         return {};
       }},
      {"set_then_die",
       [](auto& request, auto& host) -> CallOutcome {
         const auto set = host.set_runtime_properties(SubjectRole::self, json{{"got", "so far"}});
         if (request.inputs.contains("store")) {
           const auto stored = host.update(SubjectRole::self, json{{"stored", true}});
           if (!stored) return failed(Status::failed, "Test", "not stored");
         }
         die_of(SIGKILL);
         return set ? CallOutcome{} : failed(Status::failed, "Test", "not set");
       }},
      {"exit", [](auto&, auto&) -> CallOutcome { ::_exit(0); }},
      {"hang",
       [](auto& request, auto&) -> CallOutcome {
         if (request.inputs.contains("here")) announce(request.inputs, "here");
         sleep_for_ever();
       }},
      {"hang_deaf",
       [](auto& request, auto&) -> CallOutcome {
         ::signal(SIGTERM, SIG_IGN);
         if (request.inputs.contains("here")) announce(request.inputs, "here");
         sleep_for_ever();
       }},
      {"hang_in_script",
       [](auto& request, auto&) -> CallOutcome {
         const std::string script = "trap '' TERM; (sleep 600 & sleep 600) & echo $$ > " +
                                    request.inputs.at("here").template get<std::string>() +
                                    "; wait";
         auto child = process::spawn({.argv = {"/bin/sh", "-c", script}});
         child->wait();
         return {};
       }},
      {"hang_with_daemon",
       [](auto& request, auto&) -> CallOutcome {
         // The daemon has a session of its own, and its parent is gone before it says so.
         const std::string here = request.inputs.at("here").template get<std::string>();
         const std::string script =
             "(setsid sh -c 'echo $$ > " + here + "; exec sleep 600' &) ; sleep 600";
         auto child = process::spawn({.argv = {"/bin/sh", "-c", script}});
         child->wait();
         return {};
       }},
      {"hang_in_tidy_script",
       [](auto& request, auto& host) -> CallOutcome {
         const std::string here = request.inputs.at("here").template get<std::string>();
         const std::string script =
             "trap 'kill $!; exit 3' TERM; sleep 600 & echo $$ > " + here + "; wait";
         auto child = process::spawn({.argv = {"/bin/sh", "-c", script}});
         child->wait();
         host.log("info", "ctx", "tidied up");
         const auto set = host.set_runtime_properties(SubjectRole::self, json{{"tidy", true}});
         return set ? CallOutcome{} : failed(Status::failed, "Test", "not set");
       }},
      {"start_server",
       [](auto&, auto& host) -> CallOutcome {
         auto child = process::spawn({.argv = {"/bin/sleep", "600"}});
         host.set_result(child->pid());
         return {};
       }},
      {"garbage",
       [](auto&, auto&) -> CallOutcome {
         [[maybe_unused]] const auto size =
             ::write(dispatch::kWorkerSocketFd, "what is this\n", 13);
         sleep_for_ever();
       }},
      {"half_a_line_then_die",
       [](auto&, auto&) -> CallOutcome {
         [[maybe_unused]] const auto size =
             ::write(dispatch::kWorkerSocketFd, "{\"type\":\"res", 12);
         ::_exit(3);
       }},
      {"close_connection",
       [](auto&, auto&) -> CallOutcome {
         ::shutdown(dispatch::kWorkerSocketFd, SHUT_RDWR);
         sleep_for_ever();
       }},
      {"die_after_result",
       [](auto& request, auto& host) -> CallOutcome {
         // The process ends by itself a moment after this call's result was sent.
         host.set_result(1);
         const std::string gate = request.inputs.at("gate").template get<std::string>();
         std::thread([gate] {
           wait_for_line(gate);
           ::_exit(0);
         }).detach();
         return {};
       }},
  };
  return kFunctions;
}

}  // namespace

CallOutcome FakeOperations::call(const OperationRequest& request, OperationHost& host) {
  return functions().at(request.function)(request, host);
}

}  // namespace cfy::test
