// What happens when the system has nothing left to give: memory, threads, processes, descriptors.
#pragma once

#include <functional>

#include "io.hpp"

namespace cfy::app {

/// Let a thread that runs out of something, where nothing else catches that, end the program with
/// one sentence and the exit code of a state error. What it has stored stays: `resume` goes on.
/// Anything else that nothing catches is a bug and aborts as before.
void end_orderly_on_exhaustion();

/// Run the command. When it runs out of something the error is told as any other.
int run_with_what_there_is(const std::function<int(Io&)>& command, Io& io, bool as_json);

}  // namespace cfy::app
