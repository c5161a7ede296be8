#include "dsl/fields.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"

namespace cfy::dsl {
namespace {

std::string_view shape_name(Shape shape) {
  switch (shape) {
    case Shape::any:
      return "any value";
    case Shape::string:
      return "a string";
    case Shape::boolean:
      return "a boolean";
    case Shape::integer:
      return "an integer";
    case Shape::number:
      return "a number";
    case Shape::list:
      return "a list";
    case Shape::map:
      return "a dict";
    case Shape::string_or_map:
      return "a string or a dict";
  }
  return "a value";
}

bool has_shape(const Value& value, Shape shape) {
  const Kind kind = value.kind();
  switch (shape) {
    case Shape::any:
      return true;
    case Shape::string:
      return kind == Kind::string;
    case Shape::boolean:
      return kind == Kind::boolean;
    case Shape::integer:
      return kind == Kind::integer;
    case Shape::number:
      return kind == Kind::integer || kind == Kind::floating;
    case Shape::list:
      return kind == Kind::list;
    case Shape::map:
      return kind == Kind::map;
    case Shape::string_or_map:
      return kind == Kind::string || kind == Kind::map;
  }
  return false;
}

void report_unknown_key(Context& context, const Value& key, std::span<const Field> fields,
                        std::string_view what, const Path& path) {
  std::vector<std::string> known;
  for (const Field& field : fields)
    known.emplace_back(field.name);
  const std::string name = yaml::key_text(key);
  context
      .error(1, key.range(), Path(path, name),
             fmt::format("'{}' is not a key of {}; known keys: {}", name, what,
                         base::join(known, ", ")))
      .hint = base::did_you_mean(name, known);
}

}  // namespace

bool check_shape(Context& context, const Value& value, Shape shape, const Path& path) {
  if (has_shape(value, shape)) return true;
  context.error(
      1, value.range(), path,
      fmt::format("expected {}, got {}", shape_name(shape), yaml::kind_name(value.kind())));
  return false;
}

bool check_fields(Context& context, const Value& map, std::span<const Field> fields,
                  std::string_view what, const Path& path) {
  if (!map.is_null() && !check_shape(context, map, Shape::map, path)) return false;
  bool is_good = true;
  for (const Entry& entry : entries_of(&map)) {
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const Field& known) {
      return entry.key->is_string() && entry.key->text() == known.name;
    });
    if (field == fields.end()) {
      report_unknown_key(context, *entry.key, fields, what, path);
      is_good = false;
    } else if (!entry.value->is_null()) {
      const Path inner(path, field->name);
      is_good &= check_shape(context, *entry.value, field->shape, inner);
      if (field->since_minor > 0)
        context.require_version(field->since_minor, fmt::format("'{}'", field->name),
                                entry.key->range(), inner);
    }
  }
  for (const Field& field : fields) {
    if (!field.is_required || find_given(map, field.name) != nullptr) continue;
    context.error(1, map.range(), Path(path, field.name),
                  fmt::format("{} needs the key '{}'", what, field.name));
    is_good = false;
  }
  return is_good;
}

const Value* find_given(const Value& map, std::string_view key) {
  const Value* value = map.find(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

const Value* find_map(const Value& map, std::string_view key) {
  const Value* value = map.find(key);
  return value == nullptr || !value->is_map() ? nullptr : value;
}

std::optional<std::string_view> find_text(const Value& map, std::string_view key) {
  const Value* value = map.find(key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return value->text();
}

std::span<const Entry> entries_of(const Value* map) {
  if (map == nullptr || !map->is_map()) return {};
  return map->entries();
}

std::span<const Value* const> items_of(const Value* list) {
  if (list == nullptr || !list->is_list()) return {};
  return list->items();
}

std::optional<std::string_view> name_of_key(Context& context, const Value& key, const Path& path) {
  if (key.is_string()) return key.text();
  context.error(1, key.range(), path,
                fmt::format("a name must be a string, got {} {}", yaml::kind_name(key.kind()),
                            yaml::key_text(key)));
  return std::nullopt;
}

}  // namespace cfy::dsl
