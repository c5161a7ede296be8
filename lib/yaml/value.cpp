#include "yaml/value.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>
#include <optional>

#include <nlohmann/json.hpp>

#include "base/check.hpp"

namespace cfy::yaml {
namespace {

std::uint32_t add_weight(std::uint32_t left, std::uint32_t right) {
  const std::uint32_t sum = left + right;
  return sum < left ? std::numeric_limits<std::uint32_t>::max() : sum;
}

std::optional<double> number_of(const Value& value) {
  switch (value.kind()) {
    case Kind::boolean:
      return value.boolean() ? 1.0 : 0.0;
    case Kind::integer:
      return static_cast<double>(value.integer());
    case Kind::floating:
      return value.floating();
    default:
      return std::nullopt;
  }
}

}  // namespace

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return "boolean";
    case Kind::integer:
    case Kind::wide_integer:
      return "integer";
    case Kind::floating:
      return "float";
    case Kind::string:
      return "string";
    case Kind::timestamp:
      return "timestamp";
    case Kind::binary:
      return "binary";
    case Kind::list:
      return "list";
    case Kind::map:
      return "dict";
  }
  return "value";
}

bool Value::boolean() const {
  CFY_ASSERT(kind_ == Kind::boolean);
  return boolean_;
}

std::int64_t Value::integer() const {
  CFY_ASSERT(kind_ == Kind::integer);
  return integer_;
}

double Value::floating() const {
  CFY_ASSERT(kind_ == Kind::floating);
  return floating_;
}

std::string_view Value::text() const {
  CFY_ASSERT(kind_ == Kind::string || kind_ == Kind::wide_integer || kind_ == Kind::timestamp ||
             kind_ == Kind::binary);
  return {text_, size_};
}

std::span<const Value* const> Value::items() const {
  CFY_ASSERT(kind_ == Kind::list);
  return {items_, size_};
}

std::span<const Entry> Value::entries() const {
  CFY_ASSERT(kind_ == Kind::map);
  return {entries_, size_};
}

const Entry* Value::find_entry(std::string_view key) const {
  if (kind_ != Kind::map) return nullptr;
  for (const Entry& entry : entries())
    if (entry.key->is_string() && entry.key->text() == key) return &entry;
  return nullptr;
}

const Value* Value::find(std::string_view key) const {
  const Entry* entry = find_entry(key);
  return entry == nullptr ? nullptr : entry->value;
}

Value* Arena::make(Kind kind, const base::SourceRange& range) {
  auto* value = new (memory_.allocate(sizeof(Value), alignof(Value))) Value();
  value->kind_ = kind;
  value->range_ = range;
  return value;
}

std::string_view Arena::copy(std::string_view text) {
  if (text.empty()) return {};
  auto* bytes = static_cast<char*>(memory_.allocate(text.size(), 1));
  std::memcpy(bytes, text.data(), text.size());
  return {bytes, text.size()};
}

const Value* Arena::make_null(const base::SourceRange& range) {
  return make(Kind::null, range);
}

const Value* Arena::make_boolean(bool boolean, const base::SourceRange& range) {
  Value* value = make(Kind::boolean, range);
  value->boolean_ = boolean;
  return value;
}

const Value* Arena::make_integer(std::int64_t integer, const base::SourceRange& range) {
  Value* value = make(Kind::integer, range);
  value->integer_ = integer;
  return value;
}

const Value* Arena::make_floating(double number, const base::SourceRange& range) {
  Value* value = make(Kind::floating, range);
  value->floating_ = number;
  return value;
}

const Value* Arena::make_string(std::string_view text, const base::SourceRange& range) {
  return make_string_view(copy(text), range);
}

const Value* Arena::make_string_view(std::string_view text, const base::SourceRange& range) {
  Value* value = make(Kind::string, range);
  value->text_ = text.data();
  value->size_ = text.size();
  return value;
}

const Value* Arena::make_special(Kind kind, std::string_view text, const base::SourceRange& range) {
  Value* value = make(kind, range);
  const std::string_view kept = copy(text);
  value->text_ = kept.data();
  value->size_ = kept.size();
  return value;
}

const Value* Arena::make_list(std::span<const Value* const> items, const base::SourceRange& range) {
  Value* value = make(Kind::list, range);
  auto* kept = static_cast<const Value**>(
      memory_.allocate(items.size() * sizeof(const Value*) + 1, alignof(const Value*)));
  std::copy(items.begin(), items.end(), kept);
  value->items_ = kept;
  value->size_ = items.size();
  for (const Value* item : items)
    value->weight_ = add_weight(value->weight_, item->weight_);
  return value;
}

const Value* Arena::make_map(std::span<const Entry> entries, const base::SourceRange& range) {
  Value* value = make(Kind::map, range);
  auto* kept =
      static_cast<Entry*>(memory_.allocate(entries.size() * sizeof(Entry) + 1, alignof(Entry)));
  std::copy(entries.begin(), entries.end(), kept);
  value->entries_ = kept;
  value->size_ = entries.size();
  for (const Entry& entry : entries)
    value->weight_ = add_weight(value->weight_, add_weight(1, entry.value->weight_));
  return value;
}

bool is_same_key(const Value& left, const Value& right) {
  if (left.is_string() && right.is_string()) return left.text() == right.text();
  const auto left_number = number_of(left);
  const auto right_number = number_of(right);
  if (left_number && right_number) return *left_number == *right_number;
  return left.kind() == right.kind() && key_text(left) == key_text(right);
}

std::string key_text(const Value& key) {
  switch (key.kind()) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return key.boolean() ? "true" : "false";
    case Kind::integer:
      return std::to_string(key.integer());
    case Kind::floating:
      return nlohmann::json(key.floating()).dump();
    case Kind::list:
    case Kind::map:
      return std::string(kind_name(key.kind()));
    default:
      return std::string(key.text());
  }
}

}  // namespace cfy::yaml
