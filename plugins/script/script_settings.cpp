// Reads the inputs of script_settings.hpp.
#include "script_settings.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/json_text.hpp"
#include "json_member.hpp"

namespace cfy::script {
namespace {

using nlohmann::json;

constexpr std::array<const char*, 4> kOwnInputs{"script_path", "script_source", "process",
                                                "ssl_cert_content"};

std::string text_of(const json& object, const char* key) {
  const json& value = member(object, key);
  if (value.is_null()) return {};
  if (!value.is_string())
    throw BadSettings(fmt::format("input '{}' must be a text, not {}", key, value.dump()));
  return value.get<std::string>();
}

void read_truth(const json& process, const char* key, bool& value) {
  const json& given = member(process, key);
  if (given.is_null()) return;
  if (!given.is_boolean())
    throw BadSettings(fmt::format("process.{} must be true or false, not {}", key, given.dump()));
  value = given.get<bool>();
}

std::string read_variable(const std::string& name, const json& value, const char* where) {
  if (name.empty() || name.find_first_of(std::string_view("=\0", 2)) != std::string::npos)
    throw BadSettings(
        fmt::format("{} '{}' cannot be the name of an environment variable", where, name));
  std::string text = to_environment_value(value);
  if (text.find('\0') != std::string::npos)
    throw BadSettings(
        fmt::format("the value of {} '{}' holds a zero byte, which cannot be in "
                    "an environment variable",
                    where, name));
  return text;
}

// What is too long for a variable can still be asked for.
void read_inputs(const json& inputs, ScriptSettings& settings) {
  for (const auto& [name, value] : inputs.items()) {
    std::string text = read_variable(name, value, "input");
    if (text.size() > room_for_value(name))
      settings.left_out.emplace_back(name, text.size());
    else
      settings.environment.emplace_back(name, std::move(text));
  }
}

void read_env(const json& env, ScriptSettings& settings) {
  if (!env.is_object()) throw BadSettings("process.env must be a dict");
  for (const auto& [name, value] : env.items()) {
    std::string text = read_variable(name, value, "process.env");
    if (text.size() > room_for_value(name))
      throw BadSettings(fmt::format(
          "process.env '{}' has {} bytes, and a variable of the environment has room for {}", name,
          text.size(), room_for_value(name)));
    std::erase_if(settings.left_out, [&key = name](const auto& one) { return one.first == key; });
    settings.environment.emplace_back(name, std::move(text));
  }
}

std::string join_arguments(const json& args) {
  if (args.is_null()) return {};
  if (args.is_string()) return args.get<std::string>();
  if (!args.is_array()) throw BadSettings("process.args must be a list");
  std::string joined;
  for (const json& one : args)
    joined += (joined.empty() ? "" : " ") + base::to_python_text(one);
  return joined;
}

void read_process(const json& process, ScriptSettings& settings) {
  if (!process.is_object()) throw BadSettings("input 'process' must be a dict");
  if (const json& env = member(process, "env"); !env.is_null()) read_env(env, settings);
  if (!member(process, "cwd").is_null()) settings.working_folder = text_of(process, "cwd");
  settings.arguments = join_arguments(member(process, "args"));
  settings.command_prefix = text_of(process, "command_prefix");
  const std::string proxy = text_of(process, "ctx_proxy_type");
  if (!proxy.empty() && proxy != "auto" && proxy != "http" && proxy != "none")
    throw BadSettings(
        fmt::format("process.ctx_proxy_type must be auto, http or none, not '{}'", proxy));
  settings.offers_ctx = proxy != "none";
  read_truth(process, "log_stdout", settings.log_stdout);
  read_truth(process, "log_stderr", settings.log_stderr);
  read_truth(process, "stderr_to_stdout", settings.stderr_to_stdout);
  if (!member(process, "eval_python").is_null()) {
    bool value = false;
    read_truth(process, "eval_python", value);
    settings.eval_python = value;
  }
}

}  // namespace

std::string to_environment_value(const json& value) {
  if (value.is_boolean() || value.is_structured()) return base::to_spaced_json(value);
  return base::to_python_text(value);
}

ScriptSettings read_settings(const json& inputs) {
  ScriptSettings settings;
  settings.script_path = text_of(inputs, "script_path");
  settings.script_source = text_of(inputs, "script_source");
  if (settings.script_path.empty() == settings.script_source.empty())
    throw BadSettings(
        "a script operation needs exactly one of the inputs script_path and script_source");
  settings.ssl_certificates = text_of(inputs, "ssl_cert_content");
  json variables = inputs;
  for (const char* own : kOwnInputs)
    variables.erase(own);
  read_inputs(variables, settings);
  if (const json& process = member(inputs, "process"); !process.is_null())
    read_process(process, settings);
  return settings;
}

}  // namespace cfy::script
