// Signals that a program blocks so that it can end in order.
#pragma once

namespace cfy::base {

/// Whether SIGINT, SIGTERM or SIGHUP came while it was blocked: whoever works without watching for
/// signals looks here from time to time. Any thread.
bool is_stop_pending();

}  // namespace cfy::base
