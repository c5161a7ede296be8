// The arguments of a call, a filter or a test.
#pragma once

#include <optional>

#include "templates/value.hpp"

namespace cfy::templates {

/// Evaluated.
struct Arguments {
  Items positional;
  std::vector<std::pair<std::string, Value>> named;
};

/// "no arguments", "one argument at most", ...
std::string at_most(std::size_t count);

/// Where a filter, a test or a function finds its arguments by place or name.
class ArgumentReader {
 public:
  /// Throws TemplateError for more than there are names, for unknown ones, and for two of one name.
  ArgumentReader(const std::string& function, const Arguments& arguments,
                 std::vector<std::string> names);
  bool has(std::size_t place) const { return values_[place].has_value(); }
  /// Neither missing nor none.
  bool has_some(std::size_t place) const { return has(place) && !values_[place]->is_none(); }
  /// Undefined when not given.
  Value value(std::size_t place) const;
  /// Throws TemplateError when it is not given.
  const Value& needed(std::size_t place) const;
  std::string text(std::size_t place, const std::string& otherwise) const;
  std::int64_t integer(std::size_t place, std::int64_t otherwise) const;
  bool truth(std::size_t place, bool otherwise) const;

 private:
  std::string function_;
  std::vector<std::string> names_;
  std::vector<std::optional<Value>> values_;
};

}  // namespace cfy::templates
