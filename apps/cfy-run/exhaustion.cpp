#include "exhaustion.hpp"

#include <cstdlib>
#include <exception>
#include <new>
#include <string_view>
#include <system_error>

#include <unistd.h>

#include "report.hpp"

namespace cfy::app {
namespace {

constexpr std::string_view kNoMemory = "there is not enough memory";

std::terminate_handler on_bug = nullptr;

// No allocation: there may be nothing left.
void write_text(std::string_view text) {
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

[[noreturn]] void end_with(std::string_view reason) {
  write_text("error: ");
  write_text(reason);
  write_text("\n");
  std::_Exit(kStateError);
}

[[noreturn]] void on_terminate() {
  try {
    if (const std::exception_ptr thrown = std::current_exception()) std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    end_with(kNoMemory);
  } catch (const std::system_error& error) {
    end_with(error.what());
  } catch (...) {
    // A bug: told by whoever told it before.
  }
  on_bug();
  std::abort();
}

}  // namespace

void end_orderly_on_exhaustion() {
  on_bug = std::set_terminate(on_terminate);
}

int run_with_what_there_is(const std::function<int(Io&)>& command, Io& io, bool as_json) {
  try {
    return command(io);
  } catch (const std::bad_alloc&) {
    return fail(io, {base::ErrorKind::state, std::string(kNoMemory)}, as_json);
  } catch (const std::system_error& error) {
    return fail(io, {base::ErrorKind::state, error.what()}, as_json);
  }
}

}  // namespace cfy::app
