// The evaluator: parts before wholes, again and again until nothing is left to evaluate.
#include "functions/evaluate.hpp"

#include <fmt/format.h>

#include "functions/call.hpp"

namespace cfy::functions {
namespace {

// Each level of data takes a few hundred bytes of the stack: far from its end, and deeper than what
// anybody writes.
constexpr int kMaxLevels = 1'000;
constexpr std::size_t kStepsForEachValue = 1'000;
constexpr std::size_t kMaxTextBytes = 256UL * 1024 * 1024;

using Apply = Outcome (*)(Call&);

Apply find_apply(std::string_view name) {
  if (name == "get_input") return get_input;
  if (name == "get_property") return get_property;
  if (name == "get_attribute") return get_attribute;
  if (name == "get_attributes_list") return get_attributes_list;
  if (name == "get_attributes_dict") return get_attributes_dict;
  if (name == "concat") return concat;
  if (name == "merge") return merge;
  return name.substr(0, 7) == "string_" ? string_function : outside_function;
}

Fault limit_fault(std::string_view limit, const Context& context) {
  return {"EvaluationRecursionLimitReached",
          fmt::format("the evaluation of {} {}", context.path, limit)};
}

std::size_t text_size(const json& value) {
  return value.is_string() ? value.get_ref<const std::string&>().size() : 1;
}

}  // namespace

Fault Call::failure(std::string_view why) const {
  return {"FunctionEvaluationError",
          fmt::format("Unable to evaluate {} function: {}", form_.name, why)};
}

Answer Call::evaluate(json value, const Context& context) const {
  if (auto fault = evaluator_.resolve(value, context, depth_)) return *std::move(fault);
  return value;
}

Answer Evaluator::evaluate(json value, const Context& context) {
  allowed_steps_ += kStepsForEachValue;
  if (auto fault = resolve(value, context, {})) return *std::move(fault);
  return value;
}

std::optional<Fault> Evaluator::resolve_parts(json& value, const Context& context, Depth depth) {
  if (!value.is_structured()) return {};
  ++depth.levels;
  for (json& part : value)
    if (auto fault = resolve(part, context, depth)) return fault;
  return {};
}

std::optional<Fault> Evaluator::resolve(json& value, const Context& context, Depth depth) {
  if (depth.levels > kMaxLevels)
    return limit_fault(fmt::format("meets data nested deeper than {} levels", kMaxLevels), context);
  if (++steps_ > allowed_steps_ || text_bytes_ > kMaxTextBytes)
    return limit_fault("gives too much data", context);
  if (!is_function(value)) return resolve_parts(value, context, depth);
  return resolve_function(value, context, depth);
}

// Parts of the arguments and of what the function gives are one evaluation further in.
std::optional<Fault> Evaluator::resolve_function(json& value, const Context& context, Depth depth) {
  if (++depth.evaluations > kMaxEvaluations)
    return limit_fault(fmt::format("is nested deeper than {} evaluations", kMaxEvaluations),
                       context);
  Context current = context;
  for (int round = 0; round <= kMaxEvaluations; ++round) {
    if (auto fault = resolve_parts(value, current, depth)) return fault;
    const auto form = find_function(value);
    if (!form) return {};
    if (stage_ == Stage::deployment && find_info(form->name)->phase == Phase::runtime) return {};
    if (auto fault = check_arguments(*form)) return fault;
    Call call(*this, *form, current, depth);
    Outcome outcome = find_apply(form->name)(call);
    if (auto* fault = std::get_if<Fault>(&outcome)) return std::move(*fault);
    if (std::holds_alternative<StaysRaw>(outcome)) return {};
    json result = std::get<json>(std::move(outcome));
    if (result == value) break;  // what asks for itself
    text_bytes_ += text_size(result);
    value = std::move(result);
  }
  return limit_fault("goes round in a circle", context);
}

}  // namespace cfy::functions
