// The checks of call_arguments.hpp.
#include "call_arguments.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/json_text.hpp"

namespace cfy::script {

using nlohmann::json;

CallArguments::CallArguments(std::string function, const CtxArguments& arguments,
                             std::vector<std::string> names)
    : function_(std::move(function)), names_(std::move(names)), values_(names_.size()) {
  if (arguments.positional.size() > names_.size())
    throw std::runtime_error("ctx " + function_ + " takes " + std::to_string(names_.size()) +
                             " arguments at most");
  std::copy(arguments.positional.begin(), arguments.positional.end(), values_.begin());
  for (const auto& [name, value] : arguments.named.items()) {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end())
      throw std::runtime_error("ctx " + function_ + " has no argument '" + name + "'");
    values_[static_cast<std::size_t>(found - names_.begin())] = value;
  }
}

const json& CallArguments::at(std::size_t place) const {
  return values_.at(place);
}

void CallArguments::refuse(std::size_t place, const char* expected) const {
  throw std::runtime_error("ctx " + function_ + ": '" + names_[place] + "' must be " + expected);
}

std::string CallArguments::text(std::size_t place, const std::string& otherwise) const {
  return at(place).is_null() ? otherwise : base::to_python_text(at(place));
}

bool CallArguments::truth(std::size_t place) const {
  const json& value = at(place);
  if (value.is_null()) return false;
  if (value.is_boolean()) return value.get<bool>();
  if (value == "true" || value == "True") return true;
  if (value == "false" || value == "False") return false;
  refuse(place, "true or false");
}

std::string CallArguments::needed_text(std::size_t place) const {
  if (at(place).is_null()) refuse(place, "given");
  return text(place, "");
}

std::optional<double> CallArguments::seconds(std::size_t place) const {
  const json& value = at(place);
  if (value.is_null()) return std::nullopt;
  if (value.is_number() && value.get<double>() >= 0) return value.get<double>();
  if (value.is_string() && !value.get_ref<const std::string&>().empty()) {
    // Without the @ a number arrives as text; the original then fails much later.
    char* end = nullptr;
    const double number = std::strtod(value.get_ref<const std::string&>().c_str(), &end);
    if (*end == '\0' && number >= 0) return number;
  }
  refuse(place, "a number of seconds");
}

}  // namespace cfy::script
