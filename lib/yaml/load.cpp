#include "yaml/load.hpp"

#include <istream>
#include <optional>
#include <streambuf>

#include <fmt/format.h>
#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "base/text.hpp"
#include "yaml/builder.hpp"

namespace cfy::yaml {
namespace {

// More open brackets than this are refused before yaml-cpp sees the text: its scanner would read
// megabytes of them ahead. No sensible file has a hundredth of it, even inside its scripts.
constexpr std::int64_t kMaxOpenBrackets = 10'000;

// A stream that reads a text in place.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* start = const_cast<char*>(text.data());  // streambuf's interface; only read from
    setg(start, start, start + text.size());
  }
};

struct Place {
  std::string message;
  std::size_t offset;
};

// The place of the first byte that no text file holds, or of too many open brackets.
std::optional<Place> find_hopeless(std::string_view text) {
  std::int64_t open = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '[' || byte == '{') {
      if (++open > kMaxOpenBrackets)
        return Place{fmt::format("more than {} brackets are open here; is this a blueprint?",
                                 kMaxOpenBrackets),
                     at};
    } else if (byte == ']' || byte == '}') {
      if (open > 0) --open;
    } else if (byte == 0x7F || (byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t')) {
      return Place{fmt::format("the byte 0x{:02x} does not belong into a text file", byte), at};
    }
  }
  if (is_ascii(text) || base::to_valid_utf8(text) == text) return std::nullopt;
  const std::string fixed = base::to_valid_utf8(text);
  std::size_t at = 0;
  while (at < text.size() && at < fixed.size() && text[at] == fixed[at])
    ++at;
  return Place{"this is not valid UTF-8", at};
}

base::SourceRange range_of_offset(std::string_view text, std::size_t offset, base::FileId file) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_start =
      before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const auto line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n') + 1);
  auto column = static_cast<std::uint32_t>(1);
  for (const char c : before.substr(line_start))
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++column;
  return {file, line, column, line, column + 1};
}

// A tab in the indentation of the line at which yaml-cpp gave up, or of the one before: it passes
// over the tab itself and stumbles on what follows.
std::optional<std::size_t> find_indenting_tab(std::string_view text, const YAML::Mark& mark) {
  std::size_t end = std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text.size());
  for (int lines = 0; lines < 2; ++lines) {
    const std::size_t newline = text.rfind('\n', end == 0 ? 0 : end - 1);
    const std::size_t start = newline == std::string_view::npos || end == 0 ? 0 : newline + 1;
    const std::size_t tab = text.find_first_not_of(' ', start);
    if (tab < text.size() && text[tab] == '\t') return tab;
    if (start == 0) break;
    end = start - 1;
  }
  return std::nullopt;
}

// yaml-cpp's messages name its own states; these are the ones that beginners meet.
std::string in_plain_words(const std::string& message) {
  if (message == "end of map not found")
    return "a key of this dict, or its end, is expected here; are the lines indented alike?";
  if (message == "end of sequence not found")
    return "a '- ' of this list, or its end, is expected here; are the lines indented alike?";
  if (message == "end of sequence flow not found") return "a ',' or the ']' of a list is missing";
  if (message == "end of map flow not found") return "a ',' or the '}' of a dict is missing";
  if (message == "illegal map value")
    return "a ':' cannot stand here; quote a text that holds ': '";
  if (message == "illegal block entry")
    return "a '- ' cannot stand here; lists begin on a line of their own, indented by blanks";
  return message;
}

const Value* refuse(base::SourceRange range, std::string message, base::Diagnostics& diagnostics) {
  base::Diagnostic error;
  error.code = -1;
  error.type = "DSLParsingFormatException";
  error.message = "this is not valid YAML: " + std::move(message);
  error.range = range;
  diagnostics.add(std::move(error));
  return nullptr;
}

}  // namespace

const Value* load_yaml(const base::SourceMap& sources, base::FileId file, Arena& arena,
                       base::Diagnostics& diagnostics, const LoadOptions& options) {
  std::string_view text = sources.text(file);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.size() > kMaxFileBytes)
    return refuse({.file = file}, fmt::format("more than {} bytes", kMaxFileBytes), diagnostics);
  if (const auto hopeless = find_hopeless(text))
    return refuse(range_of_offset(text, hopeless->offset, file), hopeless->message, diagnostics);

  Builder builder(text, file, arena, diagnostics, options);
  ViewBuffer buffer(text);
  std::istream stream(&buffer);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop& stop) {
    return refuse(stop.range, stop.message, diagnostics);
  } catch (const YAML::DeepRecursion&) {
    return refuse(builder.innermost(), "lists and dicts are nested too deeply", diagnostics);
  } catch (const YAML::Exception& error) {
    if (const auto tab = find_indenting_tab(text, error.mark))
      return refuse(range_of_offset(text, *tab, file),
                    "a tab cannot indent a line; YAML wants blanks", diagnostics);
    return refuse(builder.range_at(error.mark), in_plain_words(error.msg), diagnostics);
  }
  if (builder.root() == nullptr) return arena.make_null({.file = file});
  return builder.root();
}

}  // namespace cfy::yaml
