// What templates may call: a few functions, and methods of Python's texts, lists and dicts.
#pragma once

#include "templates/scope.hpp"

namespace cfy::templates {

/// range(), dict(), namespace(), joiner(), cycler(). Throws TemplateError for what there is not.
Value call_function(const std::string& name, const Arguments& arguments, Scope& scope);

/// Whether there is a function of that name.
bool is_function(const std::string& name);

/// value.name(arguments). Throws TemplateError for what there is not.
Value call_method(const std::string& name, const Value& value, const Arguments& arguments,
                  Scope& scope);
/// Whether Python's type of the value has a method of that name, called here or not.
bool has_method(const Value& value, const std::string& name);

struct MethodUse;
using Method = Value (*)(const MethodUse&);
struct MethodUse {
  const std::string& name;
  const Value& value;
  const Arguments& arguments;
  Scope& scope;
};
/// Of texts; nullptr: templates cannot call it.
Method find_text_method(const std::string& name);
Value split_from_left(const MethodUse& use);
Value split_from_right(const MethodUse& use);

}  // namespace cfy::templates
