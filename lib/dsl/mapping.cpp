#include "dsl/mapping.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "dsl/import_text.hpp"
#include "dsl/namespaces.hpp"
#include "dsl/resolver.hpp"

namespace cfy::dsl {
namespace fs = std::filesystem;

bool is_script_address(std::string_view text) {
  std::string start(text.substr(0, text.find(':')));
  if (start.size() == text.size()) return false;
  std::erase_if(start, [](char c) { return c == '\n' || c == '\r' || c == '\t'; });
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto may_follow = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  };
  return !start.empty() && is_letter(start.front()) &&
         std::all_of(start.begin(), start.end(), may_follow);
}

bool is_inline_script(std::string_view text) {
  if (is_script_address(text)) return false;
  constexpr std::string_view kBlanks = " \t\n\r\v\f";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return false;
  const std::size_t last = text.find_last_not_of(kBlanks);
  return text.substr(first, last - first + 1).find('\n') != std::string_view::npos;
}

// Scripts lie beside the main blueprint or in a resource folder; those of imported blueprints lie
// beside these.
MappingResolver::MappingResolver(std::vector<std::string> plugin_order, const SourceFiles& files,
                                 const LoadOptions& options)
    : plugins_(std::move(plugin_order)) {
  if (!files.files.empty()) folders_.push_back(folder_of(files.files.front().identity));
  for (const fs::path& root : options.resource_roots)
    folders_.push_back(root);
  for (const ImportedBlueprint& blueprint : files.blueprints)
    imported_.push_back(blueprint.name_space + std::string(kNamespaceDelimiter));
}

const Mapping& MappingResolver::resolve(const std::string& text) {
  const auto found = known_.find(text);
  if (found != known_.end()) return found->second;
  return known_.emplace(text, find(text)).first->second;
}

bool MappingResolver::is_script_file(std::string_view text) const {
  std::string_view name = without_namespace(text);
  while (name.starts_with('/'))
    name.remove_prefix(1);
  if (name.empty() || name.find('\0') != std::string_view::npos) return false;
  for (const fs::path& folder : folders_) {
    std::error_code error;
    if (!folder.empty() && fs::is_regular_file(folder / name, error)) return true;
  }
  return false;
}

// The namespace says that the script comes with an imported blueprint: it need not lie here.
bool MappingResolver::is_of_imported_blueprint(std::string_view text) const {
  return std::any_of(imported_.begin(), imported_.end(),
                     [&](const std::string& prefix) { return text.starts_with(prefix); });
}

Mapping MappingResolver::script(bool is_inline) const {
  Mapping mapping;
  const std::string* plugin = find_script_plugin();
  mapping.kind = plugin == nullptr ? Mapping::Kind::no_script_plugin
                 : is_inline       ? Mapping::Kind::inline_script
                                   : Mapping::Kind::script;
  if (plugin != nullptr) mapping.plugin = *plugin;
  return mapping;
}

const std::string* MappingResolver::find_script_plugin() const {
  for (const std::string& plugin : plugins_)
    if (plugin.ends_with("script")) return &plugin;
  return nullptr;
}

Mapping MappingResolver::find_function(const std::string& text) const {
  Mapping mapping;
  for (const std::string& plugin : plugins_)
    if (text.size() > plugin.size() && text.starts_with(plugin) && text[plugin.size()] == '.')
      mapping.candidates.push_back(plugin);
  if (mapping.candidates.size() > 1) mapping.kind = Mapping::Kind::ambiguous;
  if (mapping.candidates.size() != 1) return mapping;
  mapping.kind = Mapping::Kind::function;
  mapping.plugin = mapping.candidates.front();
  mapping.operation = text.substr(mapping.plugin.size() + 1);
  return mapping;
}

Mapping MappingResolver::find(const std::string& text) const {
  const bool is_inline = is_inline_script(text);
  if (is_inline || is_script_address(text) || is_script_file(text)) return script(is_inline);
  Mapping mapping = find_function(text);
  if (mapping.kind == Mapping::Kind::unknown && is_of_imported_blueprint(text))
    return script(false);
  // A namespaced file may use a plugin that is in no namespace, such as those of the basic types.
  for (std::string_view rest = text; mapping.kind == Mapping::Kind::unknown;) {
    const std::size_t at = rest.find(kNamespaceDelimiter);
    if (at == std::string_view::npos) break;
    rest.remove_prefix(at + kNamespaceDelimiter.size());
    mapping = find_function(std::string(rest));
  }
  return mapping;
}

std::string MappingResolver::hint(std::string_view text) const {
  const std::string_view plugin = text.substr(0, text.find('.'));
  std::string hint = base::did_you_mean(plugin, plugins_);
  if (!hint.empty()) return hint;
  return "a mapping is 'plugin.function', a script beside the blueprint, a URL or an inline script";
}

}  // namespace cfy::dsl
