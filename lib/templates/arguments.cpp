#include "templates/arguments.hpp"

#include <fmt/format.h>

namespace cfy::templates {

std::string at_most(std::size_t count) {
  if (count == 0) return "no arguments";
  return count == 1 ? "one argument at most" : fmt::format("{} arguments at most", count);
}

ArgumentReader::ArgumentReader(const std::string& function, const Arguments& arguments,
                               std::vector<std::string> names)
    : function_(function), names_(std::move(names)), values_(names_.size()) {
  if (arguments.positional.size() > names_.size())
    throw TemplateError(fmt::format("'{}' takes {}", function_, at_most(names_.size())));
  for (std::size_t i = 0; i < arguments.positional.size(); ++i)
    values_[i] = arguments.positional[i];
  for (const auto& [name, value] : arguments.named) {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end())
      throw TemplateError(fmt::format("'{}' has no argument '{}'", function_, name));
    auto& place = values_[static_cast<std::size_t>(found - names_.begin())];
    if (place) throw TemplateError(fmt::format("'{}' is given '{}' twice", function_, name));
    place = value;
  }
}

Value ArgumentReader::value(std::size_t place) const {
  return values_[place] ? *values_[place] : Value::undefined(names_[place]);
}

const Value& ArgumentReader::needed(std::size_t place) const {
  if (!values_[place])
    throw TemplateError(fmt::format("'{}' needs its argument '{}'", function_, names_[place]));
  return *values_[place];
}

std::string ArgumentReader::text(std::size_t place, const std::string& otherwise) const {
  return values_[place] ? values_[place]->text() : otherwise;
}

std::int64_t ArgumentReader::integer(std::size_t place, std::int64_t otherwise) const {
  return values_[place] ? to_integer(*values_[place], names_[place].c_str()) : otherwise;
}

bool ArgumentReader::truth(std::size_t place, bool otherwise) const {
  return values_[place] ? values_[place]->is_true() : otherwise;
}

}  // namespace cfy::templates
