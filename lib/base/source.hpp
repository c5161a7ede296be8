// Where something stands in a user's file: SourceMap keeps the files read, SourceRange names a
// stretch of one. A range is small and copied freely; it follows a value from YAML to the plan.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace cfy::base {

/// A file of a SourceMap. 0 is "no file": the value was made by the program.
enum class FileId : std::uint32_t { none = 0 };

/// Lines and columns are 1-based, columns count characters (code points); `end_column` is one past
/// the last character. A range without a line (0) speaks of its whole file.
struct SourceRange {
  FileId file = FileId::none;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t end_line = 0;
  std::uint32_t end_column = 0;

  bool is_known() const { return file != FileId::none; }
  bool operator==(const SourceRange&) const = default;
};

/// The texts that were read, so that an error can show its line. Not thread safe while adding.
class SourceMap {
 public:
  /// @param shown_path  how the file is named to the user
  FileId add(std::string shown_path, std::string text);

  std::string_view path(FileId file) const;
  std::string_view text(FileId file) const;
  /// The line without its end; empty when there is none such. Cost: O(log lines) after the first
  /// call for a file.
  std::string_view line_text(FileId file, std::uint32_t line) const;
  std::size_t size() const { return files_.size(); }

 private:
  struct File {
    std::string path;
    std::string text;
    mutable std::vector<std::size_t> line_starts;  // filled at the first question
  };
  const File& get(FileId file) const;
  std::deque<File> files_;  // a deque: string_views given out stay valid
};

/// "blueprint.yaml:14:11", "blueprint.yaml" for a whole file, "" when unknown.
std::string to_string(const SourceMap& sources, const SourceRange& range);

}  // namespace cfy::base
