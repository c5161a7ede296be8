// Whether an inline script is Python. Cloudify takes as Python whatever its parser accepts; here
// shell scripts that happen to be valid Python ("exit", "A=1", "make -j4") stay what they are, and
// no shell script waits for a Python to start.
#pragma once

#include <string_view>

namespace cfy::script {

/// Whether it is worth asking a Python. Cost: linear, no I/O.
bool may_be_python(std::string_view text);

/// Asks python3 whether it can parse the file behind the descriptor. False, too, when there is no
/// python3.
bool is_accepted_by_python(int fd);

}  // namespace cfy::script
