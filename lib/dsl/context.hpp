// Context: what every phase of reading a blueprint needs: where to put mistakes, which DSL version
// counts, who owns the values. And Path: the dotted way to a value, spelled out only for an error.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostics.hpp"
#include "base/source.hpp"
#include "yaml/value.hpp"

namespace cfy::dsl {

using yaml::Entry;
using yaml::Kind;
using yaml::Value;

/// A way from the blueprint's root to a value, linked on the stack of the functions that walk it.
/// A Path must not outlive its parent, nor the text of its name.
class Path {
 public:
  Path() = default;
  Path(std::string_view name) : name_(name) {}  // NOLINT: "inputs" is a path
  Path(const Path& parent, std::string_view name) : parent_(&parent), name_(name) {}
  Path(const Path& parent, std::size_t index) : parent_(&parent), index_(index) {}

  /// "node_templates.web.relationships[0].type"
  std::string to_string() const;

 private:
  const Path* parent_ = nullptr;
  std::string_view name_;
  std::optional<std::size_t> index_;
};

class Context {
 public:
  Context(base::SourceMap& source_map, base::Diagnostics& found, yaml::Arena& values)
      : sources(source_map), diagnostics(found), arena(values) {}

  /// Add an error. The type follows from the code, as in the reference; change it in the result
  /// where that is not so. A range that is unknown becomes the main file.
  base::Diagnostic& error(int code, const base::SourceRange& range, const Path& path,
                          std::string message);
  /// An error for which the reference has a type but no code.
  base::Diagnostic& error_of_type(std::string type, const base::SourceRange& range,
                                  const Path& path, std::string message);
  base::Diagnostic& warning(const base::SourceRange& range, const Path& path, std::string message);

  /// False, with error 102, when `what` came with a later DSL version than the blueprint's.
  bool require_version(int since_minor, std::string_view what, const base::SourceRange& range,
                       const Path& path);

  /// "did you mean 'x'?" among `names()`, or an empty text. Only so many names are looked at for a
  /// whole blueprint: thousands of wrong references to thousands of names must not take minutes.
  std::string hint(std::string_view word, const std::function<std::vector<std::string>()>& names);

  /// Count values that the blueprint comes to hold through inheritance and defaults. False, with
  /// one error, once that is more than any blueprint needs: a small file can ask for any amount.
  bool spend(std::uint64_t values, const base::SourceRange& range, const Path& path);

  /// "blueprint.yaml:3:5"
  std::string at(const base::SourceRange& range) const { return to_string(sources, range); }

  base::SourceMap& sources;
  base::Diagnostics& diagnostics;
  yaml::Arena& arena;
  base::FileId main_file = base::FileId::none;
  int dsl_minor = 5;  ///< 3 for cloudify_dsl_1_3
  bool validate_version = true;
  /// The bundled types serve all versions of the DSL: what they use is never too new.
  base::FileId bundled_file = base::FileId::none;
  /// An import could not be read: a name that is unknown may well stand in it, so that is not told.
  bool misses_files = false;

 private:
  std::size_t names_for_hints_ = 1'000'000;
  std::uint64_t values_left_ = 20'000'000;
  bool has_spent_all_ = false;
  base::Diagnostic unsaid_;
};

}  // namespace cfy::dsl
