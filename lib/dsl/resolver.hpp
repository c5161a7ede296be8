// Resolver: from the text of an import to the file behind it: beside the importing file, in the
// resource folders, bundled with the program, installed with a plugin, or behind a URL.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/source.hpp"
#include "dsl/import_text.hpp"
#include "dsl/options.hpp"

namespace cfy::dsl {

/// A text that was found.
struct FoundFile {
  std::string identity;  ///< the same for the same file: a canonical path, a URL, bundled:NAME
  std::string shown;     ///< how messages name it
  std::string text;
};

class Resolver {
 public:
  Resolver(const LoadOptions& options, int dsl_minor) : options_(options), minor_(dsl_minor) {}

  /// The main blueprint. Errors: not_found, io.
  base::Result<FoundFile> load_main() const;

  /// @param importer  identity of the importing file
  /// Errors: not_found (all places that were looked at), io.
  base::Result<FoundFile> load_import(const ImportItem& import, const std::string& importer) const;

  /// Fetch what of these comes from the network, side by side: load_import() has it then at once.
  /// What fails is told by that, too. Calls the hook from several threads.
  void fetch_together(const std::vector<ImportItem>& imports);

  void set_dsl_minor(int minor) { minor_ = minor; }

 private:
  base::Result<FoundFile> load_location(const std::string& location,
                                        const std::string& importer) const;
  base::Result<FoundFile> load_url(const std::string& url) const;
  base::Result<FoundFile> load_installed(const std::string& url) const;
  bool is_to_be_fetched(const ImportItem& import) const;
  base::Result<FoundFile> load_plugin(const std::string& location) const;
  base::Result<FoundFile> load_blueprint(const std::string& location) const;
  base::Result<FoundFile> load_path(const std::filesystem::path& path) const;
  std::optional<std::filesystem::path> find_local(const std::string& name,
                                                  const std::string& importer) const;
  std::string shown_name(const std::filesystem::path& path) const;

  const LoadOptions& options_;
  int minor_;
  std::map<std::string, base::Result<std::string>> fetched_;  // by address
};

/// Whether an identity is that of the bundled types file.
bool is_bundled(const std::string& identity);

/// The folder of a file by its identity; empty for what is no local file.
std::filesystem::path folder_of(const std::string& identity);

}  // namespace cfy::dsl
