// Checks workflow parameters.
#include "deploy/parameters.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "deploy/plan_storage.hpp"
#include "deploy/report.hpp"
#include "schema/convert.hpp"

namespace cfy::deploy {
namespace {

constexpr const char* kErrorType = "IllegalExecutionParametersError";

class ParameterCheck {
 public:
  ParameterCheck(const plan::Plan& plan, std::string_view workflow, const ParameterOptions& options,
                 base::Diagnostics& diagnostics)
      : plan_(plan),
        workflow_(workflow),
        options_(options),
        diagnostics_(diagnostics),
        own_storage_(plan),
        evaluator_(options.storage != nullptr ? *options.storage : own_storage_,
                   functions::Stage::runtime) {
    completion_.data_types = &plan.data_types;
  }

  json check(const json& schemas, const GivenValues& given) {
    json parameters = json::object();
    for (auto schema = schemas.begin(); schema != schemas.end(); ++schema)
      check_one(schema.key(), *schema, given, parameters);
    for (const auto& [name, value] : given)
      if (!schemas.contains(name)) take_custom(name, value, schemas, parameters);
    return parameters;
  }

 private:
  void check_one(const std::string& name, const json& schema, const GivenValues& given,
                 json& parameters) {
    const auto found = given.find(name);
    if (found == given.end()) return take_default(name, schema, parameters);
    json value = read_given(found->second, schema::type_of(schema), options_.read_text);
    if (!evaluate(name, value)) return;
    schema::Problems problems;
    value = schema::check_execution_value(value, schema, completion_, options_.lookup, problems);
    for (const schema::Problem& problem : problems)
      report(name, problem, found->second.value_at);
    parameters[name] = std::move(value);
  }

  // A default that breaks the schema is the blueprint's business, except for what it evaluates to.
  void take_default(const std::string& name, const json& schema, json& parameters) {
    const auto fallback = schema.find("default");
    if (fallback == schema.end()) {
      const bool is_required = schema.value("required", json(true)) != json(false);
      if (is_required)
        report(name, {std::nullopt, kErrorType, "is mandatory and was not given", {}, ""}, {});
      return;
    }
    json value = *fallback;
    if (!evaluate(name, value)) return;
    if (value != *fallback) {
      schema::Problems problems;
      value = schema::check_execution_value(value, schema, completion_, options_.lookup, problems);
      for (const schema::Problem& problem : problems)
        report(name, problem, {});
    }
    parameters[name] = std::move(value);
  }

  void take_custom(const std::string& name, const GivenValue& given, const json& schemas,
                   json& parameters) {
    if (options_.allow_custom) {
      json value = read_given(given, "", options_.read_text);
      if (evaluate(name, value)) parameters[name] = std::move(value);
      return;
    }
    std::vector<std::string> names;
    for (auto schema = schemas.begin(); schema != schemas.end(); ++schema)
      names.push_back(schema.key());
    std::string hint = base::did_you_mean(name, names);
    if (hint.empty())
      hint = "others than the declared ones are passed on with --allow-custom-parameters";
    report(name,
           {std::nullopt,
            kErrorType,
            fmt::format("is not declared by workflow '{}'", workflow_),
            {},
            hint},
           given.name_at);
  }

  bool evaluate(const std::string& name, json& value) {
    if (!schema::contains_function(value)) return true;
    functions::Context context;
    context.path = path_of(name);
    functions::Answer answer = evaluator_.evaluate(std::move(value), context);
    if (answer.ok()) {
      value = std::move(answer.value);
      return true;
    }
    report_fault(plan_, *answer.fault, context.path, diagnostics_);
    return false;
  }

  std::string path_of(const std::string& name) const {
    return fmt::format("workflows.{}.parameters.{}", workflow_, name);
  }

  void report(const std::string& name, const schema::Problem& problem,
              const base::SourceRange& place) {
    report_problem(plan_, fmt::format("parameter '{}'", name), path_of(name), problem, place,
                   diagnostics_);
  }

  const plan::Plan& plan_;
  std::string workflow_;
  const ParameterOptions& options_;
  base::Diagnostics& diagnostics_;
  schema::CompleteOptions completion_;
  PlanStorage own_storage_;
  functions::Evaluator evaluator_;
};

void report_unknown_workflow(const plan::Plan& plan, std::string_view name,
                             base::Diagnostics& diagnostics) {
  std::vector<std::string> names;
  for (const auto& [known, workflow] : plan.workflows)
    names.push_back(known);
  base::Diagnostic& diagnostic = diagnostics.add({});
  diagnostic.type = "NonexistentWorkflowError";
  diagnostic.message = fmt::format("there is no workflow '{}'; workflows: {}", name,
                                   names.empty() ? "none" : base::join(names, ", "));
  diagnostic.path = "workflows";
  diagnostic.hint = base::did_you_mean(name, names);
}

}  // namespace

std::optional<json> check_parameters(const plan::Plan& plan, std::string_view workflow,
                                     const GivenValues& given, const ParameterOptions& options,
                                     base::Diagnostics& diagnostics) {
  const auto found = plan.workflows.find(workflow);
  if (found == plan.workflows.end()) {
    report_unknown_workflow(plan, workflow, diagnostics);
    return std::nullopt;
  }
  const std::size_t before = diagnostics.error_count();
  json parameters =
      ParameterCheck(plan, workflow, options, diagnostics).check(found->second.parameters, given);
  if (diagnostics.error_count() > before) return std::nullopt;
  return parameters;
}

}  // namespace cfy::deploy
