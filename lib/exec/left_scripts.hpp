// Scripts that workers left as files when they were killed: they may hold secrets.
#pragma once

#include <filesystem>
#include <string>

namespace cfy::exec {

/// Remove those of a deployment; what an operation uses that runs still stays.
void remove_left_scripts(const std::filesystem::path& state_dir, const std::string& deployment_id);

}  // namespace cfy::exec
