#include "dsl/import_text.hpp"

#include <map>
#include <set>

#include <fmt/format.h>

#include "base/text.hpp"
#include "dsl/fields.hpp"
#include "schema/function_form.hpp"
#include "yaml/to_json.hpp"

namespace cfy::dsl {
namespace {

// Values of properties are plain, or functions.
void check_property_values(Context& context, const Value& properties, const Path& path) {
  for (const Entry& entry : properties.entries())
    if (entry.value->is_null() ||
        (entry.value->is_map() && !schema::is_function(yaml::to_json(*entry.value))))
      context.error(220, entry.value->range(), path,
                    fmt::format("the property '{}' of an import must be a string, a number, a "
                                "boolean, a list or an intrinsic function",
                                yaml::key_text(*entry.key)));
}

// {location: properties}: allowed from DSL 1_5 on.
bool read_dict_form(Context& context, const Value& item, const Path& path, ImportItem& import) {
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
  if (entry.value->is_map()) {
    context.require_version(5, "an import with properties", item.range(), path);
    import.properties = entry.value;
    check_property_values(context, *entry.value, path);
  }
  import.range = entry.key->range();
  return true;
}

bool split_namespace(Context& context, const Path& path, ImportItem& import) {
  const std::size_t at = import.location.rfind(kNamespaceDelimiter);
  if (at == std::string::npos || is_url(import.location.substr(0, at))) return true;
  import.name_space = import.location.substr(0, at);
  import.location.erase(0, at + kNamespaceDelimiter.size());
  if (import.name_space.find(kNamespaceDelimiter) == std::string::npos) return true;
  context.error(212, import.range, path,
                fmt::format("'{}' is no namespace: one name without '--' must stand before the "
                            "'--'",
                            import.name_space));
  return false;
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
  for (std::size_t i = 0; i < list->items().size(); ++i) {
    const Value& item = *list->items()[i];
    const Path path(section, i);
    ImportItem import;
    import.range = item.range();
    if (item.is_map()) {
      if (!read_dict_form(context, item, path, import)) continue;
    } else {
      if (item.is_null()) {
        context.error(220, item.range(), path, "an import must be a string or a dict, got null");
        continue;
      }
      if (!check_shape(context, item, Shape::string, path)) continue;
      import.location = item.text();
    }
    const auto [first, is_new] = seen.emplace(import.location, import.range);
    if (!is_new) {
      context.error(2, import.range, path, fmt::format("'{}' is imported twice", import.location))
          .notes.push_back({"first imported here", first->second});
      continue;
    }
    if (split_namespace(context, path, import)) imports.push_back(std::move(import));
  }
  return imports;
}

}  // namespace cfy::dsl
