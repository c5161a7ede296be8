// In a handler of such a signal hardly anything is allowed: the sentences are made beforehand, and
// written as they are.
#include "crash_notice.hpp"

#include <array>
#include <csignal>

#include <fmt/format.h>
#include <unistd.h>

#include "process/exit_status.hpp"
#include "ui/printable.hpp"

namespace cfy::app {
namespace {

constexpr std::array<int, 5> kCrashes{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr std::size_t kStackBytes = 64 * 1024;

// Never freed: a crash may come at the very end.
std::array<std::string, kCrashes.size()>* notices = nullptr;

void on_crash(int signal) {
  for (std::size_t i = 0; i < kCrashes.size(); ++i)
    if (kCrashes[i] == signal) {
      const std::string& notice = (*notices)[i];
      [[maybe_unused]] const auto written = ::write(STDERR_FILENO, notice.data(), notice.size());
    }
  ::raise(signal);  // the default action is back: SA_RESETHAND
}

}  // namespace

void arm_crash_notice(const std::string& execution_id, const std::string& workflow_id) {
  if (notices == nullptr) notices = new std::array<std::string, kCrashes.size()>;
  for (std::size_t i = 0; i < kCrashes.size(); ++i) {
    const process::ExitStatus status{.by_signal = true, .value = kCrashes[i]};
    (*notices)[i] = ui::escape_controls(fmt::format(
        "error: the run crashed: {}\n  in workflow '{}', which runs in this process, in its "
        "plugin, or in cfy-run itself\n  operations that run come to their end and are recorded; "
        "then go on with: cfy-run resume {}\n",
        to_string(status), workflow_id, execution_id));
  }
  for (const int signal : kCrashes) {
    struct sigaction action {};
    // Whoever looks after it already, as a sanitizer does, has more to tell.
    if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_DFL) continue;
    action = {};
    action.sa_handler = on_crash;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER | SA_ONSTACK);
    ::sigaction(signal, &action, nullptr);
  }
}

CrashStack::CrashStack() : memory_(kStackBytes, '\0') {
  stack_t stack{};
  stack.ss_sp = memory_.data();
  stack.ss_size = memory_.size();
  ::sigaltstack(&stack, nullptr);
}

CrashStack::~CrashStack() {
  stack_t none{};
  none.ss_flags = SS_DISABLE;
  ::sigaltstack(&none, nullptr);
}

}  // namespace cfy::app
