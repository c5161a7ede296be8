#include "templates/comparison.hpp"

#include <fmt/format.h>

namespace cfy::templates {
namespace {

bool equal_items(const Items& left, const Items& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), equals);
}

bool equal_lists(const List& left, const List& right) {
  const bool comparable = left.kind == right.kind || (left.is_tuple() && right.is_tuple());
  return comparable && equal_items(left.items, right.items);
}

bool equal_dicts(const Dict& left, const Dict& right) {
  if (left.members.size() != right.members.size()) return false;
  for (const auto& [key, member] : left.members) {
    const Value* other = right.find(key);
    if (other == nullptr || !equals(member, *other)) return false;
  }
  return true;
}

bool are_ordered(const List& left, const List& right) {
  return (left.kind == List::Kind::list && right.kind == List::Kind::list) ||
         (left.is_tuple() && right.is_tuple());
}

}  // namespace

bool equals(const Value& left, const Value& right) {
  if (left.is_integer() && right.is_integer()) return left.scalar() == right.scalar();
  const auto left_number = to_number(left), right_number = to_number(right);
  if (left_number && right_number) return *left_number == *right_number;
  if (left.is_text() && right.is_text()) return left.str() == right.str();
  const List *left_list = left.as_list(), *right_list = right.as_list();
  if (left_list != nullptr && right_list != nullptr) return equal_lists(*left_list, *right_list);
  const Dict *left_dict = left.as_dict(), *right_dict = right.as_dict();
  if (left_dict != nullptr && right_dict != nullptr) return equal_dicts(*left_dict, *right_dict);
  if (left.is_object() && right.is_object()) return left.is_same(right);
  return (left.is_none() && right.is_none()) || (!left.is_defined() && !right.is_defined());
}

bool is_less(const Value& left, const Value& right) {
  if (left.defined().is_integer() && right.defined().is_integer())
    return left.scalar() < right.scalar();
  const auto left_number = to_number(left), right_number = to_number(right);
  if (left_number && right_number) return *left_number < *right_number;
  if (left.is_text() && right.is_text()) return left.str() < right.str();
  const List *left_list = left.as_list(), *right_list = right.as_list();
  if (left_list == nullptr || right_list == nullptr || !are_ordered(*left_list, *right_list))
    throw TemplateError(
        fmt::format("{} and {} have no order to compare by", left.type(), right.type()));
  const Items &mine = left_list->items, &others = right_list->items;
  for (std::size_t i = 0; i < mine.size() && i < others.size(); ++i)
    if (!equals(mine[i], others[i])) return is_less(mine[i], others[i]);
  return mine.size() < others.size();
}

bool contains(const Value& container, const Value& item) {
  const List* items = item.as_list();
  const bool is_never_key = !item.is_defined() || (items != nullptr && items->is_tuple());
  if (const Dict* dict = container.as_dict()) return !is_never_key && dict->find(item) != nullptr;
  if (container.is_text())
    return container.str().find(to_text(item, "what is looked for in a text")) != std::string::npos;
  if (!container.is_defined()) return false;
  const List* list = container.as_list();
  if (list == nullptr)
    throw TemplateError(
        fmt::format("'in' needs a list, a dict or a text on its right, not {}", container.type()));
  return std::any_of(list->items.begin(), list->items.end(),
                     [&item](const Value& one) { return equals(one, item); });
}

}  // namespace cfy::templates
