// What values look like: Python's str() and repr(), and JSON.
#include <fmt/format.h>

#include "base/json_text.hpp"
#include "base/text.hpp"
#include "templates/object.hpp"
#include "templates/value.hpp"

namespace cfy::templates {
namespace {

void show(const Value& value, std::string& out);

void show_items(const Items& items, std::string& out) {
  const char* separator = "";
  for (const Value& item : items) {
    out += std::exchange(separator, ", ");
    show(item, out);
  }
}

void show_list(const List& list, const std::string& type, std::string& out) {
  if (list.kind == List::Kind::range) {
    out += list.range;
  } else if (list.is_tuple()) {
    out += '(';
    show_items(list.items, out);
    out += list.items.size() == 1 ? ",)" : ")";
  } else {
    out += list.is_view() ? type + "([" : "[";
    show_items(list.items, out);
    out += list.is_view() ? "])" : "]";
  }
}

void show_dict(const Dict& dict, std::string& out) {
  const char* separator = "{";
  for (const auto& [key, member] : dict.members) {
    out += std::exchange(separator, ", ");
    show(key, out);
    out += ": ";
    show(member, out);
  }
  out += dict.members.empty() ? "{}" : "}";
}

void show(const Value& value, std::string& out) {
  if (const List* list = value.as_list())
    show_list(*list, value.type(), out);
  else if (const Dict* dict = value.as_dict())
    show_dict(*dict, out);
  else if (value.is_text())
    out += value.is_safe() ? fmt::format("Markup({})", base::python_quoted(value.str()))
                           : base::python_quoted(value.str());
  else if (value.is_scalar())
    out += base::to_python_repr(value.scalar());
  else if (value.is_object())
    throw TemplateError(fmt::format("{} cannot be printed", value.as_object()->type()));
  else
    out += "Undefined";
}

std::string json_key(const Value& key) {
  if (key.is_text()) return key.str();
  return key.scalar().dump();
}

}  // namespace

std::string Value::text() const {
  if (is_text()) return str();
  return is_defined() ? shown() : "";
}

std::string Value::shown() const {
  std::string out;
  show(*this, out);
  return out;
}

json Value::to_json() const {
  if (is_scalar()) return scalar();
  if (is_text()) return str();
  if (const Dict* dict = as_dict()) {
    json object = json::object();
    for (const auto& [key, member] : dict->members)
      object[json_key(key)] = member.to_json();
    return object;
  }
  const List* list = as_list();
  if (list == nullptr || list->is_view() || list->kind == List::Kind::range)
    throw TemplateError(fmt::format("{} has no form in JSON", defined().type()));
  json array = json::array();
  for (const Value& item : list->items)
    array.push_back(item.to_json());
  return array;
}

}  // namespace cfy::templates
