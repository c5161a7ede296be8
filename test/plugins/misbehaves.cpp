// Operations and workflows that end in every way they can, wrong ones included.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <cfy/plugin.hpp>
#include <unistd.h>

namespace {

cfy::json works(cfy::OperationContext& ctx) {
  ctx.logger().info("working");
  ctx.instance().runtime_properties()["worked"]["times"] = ctx.operation().retry_number() + 1;
  return "worked";
}

void throws(cfy::OperationContext&) {
  static_cast<void>(std::vector<int>().at(3));
}
void gives_up(cfy::OperationContext& ctx) {
  ctx.instance().runtime_properties()["gave_up"] = true;
  throw cfy::NonRecoverable("there is no way");
}
void stumbles(cfy::OperationContext&) {
  throw cfy::Recoverable("not now", 0.25);
}
cfy::json asks_again(cfy::OperationContext& ctx) {
  if (ctx.operation().retry_number() > 0) return "second time";
  return ctx.operation().retry("not yet", 0);
}
void throws_a_number(cfy::OperationContext&) {
  throw 42;
}
void crashes(cfy::OperationContext&) {
  std::raise(SIGSEGV);
}
void aborts(cfy::OperationContext&) {
  std::abort();
}
void exits(cfy::OperationContext&) {
  _exit(9);
}
/// As if all were well, and with the destructors of everything that is static.
void exits_well(cfy::OperationContext&) {
  std::exit(0);
}
void hangs(cfy::OperationContext&) {
  for (;;)
    pause();
}
void hangs_on(cfy::OperationContext& ctx) {
  std::signal(SIGTERM, SIG_IGN);
  hangs(ctx);
}
constexpr int kDescriptors = 256;  // more than a worker has
void closes_everything(cfy::OperationContext&) {
  for (int fd = 0; fd < kDescriptors; ++fd)
    close(fd);
}
void babbles(cfy::OperationContext&) {
  constexpr std::string_view kGarbage = "{\"type\": garbage\n";
  for (int fd = 3; fd < kDescriptors; ++fd)
    static_cast<void>(!write(fd, kGarbage.data(), kGarbage.size()));
}
/// 25 MB on each of both streams.
void prints(cfy::OperationContext&) {
  const std::string line = std::string(999, 'x') + "\n";
  for (int i = 0; i < 25'000; ++i) {
    std::fputs(line.c_str(), stdout);
    std::fputs(line.c_str(), stderr);
  }
}
/// Both processes return.
void doubles(cfy::OperationContext&) {
  static_cast<void>(fork());
}
void loses_its_folder(cfy::OperationContext&) {
  char folder[] = "/tmp/cfy-misbehaves-XXXXXX";
  if (mkdtemp(folder) == nullptr || chdir(folder) != 0 || rmdir(folder) != 0)
    throw std::runtime_error("the folder cannot be lost");
}

cfy::json returns(cfy::WorkflowContext& ctx, const cfy::Parameters&) {
  return ctx.workflow_id();
}
void throws_in_workflow(cfy::WorkflowContext&, const cfy::Parameters& parameters) {
  static_cast<void>(parameters["absent"]);
}

void crashes_in_workflow(cfy::WorkflowContext&, const cfy::Parameters&) {
  std::raise(SIGSEGV);
}
// As a recursion without an end does. `sink` keeps the compiler from making a loop of it.
volatile int sink = 0;
int use_up_stack(int depth) {  // NOLINT: that is the point
  const volatile int here = depth;
  const int deeper = sink == 0 ? use_up_stack(depth + 1) : 0;
  return here + deeper;
}
void uses_up_its_stack(cfy::WorkflowContext&, const cfy::Parameters&) {
  sink = use_up_stack(0);
}

/// Not made by the SDK: lets its exception out.
cfy_status unguarded(void*, const cfy_operation_host*, cfy_operation*, cfy_reply*) {
  throw std::runtime_error("nobody catches this");
}
/// For the bench.
void nothing(cfy::OperationContext&) {}
/// Stores at once, and solves conflicts by adding up.
void counts(cfy::OperationContext& ctx) {
  const auto add_up = [](cfy::json& mine, const cfy::json& latest) {
    mine = latest;
    mine["count"] = latest.value("count", 0) + 1;
  };
  const cfy::OperationInstance target = ctx.target().instance();
  target.refresh();
  add_up(target.runtime_properties(), cfy::json(target.runtime_properties()));
  target.update(add_up);
}
/// Answers with a status that does not exist.
cfy_status odd_status(void*, const cfy_operation_host*, cfy_operation*, cfy_reply*) {
  return 77;
}
cfy_status odd_result(void*, const cfy_operation_host*, cfy_operation*, cfy_reply* reply) {
  reply->set_result(reply, cfy::detail::str("{not json"));
  return CFY_OK;
}
constexpr cfy_entry by_hand(std::string_view name, cfy_operation_function function) {
  return {cfy::detail::str(name), CFY_OPERATION, 0, nullptr, nullptr, function};
}

}  // namespace

CFY_PLUGIN("misbehaves", "1.2.3", cfy::operation<works>("tasks.works", cfy::resumable),
           cfy::operation<nothing>("tasks.nothing"), cfy::operation<counts>("tasks.counts"),
           cfy::operation<throws>("tasks.throws"), cfy::operation<gives_up>("tasks.gives_up"),
           cfy::operation<stumbles>("tasks.stumbles"),
           cfy::operation<asks_again>("tasks.asks_again"),
           cfy::operation<throws_a_number>("tasks.throws_a_number"),
           cfy::operation<crashes>("tasks.crashes"), cfy::operation<aborts>("tasks.aborts"),
           cfy::operation<exits>("tasks.exits"), cfy::operation<exits_well>("tasks.exits_well"),
           cfy::operation<hangs>("tasks.hangs"), cfy::operation<hangs_on>("tasks.hangs_on"),
           cfy::operation<closes_everything>("tasks.closes_everything"),
           cfy::operation<babbles>("tasks.babbles"), cfy::operation<prints>("tasks.prints"),
           cfy::operation<doubles>("tasks.doubles"),
           cfy::operation<loses_its_folder>("tasks.loses_its_folder"),
           by_hand("tasks.unguarded", unguarded), by_hand("tasks.odd_status", odd_status),
           by_hand("tasks.odd_result", odd_result), cfy::workflow<returns>("workflows.returns"),
           cfy::workflow<throws_in_workflow>("workflows.throws"),
           cfy::workflow<crashes_in_workflow>("workflows.crashes"),
           cfy::workflow<uses_up_its_stack>("workflows.uses_up_its_stack"));
