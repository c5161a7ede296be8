// Object: what is more than data: namespaces, macros, the `loop` of a loop.
#pragma once

#include <map>

#include "templates/arguments.hpp"

namespace cfy::templates {

class Scope;

/// Lives as long as its Scope, or its loop; values only point at it, so that nothing can keep
/// itself alive.
class Object {
 public:
  Object() = default;
  virtual ~Object() = default;
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

  virtual std::string type() const = 0;  ///< for messages: "a macro"
  /// Undefined where there is no such thing. The rest throw TemplateError.
  virtual Value attribute(const std::string& name);
  virtual Value call(const Arguments& arguments, Scope& scope);
  /// Of what has none of its own, calls the attribute.
  virtual Value call_method(const std::string& name, const Arguments& arguments, Scope& scope);
};

/// Calls `callee`, which is to be an object. Throws TemplateError.
Value call_value(const std::string& name, const Value& callee, const Arguments& arguments,
                 Scope& scope);

/// {% set ns.name = ... %} works across loops.
class Namespace final : public Object {
 public:
  std::string type() const override { return "a namespace"; }
  Value attribute(const std::string& name) override;
  /// Throws TemplateError when the namespace has become too large.
  void set(const std::string& name, Value value);

 private:
  std::map<std::string, Value> attributes_;
  std::size_t bytes_ = 0;
};

/// Nothing when called first, then a separator.
class Joiner final : public Object {
 public:
  explicit Joiner(Value separator) : separator_(std::move(separator)) {}
  std::string type() const override { return "a joiner"; }
  Value call(const Arguments& arguments, Scope& scope) override;

 private:
  Value separator_;
  bool is_used_ = false;
};

/// One value after the other: next(), current, reset().
class Cycler final : public Object {
 public:
  /// @param items  at least one
  explicit Cycler(Items items) : items_(std::move(items)) {}
  std::string type() const override { return "a cycler"; }
  Value attribute(const std::string& name) override;
  Value call_method(const std::string& name, const Arguments& arguments, Scope& scope) override;

 private:
  Items items_;
  std::size_t next_ = 0;
};

}  // namespace cfy::templates
