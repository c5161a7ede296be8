// The command line of ctx.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

namespace cfy::ctx {

struct Arguments {
  double timeout_s = 30;
  std::string socket_url;  ///< empty: $CTX_SOCKET_URL
  std::string json_prefix = "@";
  bool json_output = false;
  bool help = false;
  nlohmann::json args = nlohmann::json::array();  ///< texts, and values where JSON was given
};

/// Options may stand anywhere; what follows `--` is no option. A text: what is wrong, for people.
std::variant<Arguments, std::string> parse_arguments(const std::vector<std::string>& words);

inline constexpr const char* kUsage =
    "usage: ctx [-t SECONDS] [--socket-url URL] [--json-arg-prefix @] [-j] ARGUMENT...\n"
    "\n"
    "Asks the operation that runs this script: ctx node properties port,\n"
    "ctx instance runtime-properties url http://..., ctx logger info TEXT,\n"
    "ctx returns VALUE, ctx retry-operation MESSAGE, ctx abort-operation MESSAGE.\n"
    "An ARGUMENT that starts with @ is JSON: @42, '@{\"a\": 1}'.\n"
    "\n"
    "  -t, --timeout SECONDS     how long to wait for the answer (30)\n"
    "  --socket-url URL          where the operation listens ($CTX_SOCKET_URL)\n"
    "  --json-arg-prefix PREFIX  what marks an argument as JSON (@)\n"
    "  -j, --json-output         print the answer as JSON\n";

}  // namespace cfy::ctx
