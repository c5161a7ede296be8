// A cluster: its first member founds it, each later one joins those that are there. Nobody may join
// while another one does, so the instances take turns: see the registration in plugin.cpp.
#include "examples.hpp"

cfy::json examples::join(cfy::OperationContext& ctx) {
  cfy::json members = cfy::json::array();
  for (const cfy::json& one : ctx.instance().node_instances())
    if (one["state"] == "started") members.push_back(one["id"]);
  ctx.logger().info(members.empty() ? "founds the cluster" : "joins " + members.dump());
  ctx.instance().runtime_properties()["joined"] = members;
  return members;
}
