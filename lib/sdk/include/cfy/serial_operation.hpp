// Serial operations: of the instances of a node, one waits for those before it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <cfy/operation.hpp>

namespace cfy {

/// When an instance waits for those of its node that have a lower index, as in Cloudify.
struct SerialOptions {
  /// It waits once so many instances of the node are in one of `states`; 0: always.
  std::int64_t threshold = 0;
  /// In other workflows nobody waits.
  std::vector<std::string> workflows = {"install"};
  /// It waits until all of them are in one of these.
  std::vector<std::string> states = {"started"};
};

namespace detail {

inline bool is_among(const std::vector<std::string>& texts, const std::string& text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

/// Throws CloudifySerializationRetry when it is not this instance's turn.
inline void need_turn(const OperationContext& ctx, const SerialOptions& options) {
  if (!is_among(options.workflows, ctx.workflow_id())) return;
  if (ctx.type() != "node-instance")
    throw NonRecoverable(
        "a serial operation takes the instances of a node in turn, and this one is for a " +
        ctx.type());
  std::int64_t ready = 0;
  std::string awaited;
  for (const json& one : ctx.instance().node_instances()) {
    const std::string state = member_text(one, "state");
    if (is_among(options.states, state))
      ++ready;
    else if (member_number(one, "index", 0) < ctx.instance().index())
      awaited += (awaited.empty() ? "" : ", ") + member_text(one, "id") + " (" + state + ")";
  }
  const bool waits = options.threshold == 0 || options.threshold <= ready;
  if (waits && !awaited.empty()) throw CloudifySerializationRetry("waiting for " + awaited);
}

}  // namespace detail
}  // namespace cfy
