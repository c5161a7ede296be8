#include "base/source.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/check.hpp"

namespace cfy::base {

FileId SourceMap::add(std::string shown_path, std::string text) {
  files_.push_back({std::move(shown_path), std::move(text), {}});
  return static_cast<FileId>(files_.size());
}

const SourceMap::File& SourceMap::get(FileId file) const {
  const auto number = static_cast<std::size_t>(file);
  CFY_ASSERT(number >= 1 && number <= files_.size());
  return files_[number - 1];
}

std::string_view SourceMap::path(FileId file) const {
  return get(file).path;
}
std::string_view SourceMap::text(FileId file) const {
  return get(file).text;
}

std::string_view SourceMap::line_text(FileId id, std::uint32_t line) const {
  const File& file = get(id);
  if (file.line_starts.empty()) {
    file.line_starts.push_back(0);
    for (std::size_t at = 0; at < file.text.size(); ++at)
      if (file.text[at] == '\n') file.line_starts.push_back(at + 1);
  }
  if (line == 0 || line > file.line_starts.size()) return {};
  const std::size_t start = file.line_starts[line - 1];
  std::string_view rest = std::string_view(file.text).substr(start);
  rest = rest.substr(0, rest.find('\n'));
  if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
  return rest;
}

std::string to_string(const SourceMap& sources, const SourceRange& range) {
  if (!range.is_known()) return {};
  if (range.line == 0) return std::string(sources.path(range.file));
  return fmt::format("{}:{}:{}", sources.path(range.file), range.line, range.column);
}

}  // namespace cfy::base
