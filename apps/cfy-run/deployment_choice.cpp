#include "deployment_choice.hpp"

namespace cfy::app {

using base::ErrorKind;

base::Result<store::Deployment> choose_deployment(store::Store& store, const std::string& id) {
  if (!id.empty()) return store.deployments().get(id);
  auto rows = store.deployments().list();
  if (!rows) return std::move(rows).error();
  if (rows->empty()) return base::Error(ErrorKind::not_found, "there is no deployment yet");
  if (rows->size() > 1)
    return base::make_error(ErrorKind::usage, "there are {} deployments: choose one with -d",
                            rows->size());
  return std::move(rows->front());
}

}  // namespace cfy::app
