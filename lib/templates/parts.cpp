// value.name, value[key] and value[from:to:step].
#include <optional>

#include "templates/characters.hpp"
#include "templates/methods.hpp"
#include "templates/operators.hpp"

namespace cfy::templates {
namespace {

// The place of a Python index, which may count from the end; nothing when outside.
std::optional<std::size_t> place_of(const Value& index, std::size_t size) {
  std::int64_t at = to_integer(index, "an index");
  const auto count = static_cast<std::int64_t>(size);
  if (at < 0) at += count;
  if (at < 0 || at >= count) return std::nullopt;
  return static_cast<std::size_t>(at);
}

std::optional<Value> find_at(const Value& value, const Value& index) {
  const List* list = value.as_list();
  if (list != nullptr && !list->is_view()) {
    if (const auto place = place_of(index, list->items.size())) return list->items[*place];
  } else if (value.is_text()) {
    if (const auto found = character_at(value.str(), to_integer(index, "an index")))
      return value.is_safe() ? Value::safe(*found) : Value(*found);
  }
  return std::nullopt;
}

std::optional<Value> find_named(const Value& value, const std::string& name) {
  if (const auto object = value.as_object()) {
    Value found = object->attribute(name);
    if (found.is_defined()) return found;
  }
  const List* list = value.as_list();
  if (list != nullptr && list->kind == List::Kind::group) {
    if (name == "grouper") return list->items[0];
    if (name == "list") return list->items[1];
  }
  if (name.starts_with("__"))
    throw TemplateError(fmt::format("'{}' is Python's own and not for templates", name));
  if (has_method(value, name))
    throw TemplateError(
        fmt::format("'{}' of {} is a method: it needs brackets", name, value.type()));
  return std::nullopt;
}

std::string part_name(const Value& value, const Value& key) {
  const std::string shown = key.text();
  return value.name().empty() ? shown : value.name() + "." + shown;
}

// What of `size` items a slice takes.
struct Bounds {
  std::int64_t first, last, step;

  Bounds(const Value& from, const Value& to, const Value& by, std::int64_t size) {
    step = given(by) ? to_integer(by, "the step of a slice") : 1;
    if (step == 0) throw TemplateError("the step of a slice cannot be 0");
    const std::int64_t low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;
    const auto bound = [&](const Value& wanted, std::int64_t otherwise) {
      if (!given(wanted)) return otherwise;
      std::int64_t at = to_integer(wanted, "the bound of a slice");
      if (at < 0) at = at < -size ? -1 - size : at + size;
      return std::clamp(at, low, high);
    };
    first = bound(from, step > 0 ? low : high);
    last = bound(to, step > 0 ? high : low);
  }

 private:
  static bool given(const Value& value) { return value.is_defined() && !value.is_none(); }
};

}  // namespace

Value find_part(const Value& value, const Value& key) {
  std::optional<Value> found;
  if (const Dict* dict = value.defined().as_dict()) {
    const bool can_be_key = key.is_text() || key.is_scalar();
    if (const Value* member = can_be_key ? dict->find(key) : nullptr) return *member;
  }
  if (key.is_integer() || key.is_boolean()) found = find_at(value, key);
  if (key.is_text()) found = find_named(value, key.str());
  return found ? *found : Value::undefined(part_name(value, key));
}

Value cut_slice(const Value& value, const Value& from, const Value& to, const Value& step) {
  const List* list = value.defined().as_list();
  if (!value.is_text() && (list == nullptr || list->is_view()))
    throw TemplateError(fmt::format("[:] does not work on {}", value.type()));
  const Items items = items_of(value);
  const Bounds bounds(from, to, step, static_cast<std::int64_t>(items.size()));
  Items cut;
  std::string text;
  for (std::int64_t at = bounds.first; bounds.step > 0 ? at < bounds.last : at > bounds.last;) {
    const Value& item = items[static_cast<std::size_t>(at)];
    if (value.is_text())
      text += item.str();
    else
      cut.push_back(item);
    if (__builtin_add_overflow(at, bounds.step, &at)) break;
  }
  if (value.is_text()) return value.is_safe() ? Value::safe(text) : Value(text);
  return list->is_tuple() ? Value::tuple(std::move(cut)) : Value::list(std::move(cut));
}

}  // namespace cfy::templates
