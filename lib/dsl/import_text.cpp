#include "dsl/import_text.hpp"

#include <map>
#include <set>

#include <fmt/format.h>

#include "base/text.hpp"
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

// "%3E%3D1.0" or ">=1.0", as a query may hold both.
std::string decode_query(std::string_view text) {
  const auto digit = [](char byte) {
    constexpr std::string_view kDigits = "0123456789abcdefABCDEF";
    const std::size_t at = kDigits.find(byte);
    return at == std::string_view::npos ? -1 : static_cast<int>(at < 16 ? at : at - 6);
  };
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_code =
        text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
    decoded += is_code ? static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2])) : text[i];
    if (is_code) i += 2;
  }
  return decoded;
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

base::Result<PluginImport> parse_plugin_import(std::string_view location, int dsl_minor) {
  location.remove_prefix(kPluginScheme.size());
  const std::size_t query = location.find('?');
  PluginImport import{std::string(location.substr(0, query)), {}, dsl_minor};
  if (import.name.empty())
    return base::Error(base::ErrorKind::invalid, "it names no plugin: write 'plugin:NAME'");
  if (query == std::string_view::npos) return import;
  for (const std::string& parameter : base::split(location.substr(query + 1), '&')) {
    if (parameter.empty()) continue;
    const std::size_t equals = parameter.find('=');
    const std::string name = decode_query(parameter.substr(0, equals));
    if (name == "distribution") continue;
    if (name != "version") {
      const std::string hint = base::did_you_mean(name, {"version", "distribution"});
      return base::make_error(
          base::ErrorKind::invalid,
          "'{}' is no parameter of a plugin import{}{}; there are: version, distribution", name,
          hint.empty() ? "" : ", ", hint);
    }
    import.versions.push_back(
        equals == std::string::npos ? "" : decode_query(parameter.substr(equals + 1)));
  }
  return import;
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
