#include "templates/object.hpp"

#include "templates/scope.hpp"

namespace cfy::templates {

Value Object::attribute(const std::string& name) {
  return Value::undefined(name);
}

Value Object::call(const Arguments&, Scope&) {
  throw TemplateError(fmt::format("{} cannot be called", type()));
}

Value Object::call_method(const std::string& name, const Arguments& arguments, Scope& scope) {
  const Value found = attribute(name);
  if (!found.is_defined())
    throw TemplateError(fmt::format("{} has no method '{}' that templates may call", type(), name));
  return call_value(name, found, arguments, scope);
}

Value call_value(const std::string& name, const Value& callee, const Arguments& arguments,
                 Scope& scope) {
  if (const auto object = callee.as_object()) return object->call(arguments, scope);
  throw TemplateError(
      fmt::format("'{}' cannot be called: it is {}", name, callee.defined().type()));
}

Value Namespace::attribute(const std::string& name) {
  const auto found = attributes_.find(name);
  return found == attributes_.end() ? Value::undefined(name) : found->second;
}

void Namespace::set(const std::string& name, Value value) {
  const auto [place, is_new] = attributes_.try_emplace(name, nullptr);
  if (is_new) bytes_ += name.size();
  bytes_ += value.bytes();
  bytes_ -= std::min(bytes_, place->second.bytes());
  place->second = std::move(value);
  constexpr std::size_t kLargest = std::size_t{256} << 20U;
  if (bytes_ > kLargest) throw TemplateError("the namespace has become too large");
}

Value Joiner::call(const Arguments& arguments, Scope&) {
  const ArgumentReader none("joiner", arguments, {});
  return std::exchange(is_used_, true) ? separator_ : Value("");
}

Value Cycler::attribute(const std::string& name) {
  return name == "current" ? items_[next_] : Value::undefined(name);
}

Value Cycler::call_method(const std::string& name, const Arguments& arguments, Scope& scope) {
  if (name != "next" && name != "reset") return Object::call_method(name, arguments, scope);
  const ArgumentReader none(name, arguments, {});
  if (name == "reset") {
    next_ = 0;
    return nullptr;
  }
  return items_[std::exchange(next_, (next_ + 1) % items_.size())];
}

}  // namespace cfy::templates
