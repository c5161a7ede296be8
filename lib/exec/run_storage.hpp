// RunStorage: what intrinsic functions can ask for while an execution runs: the plan's inputs and
// nodes, and the instances as the book has them now.
#pragma once

#include <string>
#include <unordered_map>

#include "base/error.hpp"
#include "exec/instance_book.hpp"
#include "functions/evaluate.hpp"
#include "plan/plan.hpp"

namespace cfy::exec {

class RunStorage final : public functions::Storage {
 public:
  /// Both borrowed.
  RunStorage(const plan::Plan& plan, const InstanceBook& book);

  const json* find_input(std::string_view name) override;
  std::optional<functions::NodeFacts> find_node(std::string_view name) override;
  std::optional<functions::InstanceFacts> find_instance(std::string_view id) override;
  std::vector<functions::InstanceFacts> instances_of(std::string_view node) override;

  /// `value` with its functions evaluated. Errors: failed.
  base::Result<json> evaluate(const json& value, const functions::Context& context);

 private:
  functions::InstanceFacts facts_of(const store::NodeInstance& instance) const;

  const plan::Plan& plan_;
  const InstanceBook& book_;
  std::unordered_map<std::string_view, const plan::Node*> nodes_;
};

}  // namespace cfy::exec
