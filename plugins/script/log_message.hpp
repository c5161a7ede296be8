// What a call of ctx logger says, put together as Python's logger does it.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace cfy::script {

/// The first argument, with the others in the places that it has for them: "a %s of %d", also
/// "%(name)s" of a map. Alone it is not looked into. A number may come as text, as every word of a
/// shell does. Where the arguments do not fit they all follow, with blanks between: nothing is
/// lost.
std::string make_log_message(const std::vector<nlohmann::json>& arguments);

}  // namespace cfy::script
