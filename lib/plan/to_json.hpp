// A Plan as JSON, and back.
#pragma once

#include <functional>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "base/error.hpp"
#include "plan/plan.hpp"

namespace cfy::plan {

enum class JsonForm {
  /// Cloudify's key names and nothing else: what `plan --json` shows. Parts that nodes share are
  /// written out for each.
  cloudify,
  /// For the store: with positions and all else a Plan holds; shared parts are written once.
  store,
};

/// Cost: linear in what is written.
json to_json(const Plan& plan, JsonForm form = JsonForm::cloudify);

/// Takes the next piece of a text.
using WriteText = std::function<void(std::string_view)>;

/// Write the text of to_json(plan), in one line without its end, piece by piece: much faster for
/// large plans, as what nodes share is turned into text once, and never whole in memory.
void write_json(const Plan& plan, const WriteText& write);

json to_json(const Node& node);
json to_json(const NodeInstance& instance);
json to_json(const ScalingGroup& group);

/// A Plan from either form. Parts that were written once are shared again. Errors: state, when
/// `plan` is neither.
base::Result<Plan> from_json(const json& plan);

/// One node, instance or scaling group in Cloudify's form. Errors: state.
base::Result<Node> node_from_json(const json& node);
base::Result<NodeInstance> instance_from_json(const json& instance);
base::Result<ScalingGroup> scaling_group_from_json(const json& group);

}  // namespace cfy::plan
