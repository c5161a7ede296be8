// Outside: what intrinsic functions ask for beyond their own deployment: secrets, other deployments
// of the same store, the system.
#pragma once

#include <string>
#include <vector>

#include "exec/secret_source.hpp"
#include "functions/storage.hpp"
#include "plan/plan.hpp"
#include "store/store.hpp"

namespace cfy::exec {

/// Used by the thread of the store.
class Outside {
 public:
  /// Both borrowed.
  Outside(store::Store& store, SecretSource& secrets) : store_(store), secrets_(secrets) {}

  functions::Answer secret(const std::string& name);
  std::vector<std::string> secrets_to_hide() const { return secrets_.values_to_hide(); }
  /// `path`: [deployment, capability, key or index, ...]; evaluated as that deployment sees it now.
  functions::Answer capability(const functions::json& path);
  /// `path`: [capability, key or index, ...] of the deployment that the label csys-obj-parent of
  /// `plan` names.
  functions::Answer environment_capability(const plan::Plan& plan, const functions::json& path);
  /// The deployments that use capabilities of this one. `property`: ids, names or count.
  functions::Answer consumers(const std::string& deployment_id, const std::string& property);

 private:
  base::Result<bool> is_consumer(const std::string& id, const std::string& deployment_id);

  store::Store& store_;
  SecretSource& secrets_;
  int depth_ = 0;  // deployments that ask each other
};

/// The tenant that everything here belongs to.
inline constexpr const char* kTenant = "default_tenant";
/// Who owns what this user makes: the login name.
std::string local_user();

}  // namespace cfy::exec
