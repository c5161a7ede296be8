// The tree that ctx walks: `ctx node properties a.b` goes from the root to the attribute node, to
// the mapping properties, to the path a.b. Made anew for each call; cheap, as members are made when
// they are stepped into.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "ctx_host.hpp"

namespace cfy::script {

/// A value; where it is structured, further arguments may lead into it.
struct CtxValue {
  const nlohmann::json* value;
};
/// Runtime properties or node properties: at most one path, and then a value to set.
struct CtxMapping {
  const nlohmann::json* value;
  nlohmann::json* writable;  ///< nullptr: read only
  std::string name;          ///< for messages
};
/// The arguments of a call.
struct CtxArguments {
  std::vector<nlohmann::json> positional;
  nlohmann::json named;  ///< an object, or null: the last argument was no map
};
struct CtxFunction {
  std::function<nlohmann::json(const CtxArguments&)> call;
};
struct CtxObject;
using CtxNode = std::variant<CtxValue, CtxMapping, CtxFunction, CtxObject>;
/// Named members, with underscores where ctx may be given dashes.
struct CtxObject {
  std::map<std::string, std::function<CtxNode()>> members;
  /// Members that other operations have, and what to say about them here.
  std::map<std::string, std::string> forbidden = {};
  /// Members for which there is no function: those of this JSON object. May be nullptr.
  const nlohmann::json* values = nullptr;
};

/// The context of the operation behind `host`, which must outlive the tree.
CtxObject make_ctx_tree(CtxHost& host);

}  // namespace cfy::script
