#include "import_settings.hpp"

#include <map>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/source.hpp"
#include "base/text.hpp"
#include "install_plugin.hpp"
#include "packages/version.hpp"
#include "store/store.hpp"
#include "yaml/load.hpp"
#include "yaml/to_json.hpp"

namespace cfy::app {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using base::make_error;
using base::Result;
using nlohmann::json;

class ConfigReader {
 public:
  ConfigReader(std::string path, dsl::LoadOptions& options)
      : path_(std::move(path)), options_(options) {}

  Result<void> read(std::string text) {
    base::SourceMap sources;
    base::Diagnostics diagnostics;
    yaml::Arena arena;
    const base::FileId file = sources.add(path_, std::move(text));
    const yaml::Value* root =
        yaml::load_yaml(sources, file, arena, diagnostics, {.ascii_only = false});
    if (diagnostics.has_errors()) {
      const base::Diagnostic& first = diagnostics.all().front();
      return make_error(ErrorKind::invalid, "{}: {}", to_string(sources, first.range),
                        first.message);
    }
    if (root == nullptr || root->is_null()) return {};
    const json config = yaml::to_json(*root);
    if (auto checked = check_keys(config, "", {"import_resolver"}); !checked) return checked;
    return config.contains("import_resolver") ? read_resolver(config["import_resolver"])
                                              : Result<void>();
  }

 private:
  Result<void> read_resolver(const json& resolver) {
    if (auto checked = check_keys(resolver, "import_resolver", {"rules", "fallback"}); !checked)
      return checked;
    const json fallback = resolver.value("fallback", json(true));
    if (!fallback.is_boolean()) return wrong("import_resolver.fallback", "true or false");
    options_.reads_unmatched_urls = fallback.get<bool>();
    const json rules = resolver.value("rules", json::array());
    if (!rules.is_array()) return wrong("import_resolver.rules", "a list");
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const json& rule = rules[i];
      if (!rule.is_object() || rule.size() != 1 || !rule.begin()->is_string() ||
          rule.begin().key().empty())
        return wrong(fmt::format("import_resolver.rules[{}]", i),
                     "a dict of one prefix and the text to put in its place");
      options_.import_rules.emplace_back(rule.begin().key(), rule.begin()->get<std::string>());
    }
    return {};
  }

  Result<void> check_keys(const json& map, const std::string& place,
                          const std::vector<std::string>& known) const {
    if (!map.is_object()) return wrong(place.empty() ? "the file" : place, "a dict");
    for (const auto& [key, value] : map.items())
      if (std::find(known.begin(), known.end(), key) == known.end()) {
        const std::string hint = base::did_you_mean(key, known);
        return make_error(ErrorKind::invalid, "{}: '{}{}{}' is no setting{}{}; there are: {}",
                          path_, place, place.empty() ? "" : ".", key, hint.empty() ? "" : ", ",
                          hint, base::join(known, ", "));
      }
    return {};
  }

  base::Error wrong(const std::string& place, const char* expected) const {
    return make_error(ErrorKind::invalid, "{}: {} must be {}", path_, place, expected);
  }

  const std::string path_;
  dsl::LoadOptions& options_;
};

Result<fs::path> find_definitions(const packages::PackageStore& store,
                                  const dsl::PluginImport& import) {
  packages::VersionRange range;
  for (const std::string& text : import.versions) {
    const auto part = packages::VersionRange::parse(text);
    if (!part) return part.error();
    range.add(*part);
  }
  const auto package = store.find(import.name, range);
  if (!package) return package.error();
  return packages::find_definitions(package->folder, import.dsl_minor);
}

// Cloudify's id of a blueprint is that under which it was uploaded. Here it is the name of its
// folder, or that of a deployment made from it.
Result<fs::path> find_blueprint(const fs::path& state_dir, const std::string& id) {
  std::error_code code;
  std::vector<store::Deployment> deployments;
  if (fs::exists(state_dir / "state.db", code)) {
    auto store = store::Store::open(state_dir);
    if (!store) return store.error();
    auto all = (*store)->deployments().list();
    if (!all) return all.error();
    deployments = *std::move(all);
  }
  std::set<std::string> paths, names;
  for (const store::Deployment& one : deployments) {
    if (one.id == id || one.blueprint_id == id) paths.insert(one.blueprint_path);
    names.insert({one.id, one.blueprint_id});
  }
  if (paths.size() == 1) return fs::path(*paths.begin());
  if (paths.size() > 1)
    return make_error(ErrorKind::conflict,
                      "several blueprints have that name: {}; choose one by an import rule for "
                      "'blueprint:{}' in {}",
                      base::join({paths.begin(), paths.end()}, ", "), id,
                      (state_dir / "config.yaml").string());
  const std::string hint = base::did_you_mean(id, {names.begin(), names.end()});
  return make_error(ErrorKind::not_found,
                    "no deployment has a blueprint '{}'{}{}; make one with `cfy-run init`, or add "
                    "an import rule for 'blueprint:{}' to {}",
                    id, hint.empty() ? "" : ", ", hint, id, (state_dir / "config.yaml").string());
}

}  // namespace

Result<void> read_import_settings(const Io& io, dsl::LoadOptions& options) {
  const packages::PackageStore plugins = package_store(io);
  options.find_plugin = [plugins](const dsl::PluginImport& import) {
    return find_definitions(plugins, import);
  };
  options.find_blueprint = [state_dir = io.state_dir](const std::string& id) {
    return find_blueprint(state_dir, id);
  };
  const fs::path path = io.state_dir / "config.yaml";
  options.rules_file = path.string();
  std::error_code code;
  if (!fs::exists(path, code)) return {};
  auto text = base::load_file(path, yaml::kMaxFileBytes);
  if (!text) return std::move(text).error();
  return ConfigReader(path.string(), options).read(*std::move(text));
}

}  // namespace cfy::app
