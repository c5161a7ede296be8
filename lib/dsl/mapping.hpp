// Mappings: from "plugin.module.function", a script's path, a URL or an inline script to the
// plugin and function that run.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "dsl/context.hpp"
#include "dsl/imports.hpp"
#include "dsl/options.hpp"
#include "plan/plan.hpp"

namespace cfy::dsl {

/// What a mapping turned out to be.
struct Mapping {
  enum class Kind { function, script, inline_script, unknown, ambiguous, no_script_plugin };
  Kind kind = Kind::unknown;
  std::string plugin;                   ///< function, script, inline_script
  std::string operation;                ///< function only: the mapping without the plugin's name
  std::vector<std::string> candidates;  ///< ambiguous: the plugins that fit

  bool is_script() const { return kind == Kind::script || kind == Kind::inline_script; }
  /// The input that the script goes to.
  std::string_view script_input() const {
    return kind == Kind::inline_script ? "script_source" : "script_path";
  }
};

/// "scheme:rest": an address, whatever the scheme. Line ends do not count.
bool is_script_address(std::string_view text);
/// More than one line that is no address; line ends around the text do not count.
bool is_inline_script(std::string_view text);

class MappingResolver {
 public:
  /// @param plugin_order  names of the plugins in the order written
  MappingResolver(std::vector<std::string> plugin_order, const SourceFiles& files,
                  const LoadOptions& options);

  /// Cost: a look at the disk the first time a text is seen, then a look-up.
  const Mapping& resolve(const std::string& text);

  /// "did you mean" among the plugins, for a mapping that is unknown.
  std::string hint(std::string_view text) const;

 private:
  Mapping find(const std::string& text) const;
  bool is_script_file(std::string_view text) const;
  bool is_of_imported_blueprint(std::string_view text) const;
  Mapping script(bool is_inline) const;
  Mapping find_function(const std::string& text) const;
  const std::string* find_script_plugin() const;

  std::vector<std::string> plugins_;
  std::vector<std::filesystem::path> folders_;
  std::vector<std::string> imported_;  // "ns--" of each imported blueprint
  std::unordered_map<std::string, Mapping> known_;
};

}  // namespace cfy::dsl
