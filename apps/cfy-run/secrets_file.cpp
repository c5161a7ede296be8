#include "secrets_file.hpp"

#include <nlohmann/json.hpp>

#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/names.hpp"
#include "base/source.hpp"
#include "yaml/load.hpp"
#include "yaml/to_json.hpp"

namespace cfy::app {

using base::ErrorKind;
using nlohmann::json;

base::Result<exec::SecretValues> read_secrets_file(const std::string& path) {
  auto text = base::load_file(path, yaml::kMaxFileBytes, base::FileKind::any);
  if (!text) return base::make_error(ErrorKind::invalid, "--secrets: {}", text.error().message());
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  yaml::Arena arena;
  const base::FileId file = sources.add(path, *std::move(text));
  const yaml::Value* value =
      yaml::load_yaml(sources, file, arena, diagnostics, {.ascii_only = false});
  if (diagnostics.has_errors())
    return base::make_error(ErrorKind::invalid, "--secrets: not YAML or JSON: {}",
                            base::to_string(sources, diagnostics.all().front().range));
  exec::SecretValues secrets;
  if (value == nullptr || value->is_null()) return secrets;
  if (!value->is_map())
    return base::make_error(ErrorKind::invalid,
                            "--secrets: '{}' must hold a map of secrets, but is a {}", path,
                            yaml::kind_name(value->kind()));
  const json map = yaml::to_json(*value);
  for (const auto& [name, one] : map.items()) {
    if (auto checked = base::check_id("a secret", name); !checked)
      return std::move(checked).error().context("--secrets");
    if (one.is_null())
      return base::make_error(ErrorKind::invalid, "--secrets: secret '{}' in '{}' has no value",
                              name, path);
    secrets.emplace(name, one.is_string() ? one.get<std::string>() : one.dump());
  }
  return secrets;
}

}  // namespace cfy::app
