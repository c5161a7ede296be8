// Evaluation of intrinsic functions, when a deployment is made and at run time.
#pragma once

#include <string>

#include "functions/storage.hpp"

namespace cfy::functions {

/// deployment: functions that need a running deployment stay as they are, and so do those around
/// them. runtime: everything is evaluated.
enum class Stage { deployment, runtime };

/// What SELF, SOURCE and TARGET are. Instances are known at run time only; names of nodes serve
/// get_property, and get_attribute where the node has one instance. "" where there is none.
struct Context {
  Scope scope = Scope::none;
  std::string self, source, target;  ///< ids of instances
  std::string node, target_node;     ///< names: of SELF or SOURCE, of TARGET
  /// An instance of `node` to be taken wherever that node is named, by its own name too.
  std::string instance_hint;
  bool in_outputs = false;  ///< an attribute of an unclear instance gives "<ERROR: ...>" instead
  std::string path = "payload";  ///< how messages name the value
};

/// How far inside a value an evaluation is. Lists and dicts are levels of data; a function inside a
/// function, or inside what one gives, is a further evaluation.
struct Depth {
  int evaluations = 0;
  int levels = 0;  ///< of all that is being evaluated, together
};

/// Evaluates values. Keeps count of its work, so use one for one value or one deployment: together
/// they may take some millions of steps, so that functions that double their text cannot take all
/// memory and time.
class Evaluator {
 public:
  Evaluator(Storage& storage, Stage stage) : storage_(storage), stage_(stage) {}

  /// `value` with all functions in it evaluated, also those that other functions give.
  ///
  /// Faults: FunctionEvaluationError, InputEvaluationError, KeyError, ...;
  /// EvaluationRecursionLimitReached beyond kMaxEvaluations, which also ends circles, beyond a
  /// thousand levels of lists and dicts, and when the work is too much.
  Answer evaluate(json value, const Context& context);

 private:
  friend class Call;
  std::optional<Fault> resolve(json& value, const Context& context, Depth depth);
  std::optional<Fault> resolve_parts(json& value, const Context& context, Depth depth);
  std::optional<Fault> resolve_function(json& value, const Context& context, Depth depth);

  Storage& storage_;
  Stage stage_;
  std::size_t steps_ = 0;
  std::size_t allowed_steps_ = 10'000'000;
  std::size_t text_bytes_ = 0;
};

}  // namespace cfy::functions
