// SecretSource: the secrets that exist for one command, wherever they come from, and the mask that
// hides all of them. The environment wins over the file of --secrets, and that over the store: what
// was given for this one run before what was kept for all.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "event/secret_mask.hpp"
#include "store/store.hpp"

namespace cfy::exec {

using nlohmann::json;
using SecretValues = std::map<std::string, std::string, std::less<>>;

/// Reading is safe from one thread at a time, the mask from any.
class SecretSource {
 public:
  /// @param environment  without the prefix CFY_SECRET_
  /// @param file         of --secrets
  SecretSource(SecretValues environment, SecretValues file);

  /// Hide every secret of the store, too, whether the run asks for it or not: it may have left
  /// traces in runtime properties. Errors: state.
  base::Result<void> mask_stored(store::Store& store);

  /// The value now: one in the store may be replaced while a run waits for its next try.
  /// @param store  nullptr: there is none. Errors: state.
  base::Result<std::optional<std::string>> find(std::string_view name, store::Store* store);

  /// What whoever records a result without this process has to hide: all that mask() does, but for
  /// values of the store that are too long to go with each request.
  std::vector<std::string> values_to_hide() const;

  /// `value` as it may be stored: a text in it that is a secret becomes the function that gives it
  /// ({"get_secret": name}), one that contains secrets a concat of them. Keys are masked.
  json refer_to_secrets(const json& value) const;

  const event::SecretMask& mask() const { return mask_; }

 private:
  void remember(const std::string& name, const std::string& value);
  json refer_in_text(const std::string& text) const;

  SecretValues environment_, file_;
  SecretValues names_;  // the other way round: of each value that is masked
  event::SecretMask mask_;
};

}  // namespace cfy::exec
