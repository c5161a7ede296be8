// CallArguments: the arguments of one call of a ctx function, by place or by name, checked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ctx_tree.hpp"

namespace cfy::script {

class CallArguments {
 public:
  /// Throws std::runtime_error for what the function does not take.
  /// @param names  of all parameters, in their order
  CallArguments(std::string function, const CtxArguments& arguments,
                std::vector<std::string> names);

  std::string text(std::size_t place, const std::string& otherwise) const;
  const nlohmann::json& value(std::size_t place) const { return at(place); }
  bool truth(std::size_t place) const;
  std::string needed_text(std::size_t place) const;
  /// A number, or a text that is one; nothing when not given or null.
  std::optional<double> seconds(std::size_t place) const;

 private:
  const nlohmann::json& at(std::size_t place) const;
  [[noreturn]] void refuse(std::size_t place, const char* expected) const;

  std::string function_;
  std::vector<std::string> names_;
  std::vector<nlohmann::json> values_;  // null where not given
};

}  // namespace cfy::script
