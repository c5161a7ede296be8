#include "exec/left_scripts.hpp"

#include "exec/execution.hpp"
#include "process/owned_file.hpp"

namespace cfy::exec {

// Each plugin of the blueprint has a work folder, under the name that it has there.
void remove_left_scripts(const std::filesystem::path& state_dir, const std::string& deployment_id) {
  std::error_code ignored;
  const auto plugins = deployment_dir(state_dir, deployment_id) / "plugins";
  for (const auto& plugin : std::filesystem::directory_iterator(plugins, ignored))
    process::remove_left_files(plugin.path() / process::kLeftFilesFolder);
}

}  // namespace cfy::exec
