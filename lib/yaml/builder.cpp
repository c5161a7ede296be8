#include "yaml/builder.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "yaml/merge_keys.hpp"
#include "yaml/scalar.hpp"

namespace cfy::yaml {
namespace {

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

// The end of the quoted scalar that starts at `start`, or npos when its quote is never closed.
std::size_t find_closing_quote(std::string_view text, std::size_t start) {
  const char quote = text[start];
  for (std::size_t at = start + 1; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\')
      ++at;
    else if (text[at] == quote) {
      if (quote == '"' || at + 1 >= text.size() || text[at + 1] != '\'') return at + 1;
      ++at;
    }
  }
  return std::string_view::npos;
}

std::uint32_t to_u32(std::size_t number) {
  return static_cast<std::uint32_t>(number);
}

}  // namespace

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

Builder::Builder(std::string_view text, base::FileId file, Arena& arena,
                 base::Diagnostics& diagnostics, const LoadOptions& options)
    : text_(text),
      file_(file),
      arena_(arena),
      diagnostics_(diagnostics),
      options_(options),
      is_ascii_(is_ascii(text)) {}

// yaml-cpp counts bytes from 0; people count characters from 1.
base::SourceRange Builder::range_at(const YAML::Mark& mark, std::size_t width) const {
  const auto position = static_cast<std::size_t>(std::max(mark.pos, 0));
  auto column = static_cast<std::size_t>(std::max(mark.column, 0));
  if (!is_ascii_ && position <= text_.size() && column <= position) {
    const std::string_view before = text_.substr(position - column, column);
    column -= static_cast<std::size_t>(std::count_if(before.begin(), before.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
    }));
  }
  const auto line = to_u32(static_cast<std::size_t>(std::max(mark.line, 0)) + 1);
  return {file_, line, to_u32(column + 1), line, to_u32(column + 1 + width)};
}

// The same text as `value` inside the source, which lives longer than the event; empty when the
// scalar was folded or escaped.
std::string_view Builder::source_view(const YAML::Mark& mark, std::string_view value) const {
  const auto position = static_cast<std::size_t>(mark.pos);
  if (position >= text_.size()) return {};
  const std::size_t skip = text_[position] == '"' || text_[position] == '\'' ? 1 : 0;
  const std::string_view seen = text_.substr(position + skip, value.size());
  return seen == value ? seen : std::string_view();
}

base::SourceRange Builder::scalar_range(const YAML::Mark& mark, bool is_plain,
                                        std::string_view value) {
  const auto position = static_cast<std::size_t>(mark.pos);
  const bool is_quoted =
      !is_plain && position < text_.size() && (text_[position] == '"' || text_[position] == '\'');
  if (!is_quoted) {
    const bool is_one_line = is_plain && text_.substr(position, value.size()) == value;
    return range_at(mark, is_one_line && !value.empty() ? value.size() : 1);
  }
  // The end of the file closes a quote for yaml-cpp; for us it is a mistake.
  const std::size_t end = find_closing_quote(text_, position);
  if (end == std::string_view::npos) throw Stop{"this quote is never closed", range_at(mark)};
  const bool is_one_line = text_.substr(position, end - position).find('\n') == std::string::npos;
  return range_at(mark, is_one_line ? end - position : 1);
}

void Builder::report(base::SourceRange range, int code, std::string type, std::string message) {
  base::Diagnostic error;
  error.code = code;
  error.type = std::move(type);
  error.message = std::move(message);
  error.range = range;
  diagnostics_.add(std::move(error));
}

const Value* Builder::bad_value(const base::SourceRange& range, std::string message) {
  report(range, -1, "DSLParsingFormatException", std::move(message));
  return arena_.make_null(range);
}

void Builder::OnDocumentStart(const YAML::Mark& mark) {
  if (has_document_)
    throw Stop{"a second document starts here; only one is allowed in a file", range_at(mark)};
  has_document_ = true;
}

bool Builder::expects_key() const {
  if (frames_.empty() || frames_.back().shape != Shape::map) return false;
  return (pending_.size() - frames_.back().first_child) % 2 == 0;
}

void Builder::check_key(const Value& key) {
  if (key.is_list() || key.is_map())
    report(key.range(), -1, "DSLParsingFormatException",
           fmt::format("a {} cannot be the key of a dict", kind_name(key.kind())));
}

