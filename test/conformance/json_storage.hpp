// JsonStorage: the `storage` of a case as what functions can ask for.
#pragma once

#include <nlohmann/json.hpp>

#include "functions/storage.hpp"

namespace cfy::conformance {

using nlohmann::json;

class JsonStorage final : public functions::Storage {
 public:
  /// `storage` is borrowed.
  explicit JsonStorage(const json& storage) : storage_(storage) {}

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

 private:
  const json* find(const char* section, const std::string& key) const;
  functions::Answer two_steps(const char* section, const json& one, const json& other) const;
  const json& storage_;
};

}  // namespace cfy::conformance
