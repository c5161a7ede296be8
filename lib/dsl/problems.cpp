#include "dsl/problems.hpp"

#include <charconv>

#include "dsl/fields.hpp"

namespace cfy::dsl {
namespace {

const Entry* find_entry(const Value& value, const std::string& name) {
  for (const Entry& entry : entries_of(&value))
    if (entry.key->is_string() ? entry.key->text() == name : yaml::key_text(*entry.key) == name)
      return &entry;
  return nullptr;
}

const Value* step(const Value& value, const std::string& name) {
  if (value.is_map()) {
    const Entry* entry = find_entry(value, name);
    return entry == nullptr ? nullptr : entry->value;
  }
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
  if (!value.is_list() || error != std::errc() || end != name.data() + name.size()) return nullptr;
  return index < value.items().size() ? value.items()[index] : nullptr;
}

}  // namespace

const Value& locate(const Value& value, const schema::Path& path) {
  const Value* at = &value;
  for (const std::string& name : path) {
    const Value* next = step(*at, name);
    if (next == nullptr) break;
    at = next;
  }
  return *at;
}

base::SourceRange place_of(const schema::Problem& problem, const Value& value) {
  schema::Path path = problem.path;
  path.insert(path.end(), problem.focus.begin(), problem.focus.end());
  if (problem.at_key && !path.empty()) {
    const std::string name = path.back();
    path.pop_back();
    if (const Entry* entry = find_entry(locate(value, path), name)) return entry->key->range();
  }
  return locate(value, path).range();
}

void report(Context& context, const schema::Problems& problems, std::string_view subject,
            const Value& value, const Path& path) {
  for (const schema::Problem& problem : problems) {
    base::Diagnostic& error = context.error_of_type(problem.type, place_of(problem, value), path,
                                                    schema::to_sentence(subject, problem));
    error.code = problem.code;
    error.hint = problem.hint;
    const std::string inner = schema::to_string(problem.path);
    if (!inner.empty()) error.path += (inner.front() == '[' ? "" : ".") + inner;
  }
}

}  // namespace cfy::dsl
