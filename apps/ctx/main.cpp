// ctx: asks the operation that runs a script, over the endpoint in $CTX_SOCKET_URL. Exit code 0, 1
// when the answer is an error or the operation is to stop, 2 when the call itself makes no sense.
#include <cstdio>
#include <cstdlib>

#include "arguments.hpp"
#include "base/json_text.hpp"
#include "http_client.hpp"

namespace {

using cfy::ctx::Arguments;
using nlohmann::json;

int fail(int code, const std::string& message) {
  std::fprintf(stderr, "ctx: %s\n", message.c_str());
  return code;
}

// What is empty or false prints nothing, so that a shell's $(ctx ...) is empty as well.
bool is_empty_or_false(const json& value) {
  if (value.is_boolean()) return !value.get<bool>();
  if (value.is_number()) return value.get<double>() == 0;
  return value.is_string() ? value.get_ref<const std::string&>().empty() : value.empty();
}

int print(const json& value, bool as_json) {
  std::string text;
  if (as_json)
    text = cfy::base::to_spaced_json(value);
  else if (!is_empty_or_false(value))
    text = cfy::base::to_python_text(value);
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  return std::fflush(stdout) == 0 && written ? 0 : 1;
}

std::string text_member(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

int take_answer(const json& answer, bool json_output) {
  const std::string type = text_member(answer, "type");
  const json payload = answer.value("payload", json());
  if (type == "result") return print(payload, json_output);
  const std::string message = payload.is_object() ? text_member(payload, "message") : "";
  if (type == "error") return fail(1, message);
  if (type != "stop_operation") return fail(1, "the operation answered '" + type + "'");
  // The script is over, and this is why: said as it is.
  std::fprintf(stderr, "%s\n", message.c_str());
  return 1;
}

int run(const Arguments& arguments) {
  const char* variable = std::getenv("CTX_SOCKET_URL");
  const std::string url = !arguments.socket_url.empty() ? arguments.socket_url
                          : variable != nullptr         ? variable
                                                        : "";
  if (url.empty())
    return fail(2, "CTX_SOCKET_URL is not set: ctx works in scripts of operations only");
  const std::string body =
      json{{"args", arguments.args}}.dump(-1, ' ', false, json::error_handler_t::replace);
  const auto http = cfy::ctx::post(url, body, arguments.timeout_s);
  if (http.status == 0) return fail(1, "cannot ask the operation at " + url + ": " + http.error);
  const auto answer = cfy::base::parse_json(http.body, cfy::base::kDeepestOwnJson);
  if (http.status != 200 || !answer || !answer->is_object())
    return fail(1, "the operation at " + url + " refused the call (HTTP " +
                       std::to_string(http.status) + ")");
  return take_answer(*answer, arguments.json_output);
}

}  // namespace

int main(int argc, char** argv) {
  const auto parsed = cfy::ctx::parse_arguments(std::vector<std::string>(argv + 1, argv + argc));
  if (const auto* error = std::get_if<std::string>(&parsed)) return fail(2, *error);
  const Arguments& arguments = std::get<Arguments>(parsed);
  if (arguments.help || arguments.args.empty()) {
    std::fputs(cfy::ctx::kUsage, arguments.help ? stdout : stderr);
    return arguments.help ? 0 : 2;
  }
  return run(arguments);
}
