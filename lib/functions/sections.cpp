// Evaluates outputs and capabilities.
#include "functions/sections.hpp"

namespace cfy::functions {
namespace {

constexpr std::string_view kUnknownSecret = "UnknownSecretError";

bool is_unknown_secret(const json& value, Storage& storage) {
  const auto form = find_function(value);
  if (!form || form->name != "get_secret") return false;
  const json& arguments = *form->arguments;
  const json& name = arguments.is_array() && !arguments.empty() ? arguments.front() : arguments;
  if (!name.is_string()) return false;
  const Answer answer = storage.secret(name.get<std::string>());
  return !answer.ok() && answer.fault->type == kUnknownSecret;
}

Answer evaluate_section(const Outputs& section, Storage& storage, Context context) {
  Evaluator evaluator(storage, Stage::runtime);
  const std::string path = context.path;
  json values = json::object();
  for (const auto& [name, output] : section) {
    if (is_unknown_secret(output.value, storage)) continue;
    context.path = path + "." + name;
    Answer answer = evaluator.evaluate(output.value, context);
    if (!answer.ok()) return answer;
    values[name] = std::move(answer.value);
  }
  return values;
}

}  // namespace

Answer evaluate_outputs(const Outputs& outputs, Storage& storage) {
  Context context;
  context.scope = Scope::outputs;
  context.in_outputs = true;
  context.path = "outputs";
  return evaluate_section(outputs, storage, std::move(context));
}

Answer evaluate_capabilities(const Outputs& capabilities, Storage& storage) {
  Context context;
  context.scope = Scope::capabilities;
  context.path = "capabilities";
  return evaluate_section(capabilities, storage, std::move(context));
}

}  // namespace cfy::functions
