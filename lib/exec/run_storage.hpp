// RunStorage: what intrinsic functions can ask for at run time: the plan's inputs and nodes, the
// instances as the book has them now, and what lies outside of the deployment.
#pragma once

#include <string>
#include <unordered_map>

#include "base/error.hpp"
#include "exec/instance_book.hpp"
#include "functions/evaluate.hpp"
#include "plan/plan.hpp"

namespace cfy::exec {

class Outside;

class RunStorage final : public functions::Storage {
 public:
  /// Plan, book and outside are borrowed; the row is not.
  /// @param outside  nullptr: secrets and other deployments are not known
  RunStorage(const plan::Plan& plan, const InstanceBook& book, const store::Deployment& deployment,
             Outside* outside);

  const json* find_input(std::string_view name) override;
  std::optional<functions::NodeFacts> find_node(std::string_view name) override;
  std::optional<functions::InstanceFacts> find_instance(std::string_view id) override;
  std::vector<functions::InstanceFacts> instances_of(std::string_view node) override;
  functions::Answer secret(const std::string& name) override;
  functions::Answer capability(const json& path) override;
  functions::Answer group_capability(const json& path) override;
  functions::Answer environment_capability(const json& path) override;
  functions::Answer label(const std::string& key) override;
  functions::Answer sys(const std::string& entity, const std::string& property) override;
  functions::Answer consumers(const std::string& property) override;

  /// `value` with its functions evaluated. Errors: failed.
  base::Result<json> evaluate(const json& value, const functions::Context& context);

 private:
  functions::InstanceFacts facts_of(const store::NodeInstance& instance) const;

  const plan::Plan& plan_;
  const InstanceBook& book_;
  std::string deployment_id_, blueprint_id_;
  Outside* outside_;
  std::unordered_map<std::string_view, const plan::Node*> nodes_;
};

}  // namespace cfy::exec
