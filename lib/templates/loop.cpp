#include "templates/loop.hpp"

#include "templates/comparison.hpp"

namespace cfy::templates {

void For::run(Scope& scope, std::string& out) const {
  go_over(list->evaluate(scope), 0, scope, out);
}

void For::go_over(const Value& value, std::size_t depth, Scope& scope, std::string& out) const {
  Items items;
  try {
    items = picked(items_of(value), scope);
  } catch (const TemplateError& error) {
    throw TemplateError(error.line() != 0 ? error.line() : line, error.what());
  }
  if (items.empty()) {
    const Scope::Inner inner(scope);
    return templates::run(otherwise, scope, out);
  }
  const auto loop = std::make_shared<Loop>(*this, items, depth, scope.frame());
  for (std::size_t i = 0; i < items.size(); ++i) {
    scope.count_step();
    loop->move_to(i);
    const Scope::Inner inner(scope);
    scope.set("loop", Value::of(loop));
    assign(target, items[i], scope);
    templates::run(block, scope, out);
  }
}

Items For::picked(Items items, Scope& scope) const {
  if (!condition) return items;
  Items wanted;
  for (Value& item : items) {
    const Scope::Inner inner(scope);
    assign(target, item, scope);
    if (condition->evaluate(scope).is_true()) wanted.push_back(std::move(item));
  }
  return wanted;
}

Value Loop::attribute(const std::string& name) {
  const std::size_t size = items_.size();
  if (name == "index") return at_ + 1;
  if (name == "index0") return at_;
  if (name == "revindex") return size - at_;
  if (name == "revindex0") return size - at_ - 1;
  if (name == "first") return at_ == 0;
  if (name == "last") return at_ + 1 == size;
  if (name == "length") return size;
  if (name == "depth") return depth_ + 1;
  if (name == "depth0") return depth_;
  if (name == "previtem" && at_ > 0) return items_[at_ - 1];
  if (name == "nextitem" && at_ + 1 < size) return items_[at_ + 1];
  return Object::attribute(name);
}

Value Loop::call(const Arguments& arguments, Scope& scope) {
  if (!statement_.is_recursive) throw TemplateError("loop() needs {% for ... recursive %}");
  const ArgumentReader reader("loop", arguments, {"iterable"});
  const Scope::Level level(scope, 10);
  const Scope::Inner inner(scope, frame_);
  std::string out;
  statement_.go_over(reader.needed(0), depth_ + 1, scope, out);
  return out;
}

Value Loop::call_method(const std::string& name, const Arguments& arguments, Scope& scope) {
  const bool is_known = name == "cycle" || name == "changed";
  if (!is_known || !arguments.named.empty()) return Object::call_method(name, arguments, scope);
  if (name == "cycle") {
    if (arguments.positional.empty()) throw TemplateError("loop.cycle() needs values");
    return arguments.positional[at_ % arguments.positional.size()];
  }
  const Value now = Value::tuple(arguments.positional);
  const bool is_new = !last_ || !equals(*last_, now);
  last_ = now;
  return is_new;
}

}  // namespace cfy::templates
