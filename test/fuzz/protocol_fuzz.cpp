// Any bytes as what is said between runner and worker. The input is text in the form of
// test/unit/dispatch/conversations, of which each line is also taken by itself:
//
//   < LINE   the worker says it          > LINE   the runner does what leads to it
//   ! WORD   what happens to the worker: timeout, kill, close (of its socket), exit
//   LINE     the worker prints it
//
// Whatever comes, a line is a message or is refused in words; what was parsed prints and parses to
// the same; cutting into lines loses nothing wherever the pieces end; and each call that the runner
// starts gets one result, or goes back unbegun. No process is started: the worker is a socket and
// an eventfd that stands in for its pidfd, with the id of no process.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.hpp"
#include "dispatch/call_groups.hpp"
#include "dispatch/ended_results.hpp"
#include "dispatch/messages.hpp"
#include "process/child.hpp"
#include "process/line_buffer.hpp"
#include "process/line_socket.hpp"
#include "process/termination.hpp"

// Only start() makes one otherwise, and that starts a process.
#define private public
#include "dispatch/worker_process.hpp"
#undef private

namespace {

using namespace cfy::dispatch;  // NOLINT: the whole vocabulary is fuzzed
using cfy::process::LinePart;
using cfy::process::UniqueFd;

constexpr pid_t kNoProcess = 0x3ffffffe;  // greater than any there can be

void check(bool holds, const char* what, std::string_view shown = {}) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s: %.*s\n", what, static_cast<int>(shown.size()),
               shown.data());
  std::abort();
}

// Sizes of pieces that depend on the input alone, so that a finding can be replayed.
class Dice {
 public:
  explicit Dice(std::string_view input) {
    for (const char c : input)
      state_ = (state_ ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  std::size_t up_to(std::size_t most) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::size_t>(state_ >> 33U) % most + 1;
  }

 private:
  std::uint64_t state_ = 14695981039346656037ULL;
};

void in_pieces(std::string_view text, Dice& dice,
               const std::function<void(std::string_view)>& on_piece) {
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, dice.up_to(dice.up_to(3000)));
    on_piece(piece);
    text.remove_prefix(piece.size());
  }
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t end = 0; (end = text.find('\n')) != std::string_view::npos;) {
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  if (!text.empty()) lines.emplace_back(text);
  return lines;
}

bool is_utf8(const std::string& text) {
  return cfy::base::to_valid_utf8(text) == text;
}

// ---------------------------------------------------------------- cutting

using Cut = std::vector<std::pair<std::string, LinePart>>;

Cut cut(std::string_view text, std::size_t limit, Dice* dice) {
  Cut found;
  const auto note = [&](std::string_view line, LinePart part) { found.emplace_back(line, part); };
  cfy::process::LineBuffer buffer(limit);
  if (dice != nullptr)
    in_pieces(text, *dice, [&](std::string_view piece) { buffer.feed(piece, note); });
  else
    buffer.feed(text, note);
  buffer.finish(note);
  return found;
}

void check_line_buffer(std::string_view text, std::size_t limit, Dice dice) {
  const Cut at_once = cut(text, limit, nullptr);
  check(at_once == cut(text, limit, &dice), "lines are the same however the bytes arrive", text);
  std::vector<std::vector<std::string>> pieces;  // of each line
  bool goes_on = false;
  for (const auto& [line, part] : at_once) {
    check(line.size() <= limit, "no piece is longer than the limit", line);
    check(!line.empty() || part != LinePart::piece, "no piece of more to come is empty");
    check(goes_on ? part != LinePart::whole : part != LinePart::last, "pieces follow pieces", line);
    if (!goes_on) pieces.emplace_back();
    pieces.back().push_back(line);
    goes_on = part == LinePart::piece;
  }
  const std::vector<std::string> lines = lines_of(text);
  check(pieces.size() == lines.size(), "each line comes", text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    check(cfy::base::join(pieces[i], "") == lines[i], "nothing is lost or added", lines[i]);
    if (!is_utf8(lines[i])) continue;
    for (const std::string& piece : pieces[i])
      check(is_utf8(piece), "no character is split", piece);
  }
}

