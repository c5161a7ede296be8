#include "exec/definitions.hpp"

namespace cfy::exec {

using base::Result;

Result<void> check_unchanged(store::Store& store, const std::string& id,
                             const std::optional<store::Deployment>& before) {
  const auto now = store.deployments().find_summary(id);
  if (!now) return now.error();
  const bool is_same = now->has_value() == before.has_value() &&
                       (!before || ((*now)->updated_ms == before->updated_ms &&
                                    (*now)->created_ms == before->created_ms &&
                                    (*now)->source_digest == before->source_digest));
  if (is_same) return {};
  return base::make_error(base::ErrorKind::conflict,
                          "deployment '{}' was {} by another process meanwhile; try again", id,
                          !*now ? "deleted" : (before ? "changed" : "made"));
}

Result<void> save_definitions(store::Store& store, const Definitions& definitions) {
  if (auto same = check_unchanged(store, definitions.row.id, definitions.before); !same)
    return same;
  if (!definitions.is_changed) return {};
  if (definitions.before) return store.deployments().update(definitions.row);
  if (auto made = store.deployments().create(definitions.row); !made) return made;
  return store.node_instances().create(definitions.instances);
}

}  // namespace cfy::exec
