// Call: one function being evaluated. What the files of the families share; nobody else needs it.
#pragma once

#include <string_view>
#include <variant>

#include "functions/evaluate.hpp"

namespace cfy::functions {

/// The function has to wait for a later stage.
struct StaysRaw {};
using Outcome = std::variant<json, Fault, StaysRaw>;

class Call {
 public:
  Call(Evaluator& evaluator, const FunctionForm& form, Context& context, Depth depth)
      : form_(form), context_(context), evaluator_(evaluator), depth_(depth) {}

  std::string_view name() const { return form_.name; }
  const json& arguments() const { return *form_.arguments; }
  const json* result_type() const { return form_.result_type; }
  Storage& storage() const { return evaluator_.storage_; }
  Stage stage() const { return evaluator_.stage_; }

  /// Changes to it hold for the evaluation of this call's result.
  Context& context() const { return context_; }

  /// "Unable to evaluate get_x function: ..." of the class FunctionEvaluationError.
  Fault failure(std::string_view why) const;

  /// Evaluates a value met on the way, in `context`.
  Answer evaluate(json value, const Context& context) const;

 private:
  const FunctionForm& form_;
  Context& context_;
  Evaluator& evaluator_;
  Depth depth_;  ///< of the call's arguments
};

// One for each family; the arguments have been evaluated and have the right form.
Outcome get_input(Call& call);
Outcome get_property(Call& call);
Outcome get_attribute(Call& call);
Outcome get_attributes_list(Call& call);
Outcome get_attributes_dict(Call& call);
Outcome concat(Call& call);
Outcome merge(Call& call);
Outcome string_function(Call& call);
Outcome outside_function(Call& call);  // secrets, capabilities, labels, sys, consumers

/// `properties` followed along items 1.. of `path`; functions on the way are evaluated in `owner`.
/// StaysRaw where one of them has to wait; a json null with `*is_found` false where the way ends.
Outcome follow_properties(Call& call, const json& properties, const json& path,
                          const Context& owner, bool* is_found);

/// The context in which the properties of a node (or of one instance of it) are evaluated.
Context owner_context(const Context& from, const std::string& node, const std::string& instance);

}  // namespace cfy::functions