void check_sockets(const std::string& text, Dice dice) {
  // A message ends with its "\n"; what comes behind the last one is not one.
  std::vector<std::string> expected = lines_of(text);
  if (!text.empty() && text.back() != '\n') expected.pop_back();

  auto loop = std::move(cfy::process::Loop::make()).value();
  auto sockets = std::move(cfy::process::make_socket_pair()).value();
  std::vector<std::string> heard;
  bool is_closed = false;
  cfy::process::LineSocket socket(
      *loop, std::move(sockets.first),
      {[&](std::string_view line) { heard.emplace_back(line); }, [&] { is_closed = true; }});
  in_pieces(text, dice, [&](std::string_view piece) {
    check(::send(sockets.second.get(), piece.data(), piece.size(), 0) ==
              static_cast<ssize_t>(piece.size()),
          "the socket takes it");
    socket.read_available();
  });
  check(!is_closed, "open");
  sockets.second.reset();
  socket.read_available();
  check(is_closed, "the end is heard");
  check(heard == expected, "LineSocket gives each line", text);

  auto pair = std::move(cfy::process::make_socket_pair()).value();
  check(::send(pair.second.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()),
        "the socket takes it all");
  pair.second.reset();
  cfy::process::LineChannel channel(std::move(pair.first));
  for (const std::string& line : expected)
    check(channel.read_line() == line, "LineChannel gives each line", line);
  check(!channel.read_line(), "and then the end");
}

// ---------------------------------------------------------------- messages

void check_refusal(const cfy::base::Error& error) {
  const std::string& words = error.message();
  check(!words.empty(), "refused in words");
  check(is_utf8(words), "the words can be shown", words);
}

template <typename Parsed>
void check_line(std::string_view line, Parsed (*parse)(std::string_view)) {
  const auto message = parse(line);
  if (!message) return check_refusal(message.error());
  const std::string printed = to_line(*message);
  check(printed.find('\n') == std::string::npos, "a message is one line", printed);
  const auto again = parse(printed);
  check(bool(again), "what was printed is parsed", printed);
  check(again->index() == message->index(), "as the same kind of message", printed);
  check(to_line(*again) == printed, "and prints to the same", printed);
}

template <typename Parsed>
void check_value(const json& value, Parsed (*from_json)(const json&)) {
  const auto content = from_json(value);
  if (!content) return check_refusal(content.error());
  const json printed = to_json(*content);
  const auto again = from_json(printed);
  check(bool(again), "what was printed is read", printed.dump());
  check(to_json(*again) == printed, "and prints to the same", printed.dump());
  check(json::parse(printed.dump(), nullptr, false) == printed, "also as a text", printed.dump());
}

void check_values(const json& value) {
  check_value(value, request_from_json);
  check_value(value, result_from_json);
  check_value(value, delta_from_json);
  check_value(value, property_answer_from_json);
  check_value(value, instances_answer_from_json);
}

void check_messages(std::string_view line) {
  check_line(line, parse_runner_line);
  check_line(line, parse_worker_line);
  const json value = json::parse(line, nullptr, false);
  if (value.is_discarded()) return;
  check_values(value);
  if (!value.is_object()) return;
  for (const json& member : value)
    check_values(member);
}

// ---------------------------------------------------------------- the runner's side

// Answers with what the conversation has the runner say; notes what it hears.
class Sink : public CallSink {
 public:
  std::vector<PropertyAnswer> answers;
  std::vector<InstancesAnswer> instances;
  std::map<CallId, int> results;
  std::optional<CallId> current;

  void on_log(CallId call, LogMessage) override { hear(call); }
  void on_event(CallId call, EventMessage) override { hear(call); }
  void on_properties(CallId call, PropertyRequest, PropertyReply reply) override {
    hear(call);
    if (answers.empty()) return;  // nobody answers
    reply(answers.front());
    answers.erase(answers.begin());
  }
  void on_instances(CallId call, InstancesRequest, InstancesReply reply) override {
    hear(call);
    if (instances.empty()) return;
    reply(instances.front());
    instances.erase(instances.begin());
  }
  void on_result(CallId call, OperationResult result) override {
    hear(call);
    ++results[call];
    check(to_json(result).is_object(), "a result can be printed");
    current.reset();
  }

 private:
  void hear(CallId call) { check(current == call, "only the call that runs is heard of"); }
};