void Builder::add(const Value* value, YAML::anchor_t anchor) {
  if (anchor != 0) {
    if (anchors_.size() <= anchor) anchors_.resize(anchor + 1, nullptr);
    anchors_[anchor] = value;
  }
  if (frames_.empty()) {
    root_ = value;
    return;
  }
  if (expects_key()) check_key(*value);
  pending_.push_back(value);
}

// "[a, , b]": yaml-cpp sees a null between the commas, YAML does not allow it.
void Builder::check_flow_gap(const YAML::Mark& mark) {
  if (frames_.empty() || !frames_.back().is_flow) return;
  if (frames_.back().shape == Shape::map && !expects_key()) return;
  const auto position = static_cast<std::size_t>(mark.pos);
  if (position < text_.size() && text_[position] == ',')
    throw Stop{"a value is missing before this comma", range_at(mark)};
}

void Builder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  check_flow_gap(mark);
  const auto position = static_cast<std::size_t>(mark.pos);
  base::SourceRange range = range_at(mark);
  const bool is_written = position < text_.size() &&
                          std::string_view("~nN").find(text_[position]) != std::string_view::npos;
  // For an absent value the mark is that of the next token, often lines below: the key is better.
  const bool is_map_value =
      !frames_.empty() && frames_.back().shape == Shape::map && !expects_key() && !pending_.empty();
  if (is_map_value && (!is_written || range.line != pending_.back()->range().line))
    range = pending_.back()->range();
  add(arena_.make_null(range), anchor);
}

void Builder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const Value* target = anchor < anchors_.size() ? anchors_[anchor] : nullptr;
  if (target == nullptr)
    throw Stop{"this alias stands inside the value that it names", range_at(mark)};
  aliased_values_ += target->weight();
  if (aliased_values_ > options_.max_aliased_values)
    throw Stop{fmt::format("the aliases of this file stand for more than {} values",
                           options_.max_aliased_values),
               range_at(mark)};
  add(target, 0);
}

const Value* Builder::make_text(std::string_view text, const base::SourceRange& range) {
  if (options_.ascii_only && !is_ascii(text))
    report(range, 108, "DSLParsingInputTypeException",
           "illegal characters: blueprints may hold ASCII characters only");
  return arena_.make_string_view(text, range);
}

const Value* Builder::make_plain(std::string_view text, const base::SourceRange& range) {
  switch (plain_type(text)) {
    case PlainType::null:
      return arena_.make_null(range);
    case PlainType::boolean:
      return arena_.make_boolean(parse_boolean(text), range);
    case PlainType::integer:
      return make_tagged("int", text, range);
    case PlainType::floating:
      return make_tagged("float", text, range);
    case PlainType::timestamp:
      return make_tagged("timestamp", text, range);
    case PlainType::merge:
      if (expects_key()) return arena_.make_string_view(kMergeKeyText, range);
      return bad_value(range, "'<<' has a meaning as a key only; quote it to write the text");
    case PlainType::value:
      return bad_value(range, "'=' alone has no meaning here; quote it to write the text");
    case PlainType::string:
      break;
  }
  return make_text(text, range);
}

const Value* Builder::make_tagged(std::string_view tag, std::string_view text,
                                  const base::SourceRange& range) {
  if (tag == "str") return make_text(arena_.copy(text), range);
  if (tag == "null") return arena_.make_null(range);
  if (tag == "int") {
    if (const Value* value = parse_integer(text, arena_, range)) return value;
    return bad_value(range, fmt::format("'{}' is not an integer that can be read", text));
  }
  if (tag == "float") {
    if (const auto number = parse_float(text)) return arena_.make_floating(*number, range);
    return bad_value(range, fmt::format("'{}' is not a float that can be read", text));
  }
  if (tag == "bool") {
    std::string lower(text);
    for (char& c : lower)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (is_boolean_text(lower)) return arena_.make_boolean(parse_boolean(lower), range);
    return bad_value(range, fmt::format("'{}' is not a boolean", text));
  }
  if (tag == "timestamp") {
    if (const auto iso = parse_timestamp(text))
      return arena_.make_special(Kind::timestamp, *iso, range);
    return bad_value(range, fmt::format("'{}' is not a date that exists", text));
  }
  if (tag == "binary") {
    if (const auto base64 = parse_binary(text))
      return arena_.make_special(Kind::binary, *base64, range);
    return bad_value(range, "this is not base64");
  }
  return bad_value(range, fmt::format("unknown tag '!!{}'", tag));
}

