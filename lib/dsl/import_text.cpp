#include "dsl/import_text.hpp"

#include <map>
#include <set>

#include <fmt/format.h>

#include "dsl/fields.hpp"

namespace cfy::dsl {
namespace {

// {location: properties}: allowed from DSL 1_5 on.
bool read_dict_form(Context& context, const Value& item, const Path& path, ImportItem& import) {
  context.require_version(5, "an import with properties", item.range(), path);
  if (item.entries().size() != 1) {
    context.error(220, item.range(), path,
                  fmt::format("an import with properties must be a dict with one entry, not {}",
                              item.entries().size()));
    return false;
  }
  const Entry& entry = item.entries().front();
  const auto name = name_of_key(context, *entry.key, path);
  if (!name) return false;
  if (!entry.value->is_null() && !check_shape(context, *entry.value, Shape::map, path))
    return false;
  import.location = *name;
  import.properties = entry.value->is_map() ? entry.value : nullptr;
  import.range = entry.key->range();
  return true;
}

bool split_namespace(Context& context, const Path& path, ImportItem& import) {
  const std::size_t at = import.location.rfind(kNamespaceDelimiter);
  if (at == std::string::npos || is_url(import.location.substr(0, at))) return true;
  import.name_space = import.location.substr(0, at);
  import.location.erase(0, at + kNamespaceDelimiter.size());
  if (import.name_space.empty() ||
      import.name_space.find(kNamespaceDelimiter) != std::string::npos) {
    context.error(212, import.range, path,
                  fmt::format("'{}' is no namespace: one name without '--' must stand before the "
                              "'--'",
                              import.name_space));
    return false;
  }
  return true;
}

// A blueprint import needs a namespace that no other blueprint import of the file has.
bool check_blueprint_namespace(Context& context, const Path& path, const ImportItem& import,
                               std::map<std::string, base::SourceRange>& taken) {
  if (!import.is_blueprint()) return true;
  if (import.name_space.empty()) {
    context
        .error(213, import.range, path,
               fmt::format("'{}' needs a namespace, as every blueprint import", import.location))
        .hint = fmt::format("write 'name--{}'", import.location);
    return false;
  }
  const auto [first, is_new] = taken.emplace(import.name_space, import.range);
  if (is_new) return true;
  context
      .error(214, import.range, path,
             fmt::format("two blueprint imports have the namespace '{}'", import.name_space))
      .notes.push_back({"first used here", first->second});
  return false;
}

}  // namespace

bool is_url(std::string_view text) {
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos || colon == 0) return false;
  return text.substr(0, colon).find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV"
             "WXYZ0123456789+-.") == std::string_view::npos;
}

std::vector<ImportItem> read_imports(Context& context, const Value& root) {
  std::vector<ImportItem> imports;
  const Value* list = root.find("imports");
  const Path section("imports");
  if (list == nullptr || !check_shape(context, *list, Shape::list, section)) return imports;
  std::map<std::string, base::SourceRange> seen;
  std::map<std::string, base::SourceRange> blueprint_namespaces;
  for (std::size_t i = 0; i < list->items().size(); ++i) {
    const Value& item = *list->items()[i];
    const Path path(section, i);
    ImportItem import;
    import.range = item.range();
    if (item.is_map()) {
      if (!read_dict_form(context, item, path, import)) continue;
    } else {
      if (!check_shape(context, item, Shape::string, path)) continue;
      import.location = item.text();
    }
    const auto [first, is_new] = seen.emplace(import.location, import.range);
    if (!is_new) {
      context.error(2, import.range, path, fmt::format("'{}' is imported twice", import.location))
          .notes.push_back({"first imported here", first->second});
      continue;
    }
    if (split_namespace(context, path, import) &&
        check_blueprint_namespace(context, path, import, blueprint_namespaces))
      imports.push_back(std::move(import));
  }
  return imports;
}

}  // namespace cfy::dsl