class Conversation {
 public:
  Conversation(std::vector<std::string> lines, Dice dice)
      : lines_(std::move(lines)),
        dice_(dice),
        loop_(std::move(cfy::process::Loop::make()).value()),
        scanner_(*loop_, kCallVariable),
        exit_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    auto sockets = std::move(cfy::process::make_socket_pair()).value();
    auto output = std::move(cfy::process::make_pipe()).value();
    ours_ = std::move(sockets.second);
    printed_ = std::move(output.write_end);
    cfy::process::set_nonblocking(printed_.get());
    cfy::process::set_nonblocking(ours_.get());
    worker_.reset(new WorkerProcess(
        {*loop_, scanner_, settings_},
        cfy::process::Child(kNoProcess, UniqueFd(::dup(exit_.get()))), "nobody",
        {std::move(sockets.first), std::move(output.read_end)},
        {[](WorkerProcess& worker) { check(worker.is_usable(), "an idle worker is usable"); },
         [this](WorkerProcess&, std::optional<PendingCall> unbegun) { on_gone(unbegun); }}));
  }

  void run() {
    loop_->post([this] { step(); });
    loop_->run();
    check(is_gone_, "the worker is told to have gone");
    check(!sink_.current, "no call is left without an answer");
    for (const CallId call : started_)
      check(sink_.results[call] == (unbegun_.contains(call) ? 0 : 1), "each call has one result");
    worker_.reset();
    for (const std::string& line : lines_of(heard_))
      check(bool(parse_runner_line(line)), "what the runner says is a message", line);
  }

 private:
  // One line, and then the loop has two turns to hear what comes of it.
  void step() {
    listen();
    if (next_ < lines_.size() && !is_gone_) {
      say(lines_[next_++]);
      return loop_->post([this] { loop_->post([this] { step(); }); });
    }
    if (!is_gone_) end_process();
  }

  void say(const std::string& line) {
    if (line.starts_with("< ")) return send(line.substr(2) + "\n");
    if (line.starts_with("> ")) return act(line.substr(2));
    if (line == "! timeout") return worker_->end(EndReason::timeout);
    if (line == "! kill") return worker_->end(EndReason::killed);
    if (line == "! close") return ours_.reset();
    if (line == "! exit") return end_process();
    const std::string text = line + "\n";
    (void)!::write(printed_.get(), text.data(), text.size());
  }

  void send(const std::string& text) {
    in_pieces(text, dice_, [this](std::string_view piece) {
      if (ours_) (void)!::send(ours_.get(), piece.data(), piece.size(), MSG_NOSIGNAL);
    });
  }

  void act(const std::string& line) {
    auto message = parse_runner_line(line);
    if (!message) return;
    if (auto* run = std::get_if<RunMessage>(&*message)) {
      if (!worker_->is_usable() || !started_.insert(run->call).second) return;
      run->request.timeout_s.reset();  // no clock here: "! timeout" stands for it
      sink_.current = run->call;
      worker_->run({run->call, std::move(run->request), &sink_});
    } else if (auto* answer = std::get_if<AnswerMessage>(&*message)) {
      sink_.answers.push_back(std::move(answer->answer));
    } else if (auto* instances = std::get_if<InstancesMessage>(&*message)) {
      sink_.instances.push_back(std::move(instances->answer));
    } else if (const auto* confirm = std::get_if<ConfirmMessage>(&*message)) {
      worker_->confirm(confirm->call);
    } else if (std::holds_alternative<CancelMessage>(*message)) {
      worker_->announce_cancel();
    } else if (worker_->is_usable()) {
      worker_->dismiss();
    }
  }

  void end_process() {
    ours_.reset();
    const std::uint64_t one = 1;
    (void)!::write(exit_.get(), &one, sizeof one);
  }

  void listen() {
    char piece[4096];
    for (ssize_t got = 0; ours_ && (got = ::recv(ours_.get(), piece, sizeof piece, 0)) > 0;)
      heard_.append(piece, static_cast<std::size_t>(got));
    // What is cut off when the worker ends is no line.
  }

  void on_gone(const std::optional<PendingCall>& unbegun) {
    check(!is_gone_, "gone once");
    is_gone_ = true;
    if (unbegun) {
      unbegun_.insert(unbegun->id);
      check(sink_.current == unbegun->id, "what goes back is what it had");
      sink_.current.reset();
    }
    listen();
    heard_.resize(heard_.rfind('\n') + 1);
    loop_->stop();
  }

  std::vector<std::string> lines_;
  std::size_t next_ = 0;
  Dice dice_;
  std::unique_ptr<cfy::process::Loop> loop_;
  cfy::process::ProcessScanner scanner_;
  const WorkerProcess::Settings settings_{{"worker"}, std::chrono::milliseconds(50)};
  UniqueFd exit_, ours_, printed_;
  std::unique_ptr<WorkerProcess> worker_;
  Sink sink_;
  std::set<CallId> started_, unbegun_;
  std::string heard_;
  bool is_gone_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const Dice dice(text);
  for (const std::size_t limit : {std::size_t{5}, std::size_t{64}, std::size_t{1000}})
    check_line_buffer(text, limit, dice);
  check_sockets(text, dice);
  const std::vector<std::string> lines = lines_of(text);
  for (const std::string_view line : lines)
    check_messages(line.starts_with("< ") || line.starts_with("> ") ? line.substr(2) : line);
  Conversation(lines, dice).run();
  return 0;
}
