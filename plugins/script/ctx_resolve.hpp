// The grammar of ctx: a list of arguments, walked from the root of the context to an answer.
#pragma once

#include <nlohmann/json.hpp>

#include "ctx_tree.hpp"

namespace cfy::script {

/// What `ctx args...` answers. Throws std::runtime_error ("illegal path ..." where the arguments
/// lead nowhere) and StopOperation.
nlohmann::json resolve(const CtxObject& root, const nlohmann::json& args);

/// The same as one message of the endpoint: {"args": [...]} to
/// {"type": "result" | "stop_operation" | "error", "payload": ...}. Never throws.
nlohmann::json answer(CtxHost& host, const std::string& body);

}  // namespace cfy::script
