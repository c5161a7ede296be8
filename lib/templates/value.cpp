#include "templates/value.hpp"

#include <fmt/format.h>

#include "templates/characters.hpp"
#include "templates/object.hpp"

namespace cfy::templates {
namespace {

constexpr int kDeepestValue = 500;  // what walks through a value must fit the stack
constexpr std::size_t kLargestValue = std::size_t{64} << 20U;
constexpr std::size_t kScalarBytes = 16;

// Throws when `holder` gets too deep or too large by having `item`.
template <typename Holder>
void grow(Holder& holder, const Value& item) {
  holder.depth = std::max(holder.depth, item.depth() + 1);
  if (holder.depth > kDeepestValue) throw TemplateError("the value is nested too deeply");
  holder.bytes += item.bytes();
  if (holder.bytes > kLargestValue)
    throw TemplateError(fmt::format("the value has more than {} bytes", kLargestValue));
}

// Equal keys have equal words: 1, 1.0 and True are one key, "1" is another.
std::string key_word(const Value& key) {
  if (key.is_text()) return "t" + key.str();
  if (key.is_none()) return "n";
  if (key.is_boolean()) return key.is_true() ? "1" : "0";
  if (key.is_integer()) return key.scalar().dump();
  if (key.is_float()) {
    const double number = *to_number(key);
    const bool is_whole =
        std::abs(number) < 9e15 && number == static_cast<double>(std::int64_t(number));
    return is_whole ? std::to_string(static_cast<std::int64_t>(number)) : key.scalar().dump();
  }
  throw TemplateError(fmt::format("{} cannot be the key of a dict", key.defined().type()));
}

}  // namespace

Value Value::undefined(std::string name) {
  Value value;
  value.data_ = Undefined{std::move(name)};
  return value;
}

Value Value::safe(std::string text) {
  Value value;
  value.data_ = Text{share(std::move(text)), true};
  return value;
}

Value Value::of(List list) {
  list.depth = 1;
  list.bytes = kScalarBytes;
  for (const Value& item : list.items)
    grow(list, item);
  Value value;
  value.data_ = std::make_shared<const List>(std::move(list));
  return value;
}

Value Value::list(Items items) {
  return of(List{.items = std::move(items)});
}

Value Value::tuple(Items items) {
  return of(List{.kind = List::Kind::tuple, .items = std::move(items)});
}

Value Value::dict(Members members) {
  Dict dict{.depth = 1, .bytes = kScalarBytes};
  dict.members.reserve(members.size());
  for (auto& [key, member] : members) {
    grow(dict, key);
    grow(dict, member);
    const auto [place, is_new] = dict.places.try_emplace(key_word(key), dict.members.size());
    if (is_new)
      dict.members.emplace_back(std::move(key), std::move(member));
    else
      dict.members[place->second].second = std::move(member);
  }
  Value value;
  value.data_ = std::make_shared<const Dict>(std::move(dict));
  return value;
}

Value Value::of(const std::shared_ptr<Object>& object) {
  Value value;
  value.data_ = std::weak_ptr<Object>(object);
  return value;
}

Value Value::from_json(const json& value) {
  return from_json(value, 0);
}

Value Value::from_json(const json& value, int depth) {
  if (depth > kDeepestValue) throw TemplateError("the value is nested too deeply");
  if (value.is_string()) return value.get_ref<const std::string&>();
  if (value.is_array()) {
    Items items;
    for (const json& item : value)
      items.push_back(from_json(item, depth + 1));
    return list(std::move(items));
  }
  if (value.is_object()) {
    Members members;
    for (const auto& [key, member] : value.items())
      members.emplace_back(key, from_json(member, depth + 1));
    return dict(std::move(members));
  }
  Value scalar;
  scalar.data_ = value;
  return scalar;
}

const List* Value::as_list() const {
  const auto* list = std::get_if<std::shared_ptr<const List>>(&data_);
  return list != nullptr ? list->get() : nullptr;
}

const Dict* Value::as_dict() const {
  const auto* dict = std::get_if<std::shared_ptr<const Dict>>(&data_);
  return dict != nullptr ? dict->get() : nullptr;
}

std::shared_ptr<Object> Value::as_object() const {
  const auto* object = std::get_if<std::weak_ptr<Object>>(&data_);
  if (object == nullptr) return nullptr;
  auto alive = object->lock();
  if (!alive) throw TemplateError("'loop' is used after its loop has ended");
  return alive;
}

const Value& Value::defined() const {
  if (!is_defined()) throw TemplateError(fmt::format("'{}' is undefined", name()));
  return *this;
}

std::string Value::name() const {
  const auto* undefined = std::get_if<Undefined>(&data_);
  return undefined != nullptr ? undefined->name : "";
}

bool Value::is_true() const {
  if (is_scalar()) return !is_none() && *to_number(*this) != 0;
  if (is_text()) return !str().empty();
  if (const List* list = as_list()) return !list->items.empty();
  if (const Dict* dict = as_dict()) return !dict->members.empty();
  return is_object();
}

std::string Value::type() const {
  if (is_text()) return "str";
  if (const List* list = as_list()) {
    static constexpr const char* kWords[] = {"list",      "tuple",       "tuple",     "range",
                                             "dict_keys", "dict_values", "dict_items"};
    return kWords[static_cast<std::size_t>(list->kind)];
  }
  if (as_dict() != nullptr) return "dict";
  if (is_object()) return as_object()->type();
  if (!is_defined()) return "undefined";
  if (is_none()) return "None";
  return is_boolean() ? "bool" : is_integer() ? "int" : "float";
}

int Value::depth() const {
  if (const List* list = as_list()) return list->depth;
  const Dict* dict = as_dict();
  return dict != nullptr ? dict->depth : 0;
}

std::size_t Value::bytes() const {
  if (is_text()) return kScalarBytes + str().size();
  if (const List* list = as_list()) return list->bytes;
  const Dict* dict = as_dict();
  return dict != nullptr ? dict->bytes : kScalarBytes;
}

bool Value::is_same(const Value& other) const {
  if (is_object() && other.is_object()) return as_object() == other.as_object();
  if (as_list() != nullptr || as_dict() != nullptr)
    return as_list() == other.as_list() && as_dict() == other.as_dict();
  if (is_text() && other.is_text()) return str() == other.str();
  return is_scalar() && other.is_scalar() && scalar().type() == other.scalar().type() &&
         scalar() == other.scalar();
}

const Value* Dict::find(const Value& key) const {
  const auto place = places.find(key_word(key));
  return place == places.end() ? nullptr : &members[place->second].second;
}

std::optional<double> to_number(const Value& value) {
  if (value.is_boolean()) return value.scalar().get<bool>() ? 1 : 0;
  if (value.is_number()) return value.scalar().get<double>();
  return std::nullopt;
}

std::int64_t to_integer(const Value& value, const char* what) {
  if (value.is_boolean()) return value.scalar().get<bool>() ? 1 : 0;
  if (!value.defined().is_integer())
    throw TemplateError(fmt::format("{} must be a whole number, not {}", what, value.shown()));
  const json& number = value.scalar();
  if (number.is_number_unsigned() && number.get<std::uint64_t>() > INT64_MAX)
    throw TemplateError(fmt::format("{} is too large: {}", what, number.dump()));
  return number.get<std::int64_t>();
}

const std::string& to_text(const Value& value, const char* what) {
  if (!value.defined().is_text())
    throw TemplateError(fmt::format("{} must be a text, not {}", what, value.type()));
  return value.str();
}

Items items_of(const Value& value) {
  if (!value.is_defined()) return {};
  if (const List* list = value.as_list()) return list->items;
  Items items;
  if (const Dict* dict = value.as_dict()) {
    for (const auto& [key, member] : dict->members)
      items.push_back(key);
  } else if (value.is_text()) {
    for (std::string& one : characters(value.str()))
      items.emplace_back(std::move(one));
  } else {
    throw TemplateError(fmt::format("{} has no items to go over", value.type()));
  }
  return items;
}

}  // namespace cfy::templates
