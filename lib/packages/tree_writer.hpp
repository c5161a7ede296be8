// TreeWriter: files into a new folder, from a source that is not trusted: nothing is ever written
// outside of the folder, and not more than the limits allow.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace cfy::packages {

struct TreeLimits {
  std::uint64_t max_bytes = std::uint64_t{1} << 30U;  ///< of all files together
  std::size_t max_entries = 100'000;
};

/// Folders get mode 0700, files 0600, or 0700 where they are programs. Every error is of kind
/// plugin and names the entry; what was written until then stays, for the caller to remove.
class TreeWriter {
 public:
  /// @param root  an empty folder that nobody else writes to
  TreeWriter(std::filesystem::path root, const TreeLimits& limits);
  ~TreeWriter();
  TreeWriter(const TreeWriter&) = delete;
  TreeWriter& operator=(const TreeWriter&) = delete;

  // `name` is relative, with "/" between its parts. Refused: absolute names, "..", a name twice.
  base::Result<void> add_folder(const std::string& name);
  /// The file that write() goes to from now on.
  base::Result<void> begin_file(const std::string& name, bool is_program);
  base::Result<void> write(std::string_view bytes);
  /// Symbolic links are made by finish(), so that no file is written through one.
  base::Result<void> add_link(const std::string& name, const std::string& target);

  /// Errors besides: a link that leads out of the folder, or to nothing.
  base::Result<void> finish();

 private:
  base::Result<std::filesystem::path> place(const std::string& name);
  base::Result<void> check_link(const std::filesystem::path& link, const std::string& name) const;
  void close_file();

  const std::filesystem::path root_;
  const TreeLimits limits_;
  std::vector<std::pair<std::string, std::string>> links_;
  std::string file_name_;
  int fd_ = -1;
  std::uint64_t bytes_ = 0;
  std::size_t entries_ = 0;
};

}  // namespace cfy::packages
