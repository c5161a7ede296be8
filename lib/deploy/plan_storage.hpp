// PlanStorage: a plan as what functions can ask for when a deployment is made.
#pragma once

#include <string_view>
#include <unordered_map>

#include "functions/evaluate.hpp"
#include "plan/plan.hpp"

namespace cfy::deploy {

/// Inputs and nodes of a plan, which is borrowed and may change values (not nodes) meanwhile.
class PlanStorage final : public functions::Storage {
 public:
  explicit PlanStorage(const plan::Plan& plan);

  const plan::json* find_input(std::string_view name) override;
  std::optional<functions::NodeFacts> find_node(std::string_view name) override;

 private:
  const plan::Plan& plan_;
  std::unordered_map<std::string_view, const plan::Node*> nodes_;
};

}  // namespace cfy::deploy
