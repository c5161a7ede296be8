// One YAML text, loaded, with the diagnostics that it gave.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "base/diagnostics.hpp"
#include "yaml/load.hpp"
#include "yaml/to_json.hpp"

namespace cfy::yaml {

struct Loaded {
  explicit Loaded(std::string text, const LoadOptions& options = {}) {
    file = sources.add("test.yaml", std::move(text));
    root = load_yaml(sources, file, arena, diagnostics, options);
  }
  nlohmann::json json() const {
    return root == nullptr ? nlohmann::json("<none>") : to_json(*root);
  }
  /// "line:column message" of the first diagnostic, or an empty text.
  std::string first() const {
    if (diagnostics.all().empty()) return {};
    const base::Diagnostic& d = diagnostics.all().front();
    return fmt::format("{}:{} {}", d.range.line, d.range.column, d.message);
  }

  base::SourceMap sources;
  Arena arena;
  base::Diagnostics diagnostics;
  base::FileId file{};
  const Value* root = nullptr;
};

}  // namespace cfy::yaml
