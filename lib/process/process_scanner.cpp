// A request made while a table is handed out waits for the next one: what happened since it was
// read is not in it.
#include "process/process_scanner.hpp"

#include <algorithm>
#include <utility>

namespace cfy::process {
namespace {

using std::chrono::milliseconds;

// From one look to the next: few enough to leave the machine to others, and nobody notices.
constexpr milliseconds kPause{10};

}  // namespace

ProcessScanner::ProcessScanner(Loop& loop, std::string mark_variable)
    : loop_(loop), mark_variable_(std::move(mark_variable)) {}

ProcessScanner::~ProcessScanner() {
  loop_.cancel_timer(timer_);
}

ScanId ProcessScanner::request(OnTable on_table) {
  const ScanId id{++last_id_};
  waiting_.emplace(id, std::move(on_table));
  if (timer_ != TimerId::none) return id;
  const auto now = std::chrono::steady_clock::now();
  const auto delay = std::chrono::ceil<milliseconds>(next_ - std::min(now, next_));
  timer_ = loop_.add_timer(delay, [this] { scan(); });
  return id;
}

void ProcessScanner::cancel(ScanId id) {
  waiting_.erase(id);
}

void ProcessScanner::scan() {
  timer_ = TimerId::none;
  const ScanId last{last_id_};
  const ProcessTable table = ProcessTable::read(mark_variable_);
  next_ = std::chrono::steady_clock::now() + kPause;
  while (!waiting_.empty() && waiting_.begin()->first <= last) {
    const OnTable on_table = std::move(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
    on_table(table);
  }
}

}  // namespace cfy::process
