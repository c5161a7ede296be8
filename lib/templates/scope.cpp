#include "templates/scope.hpp"

namespace cfy::templates {
namespace {

// Of expressions and macros within each other: more than one expression of any length, less than
// the stack of a thread.
constexpr int kDeepestLevel = 2500;
constexpr std::size_t kMostObjects = 100'000;

}  // namespace

Value Scope::find(const std::string& name) {
  for (const Frame* frame = frame_.get(); frame != nullptr; frame = frame->outer.get())
    if (const auto found = frame->variables.find(name); found != frame->variables.end())
      return found->second;
  const auto given = variables_.find(name);
  if (given == variables_.end()) return Value::undefined(name);
  return root_->variables.emplace(name, Value::from_json(*given)).first->second;
}

Scope::Level::Level(Scope& scope, int weight) : scope_(scope), weight_(weight) {
  if (scope.depth_ + weight > kDeepestLevel)
    throw TemplateError("what the template calls is nested too deeply");
  scope.depth_ += weight;
}

Value Scope::keep(std::shared_ptr<Object> object) {
  if (objects_.size() >= kMostObjects)
    throw TemplateError(
        fmt::format("the template makes more than {} macros and namespaces", kMostObjects));
  objects_.push_back(std::move(object));
  return Value::of(objects_.back());
}

void Scope::count_steps(std::size_t count) {
  steps_ += std::min(count, limits_.steps + 1);
  if (steps_ > limits_.steps)
    throw TemplateError(
        fmt::format("the template does not come to an end: gave up after {} steps", limits_.steps));
}

void Scope::check_size(std::size_t bytes) const {
  if (bytes > limits_.output_bytes)
    throw TemplateError(
        fmt::format("the template makes a text of more than {} bytes", limits_.output_bytes));
}

}  // namespace cfy::templates
