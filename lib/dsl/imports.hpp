// All files of a blueprint, in the order in which they are merged.
#pragma once

#include <string>
#include <vector>

#include "dsl/context.hpp"
#include "dsl/options.hpp"

namespace cfy::dsl {

/// One file of a blueprint, read under one namespace.
struct SourceFile {
  const Value* root = nullptr;  ///< names are already in the namespace
  base::FileId file = base::FileId::none;
  std::string identity;                      ///< path, URL or bundled:NAME
  std::string name_space;                    ///< "a--b", or empty
  bool is_base_types = false;                ///< defines cloudify.nodes.Root and its kin
  const Value* plugin_properties = nullptr;  ///< values that its import sets, or nullptr
  base::SourceRange imported_at;
};

/// What a "blueprint:" import brought.
struct ImportedBlueprint {
  std::string id;
  std::string name_space;  ///< the whole one, "a--b"
  std::string identity;    ///< of its main file
};

struct SourceFiles {
  std::vector<SourceFile> files;  ///< the main file first
  std::vector<ImportedBlueprint> blueprints;
};

/// Read the main file and, breadth first, everything that it imports; each file once per
/// namespace, so that circles end. A "blueprint:" import comes with all its own imports at its
/// place. Also reads the DSL version into `context`.
///
/// Errors: 30 no main file, 13 an import cannot be read, 27-29 versions, what load_yaml() and
/// read_imports() find. Empty when there is no main file to go on with.
SourceFiles load_files(Context& context, const LoadOptions& options);

}  // namespace cfy::dsl
