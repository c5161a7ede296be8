// A blueprint in a folder of its own, loaded; with its plan as JSON and its mistakes as text.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "dsl/load.hpp"
#include "plan/to_json.hpp"
#include "support/temp_dir.hpp"

namespace cfy::dsl {

using nlohmann::json;

struct File {
  std::string name;
  std::string text;
};

class Loaded {
 public:
  /// @param main   text of blueprint.yaml; a line with the version is put before it when it has
  /// none
  explicit Loaded(const std::string& main, const std::vector<File>& files = {},
                  LoadOptions options = {}) {
    const bool has_version = main.find("tosca_definitions_version") != std::string::npos;
    options.path =
        folder.write("blueprint.yaml",
                     (has_version ? "" : "tosca_definitions_version: cloudify_dsl_1_5\n") + main);
    options.shown_path = "blueprint.yaml";
    for (const File& file : files)
      folder.write(file.name, file.text);
    for (auto& root : options.resource_roots)
      root = folder.path() / root;
    if (options.find_blueprint)
      options.find_blueprint = [this, find = options.find_blueprint](
                                   const std::string& id) -> base::Result<std::filesystem::path> {
        const auto path = find(id);
        if (!path) return path.error();
        return folder.path() / *path;
      };
    plan = load_blueprint(options, sources, diagnostics);
    if (plan) as_json = plan::to_json(*plan);
  }

  /// "blueprint.yaml:3:5 code 7: message" for each error, a line each.
  std::string errors() const { return texts(base::Severity::error); }
  std::string warnings() const { return texts(base::Severity::warning); }
  /// The codes of all errors, 0 for one without, in the order found.
  std::vector<int> codes() const {
    std::vector<int> found;
    for (const base::Diagnostic& each : diagnostics.all())
      if (each.severity == base::Severity::error) found.push_back(each.code.value_or(0));
    return found;
  }
  const json& node(std::size_t index) const { return as_json.at("nodes").at(index); }

  test::TempDir folder;
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  std::optional<plan::Plan> plan;
  json as_json;

 private:
  std::string texts(base::Severity severity) const {
    std::string text;
    for (const base::Diagnostic& each : diagnostics.all()) {
      if (each.severity != severity) continue;
      text += fmt::format("{} ", to_string(sources, each.range));
      if (each.code) text += fmt::format("code {}", *each.code);
      text += fmt::format(": {}\n", each.message);
    }
    return text;
  }
};

using Codes = std::vector<int>;

}  // namespace cfy::dsl
