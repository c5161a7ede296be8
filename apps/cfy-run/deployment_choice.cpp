#include "deployment_choice.hpp"

#include "base/text.hpp"

namespace cfy::app {

using base::ErrorKind;

base::Result<store::Deployment> choose_deployment(store::Store& store, const std::string& id) {
  if (!id.empty()) return store.deployments().get(id);
  auto rows = store.deployments().list();
  if (!rows) return std::move(rows).error();
  if (rows->empty()) return base::Error(ErrorKind::not_found, "there is no deployment yet");
  if (rows->size() > 1) {
    constexpr std::size_t kShown = 5;
    std::vector<std::string> names;
    for (const store::Deployment& row : *rows)
      if (names.size() < kShown) names.push_back(row.id);
    return base::make_error(ErrorKind::usage, "there are {} deployments: choose one with -d: {}{}",
                            rows->size(), base::join(names, ", "),
                            rows->size() > kShown ? ", ..." : "");
  }
  return store.deployments().get(rows->front().id);  // lists leave the plan out
}

base::Result<void> check_deployment(store::Store& store, const std::optional<std::string>& id) {
  if (!id) return {};
  const auto row = store.deployments().get(*id);
  if (!row) return row.error();
  return {};
}

}  // namespace cfy::app
