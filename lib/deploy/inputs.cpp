// Applies inputs.
#include "deploy/inputs.hpp"

#include <set>

#include <fmt/format.h>

#include "base/text.hpp"
#include "deploy/plan_storage.hpp"
#include "deploy/report.hpp"
#include "schema/complete.hpp"
#include "schema/convert.hpp"

namespace cfy::deploy {
namespace {

// Values that break the schema of their type have a code of their own here.
schema::Problem as_input_problem(schema::Problem problem) {
  problem.code = 214;
  problem.type = "DSLParsingException";
  return problem;
}

class Application {
 public:
  Application(plan::Plan& plan, const InputOptions& options, base::Diagnostics& diagnostics)
      : plan_(plan), options_(options), diagnostics_(diagnostics) {
    completion_.data_types = &plan.data_types;
  }

  void apply(const GivenValues& given) {
    plan_.inputs = json::object();
    for (auto schema = plan_.input_schemas.begin(); schema != plan_.input_schemas.end(); ++schema)
      choose_value(schema.key(), *schema, given);
    report_unknown(given);
    for (auto schema = plan_.input_schemas.begin(); schema != plan_.input_schemas.end(); ++schema)
      if (plan_.inputs.contains(schema.key()) && unset_.count(schema.key()) == 0)
        check_value(schema.key(), *schema, place_of(given, schema.key()));
  }

 private:
  // Given, else the default, else what the data type has by default, else nothing.
  void choose_value(const std::string& name, const json& schema, const GivenValues& given) {
    if (const auto found = given.find(name); found != given.end()) {
      json value = read_given(found->second, schema::type_of(schema), options_.read_text);
      if (options_.auto_correct_types) value = schema::convert_text(value, schema::type_of(schema));
      plan_.inputs[name] = std::move(value);
      return;
    }
    const auto fallback = schema.find("default");
    if (fallback != schema.end() && !fallback->is_null()) {
      plan_.inputs[name] = *fallback;
      return;
    }
    schema::Problems incomplete;
    json value = schema::complete_value(json::object(), schema::type_of(schema), nullptr,
                                        completion_, incomplete);
    if (incomplete.empty() && !value.empty()) {
      plan_.inputs[name] = std::move(value);
    } else if (schema.value("required", json(true)) == json(false)) {
      plan_.inputs[name] = nullptr;
      unset_.insert(name);
    } else {
      report(name,
             {std::nullopt, "MissingRequiredInputError", "is required and was not given", {}, ""},
             {});
    }
  }

  void report_unknown(const GivenValues& given) {
    std::vector<std::string> names;
    for (auto schema = plan_.input_schemas.begin(); schema != plan_.input_schemas.end(); ++schema)
      names.push_back(schema.key());
    for (const auto& [name, value] : given)
      if (!plan_.input_schemas.contains(name))
        report(name,
               {std::nullopt,
                "UnknownInputError",
                "is not declared by the blueprint",
                {},
                base::did_you_mean(name, names)},
               value.name_at);
  }

  static base::SourceRange place_of(const GivenValues& given, const std::string& name) {
    const auto found = given.find(name);
    return found == given.end() ? base::SourceRange{} : found->second.value_at;
  }

  void check_value(const std::string& name, const json& schema, const base::SourceRange& place) {
    json& value = plan_.inputs[name];
    const std::size_t before = diagnostics_.error_count();
    schema::Problems problems;
    schema::check_constraints(value, with_known_constraints(schema), options_.lookup, problems);
    for (const schema::Problem& problem : problems)
      report(name, problem, place);
    problems.clear();
    json completed =
        schema::complete_value(value, schema::type_of(schema), nullptr, completion_, problems);
    for (schema::Problem& problem : problems)
      report(name, as_input_problem(std::move(problem)), place);
    if (diagnostics_.error_count() == before) value = std::move(completed);
  }

  // Arguments of constraints may be functions, of other inputs mostly.
  json with_known_constraints(const json& schema) {
    const auto found = schema.find("constraints");
    if (found == schema.end() || !schema::contains_function(*found)) return schema;
    PlanStorage storage(plan_);
    functions::Evaluator evaluator(storage, functions::Stage::deployment);
    auto answer = evaluator.evaluate(*found, {});
    json known = schema;
    if (answer.ok()) known["constraints"] = std::move(answer.value);
    return known;
  }

  void report(const std::string& name, const schema::Problem& problem,
              const base::SourceRange& place) {
    report_problem(plan_, fmt::format("input '{}'", name), "inputs." + name, problem, place,
                   diagnostics_);
  }

  plan::Plan& plan_;
  const InputOptions& options_;
  base::Diagnostics& diagnostics_;
  schema::CompleteOptions completion_;
  std::set<std::string> unset_;
};

}  // namespace

void apply_inputs(plan::Plan& plan, const GivenValues& given, const InputOptions& options,
                  base::Diagnostics& diagnostics) {
  Application(plan, options, diagnostics).apply(given);
}

}  // namespace cfy::deploy