void Builder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       const std::string& value) {
  const bool is_plain = tag == "?";
  const base::SourceRange range = scalar_range(mark, is_plain, value);
  if (is_plain || tag == "!") {
    std::string_view text = source_view(mark, value);
    if (text.empty()) text = arena_.copy(value);
    return add(is_plain ? make_plain(text, range) : make_text(text, range), anchor);
  }
  const std::string_view name = tag;
  if (name.starts_with(kTagPrefix))
    return add(make_tagged(name.substr(kTagPrefix.size()), value, range), anchor);
  add(bad_value(range, fmt::format("unknown tag '{}'", tag)), anchor);
}

void Builder::open(Shape shape, const YAML::Mark& mark, const std::string& tag,
                   YAML::anchor_t anchor, bool is_flow) {
  if (anchor != 0) {
    if (anchors_.size() <= anchor) anchors_.resize(anchor + 1, nullptr);
    anchors_[anchor] = nullptr;
  }
  frames_.push_back({shape, is_flow, tag, anchor, range_at(mark), pending_.size()});
}

void Builder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                              YAML::EmitterStyle::value style) {
  open(Shape::list, mark, tag, anchor, style == YAML::EmitterStyle::Flow);
}

void Builder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) {
  open(Shape::map, mark, tag, anchor, style == YAML::EmitterStyle::Flow);
}

// !!omap and !!pairs: a list of maps with one entry each becomes a list of [key, value].
const Value* Builder::make_pairs(const Frame& frame, std::span<const Value* const> items) {
  std::vector<const Value*> pairs;
  for (const Value* item : items) {
    if (!item->is_map() || item->entries().size() != 1)
      return bad_value(item->range(), "each item must be a dict with one entry here");
    const Entry& entry = item->entries().front();
    const Value* both[] = {entry.key, entry.value};
    pairs.push_back(arena_.make_list(both, item->range()));
  }
  return arena_.make_list(pairs, frame.range);
}

const Value* Builder::make_list(const Frame& frame) {
  const auto items = std::span(pending_).subspan(frame.first_child);
  const std::string_view tag = frame.tag;
  if (tag.size() <= 1 || tag == "tag:yaml.org,2002:seq")
    return arena_.make_list(items, frame.range);
  if (tag == "tag:yaml.org,2002:omap" || tag == "tag:yaml.org,2002:pairs")
    return make_pairs(frame, items);
  return bad_value(frame.range, fmt::format("the tag '{}' does not fit a list", tag));
}

const Value* Builder::make_map_or_set(const Frame& frame) {
  entries_.clear();
  for (std::size_t at = frame.first_child; at + 1 < pending_.size(); at += 2)
    entries_.push_back({pending_[at], pending_[at + 1]});
  const std::string_view tag = frame.tag;
  const bool is_set = tag == "tag:yaml.org,2002:set";
  if (tag.size() > 1 && !is_set && tag != "tag:yaml.org,2002:map")
    return bad_value(frame.range, fmt::format("the tag '{}' does not fit a dict", tag));
  const Value* map = make_map(entries_, frame.range, arena_, diagnostics_);
  if (!is_set) return map;
  std::vector<const Value*> members;
  for (const Entry& entry : map->entries())
    members.push_back(entry.key);
  std::sort(members.begin(), members.end(),
            [](const Value* a, const Value* b) { return key_text(*a) < key_text(*b); });
  return arena_.make_list(members, frame.range);
}

void Builder::OnSequenceEnd() {
  const Value* list = make_list(frames_.back());
  const YAML::anchor_t anchor = frames_.back().anchor;
  pending_.resize(frames_.back().first_child);
  frames_.pop_back();
  add(list, anchor);
}

void Builder::OnMapEnd() {
  const Value* map = make_map_or_set(frames_.back());
  const YAML::anchor_t anchor = frames_.back().anchor;
  pending_.resize(frames_.back().first_child);
  frames_.pop_back();
  add(map, anchor);
}

}  // namespace cfy::yaml
