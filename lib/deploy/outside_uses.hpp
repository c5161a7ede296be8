// What a plan needs from outside of it: secrets, and capabilities of other deployments.
#pragma once

#include <functional>
#include <string>

#include "base/diagnostics.hpp"
#include "plan/plan.hpp"

namespace cfy::deploy {

using HasSecret = std::function<bool(const std::string& name)>;

/// The name that stands for a secret in the environment, behind CFY_SECRET_: capital letters and
/// digits, all else is "_".
std::string secret_variable(std::string_view name);
/// What to do about a secret that does not exist.
std::string how_to_give_secret(std::string_view name);

/// Report every secret that functions in `plan` name and that does not exist
/// (UnknownSecretError); without `has_secret` there are no secrets at all
/// (UnsupportedGetSecretError).
void check_secrets(const plan::Plan& plan, const HasSecret& has_secret,
                   base::Diagnostics& diagnostics);

/// The plan's inter_deployment_functions: each use of get_capability, for each instance that it
/// concerns. Needs the node instances.
plan::json find_inter_deployment_functions(const plan::Plan& plan);

}  // namespace cfy::deploy
