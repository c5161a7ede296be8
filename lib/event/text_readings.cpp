#include "event/text_readings.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

namespace cfy::event {
namespace {

// Texts in texts in texts: each level doubles the backslashes and codes the % and & of the one
// before.
constexpr std::size_t kMostBackslashes = 16;
constexpr std::size_t kMostLevels = 4;

// Moves over a text that may end too early.
class Cursor {
 public:
  Cursor(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  std::size_t at() const { return at_; }
  bool ran_out() const { return ran_out_; }

  bool take(std::string_view expected) {
    const std::string_view rest = text_.substr(std::min(at_, text_.size()));
    const bool is_cut = rest.size() < expected.size();
    if (rest.substr(0, expected.size()) != expected.substr(0, rest.size())) return false;
    ran_out_ = ran_out_ || is_cut;
    if (!is_cut) at_ += expected.size();
    return !is_cut;
  }
  std::optional<char> next() {
    ran_out_ = ran_out_ || at_ >= text_.size();
    return at_ < text_.size() ? std::optional(text_[at_++]) : std::nullopt;
  }
  // So many digits of this base.
  std::optional<std::uint32_t> number(std::size_t digits, int base) {
    const std::string_view rest = text_.substr(std::min(at_, text_.size()), digits);
    const auto value = parse(rest, base);
    if (value.has_value() || rest.empty()) ran_out_ = ran_out_ || rest.size() < digits;
    if (!value || rest.size() < digits) return std::nullopt;
    at_ += digits;
    return value;
  }
  // As many as there are, up to eight, before this.
  std::optional<std::uint32_t> number_before(char end, int base) {
    constexpr std::size_t kMostDigits = 8;
    std::string_view rest = text_.substr(std::min(at_, text_.size()), kMostDigits + 1);
    const std::size_t size = rest.find(end);
    if (size == std::string_view::npos) {
      ran_out_ = ran_out_ || (rest.size() <= kMostDigits && (rest.empty() || parse(rest, base)));
      return std::nullopt;
    }
    rest = rest.substr(0, size);
    at_ += size + 1;
    return parse(rest, base);
  }
  std::size_t skip(char c, std::size_t most) {
    std::size_t count = 0;
    while (count < most && at_ < text_.size() && text_[at_] == c) {
      ++at_;
      ++count;
    }
    ran_out_ = ran_out_ || (at_ >= text_.size() && count < most);
    return count;
  }

 private:
  static std::optional<std::uint32_t> parse(std::string_view digits, int base) {
    std::uint32_t value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    const bool is_whole = read.ec == std::errc() && read.ptr == digits.data() + digits.size();
    return is_whole ? std::optional(value) : std::nullopt;
  }

  std::string_view text_;
  std::size_t at_;
  bool ran_out_ = false;
};

std::string utf8(std::uint32_t point) {
  const auto tail = [point](int shift) {
    return static_cast<char>(0x80 | ((point >> shift) & 0x3F));
  };
  if (point < 0x80) return {static_cast<char>(point)};
  if (point < 0x800) return {static_cast<char>(0xC0 | (point >> 6)), tail(0)};
  if (point < 0x10000) return {static_cast<char>(0xE0 | (point >> 12)), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | (point >> 18)), tail(12), tail(6), tail(0)};
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// A shell may put these between quotes of their own.
bool is_unprintable(std::string_view meaning) {
  const auto first = static_cast<std::uint8_t>(meaning.front());
  return first < 0x20 || first >= 0x7F;
}

// %40, and %2540 of an address in an address.
void read_percent(std::string_view text, Readings& readings) {
  Cursor cursor(text, 1);
  for (std::size_t level = 1;; ++level) {
    Cursor code = cursor;
    const auto byte = code.number(2, 16);
    if (byte) readings.add(std::string(1, static_cast<char>(*byte)), code.at());
    if (byte == '+') readings.add(" ", code.at());  // the + was one already
    readings.is_open = readings.is_open || code.ran_out();
    if (level == kMostLevels || !cursor.take("25")) break;
  }
  // The line end of a form.
  Cursor line_end(text, 0);
  if ((line_end.take("%0D") || line_end.take("%0d")) &&
      (line_end.take("%0A") || line_end.take("%0a")))
    readings.add("\n", line_end.at());
  readings.is_open = readings.is_open || line_end.ran_out();
}

// &lt; &#60; &#x3c; and &amp;lt; of HTML in HTML.
void read_entity(std::string_view text, Readings& readings) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kNames = {
      {{"lt;", "<"}, {"gt;", ">"}, {"quot;", "\""}, {"apos;", "'"}, {"amp;", "&"}}};
  Cursor cursor(text, 1);
  for (std::size_t level = 1;; ++level) {
    for (const auto& [name, meaning] : kNames) {
      Cursor entity = cursor;
      if (entity.take(name)) readings.add(meaning, entity.at());
      readings.is_open = readings.is_open || entity.ran_out();
    }
    Cursor entity = cursor;
    if (entity.take("#")) {
      const bool is_hex = entity.take("x") || entity.take("X");
      const auto point = entity.number_before(';', is_hex ? 16 : 10);
      if (point && *point < 0x110000) readings.add(utf8(*point), entity.at());
    }
    readings.is_open = readings.is_open || entity.ran_out();
    if (level == kMostLevels || !cursor.take("amp;")) break;
  }
}

std::string_view control_character(char letter) {
  constexpr std::string_view kLetters = "abtnvfreE";
  constexpr std::string_view kMeanings = "\a\b\t\n\v\f\r\x1B\x1B";
  const std::size_t found = kLetters.find(letter);
  return found == std::string_view::npos ? std::string_view() : kMeanings.substr(found, 1);
}

// An escape whose backslashes are read. It may be the start of a text in quotes of its own, as
// printf of coreutils writes it ('a'$'\n''b'); then the quotes after it belong to it.
void add_escape(std::string_view meaning, const Cursor& end, Readings& readings) {
  readings.add(meaning, end.at());
  if (!is_unprintable(meaning)) return;
  Cursor quotes = end;
  if (quotes.take("''")) readings.add(meaning, quotes.at());
}

// The second half of a character that JSON writes as two.
std::optional<std::uint32_t> read_low_surrogate(Cursor& cursor) {
  if (cursor.skip('\\', kMostBackslashes) == 0 || !cursor.take("u")) return std::nullopt;
  const auto low = cursor.number(4, 16);
  return low && *low >= 0xDC00 && *low < 0xE000 ? low : std::nullopt;
}

void read_code_point(Cursor& cursor, std::size_t digits, Readings& readings) {
  const auto point = cursor.number(digits, 16);
  if (!point || *point >= 0x110000) return;
  if (*point >= 0xD800 && *point < 0xDC00) {
    const auto low = read_low_surrogate(cursor);
    if (low)
      add_escape(utf8(0x10000 + ((*point - 0xD800) << 10) + (*low - 0xDC00)), cursor, readings);
    return;
  }
  // Python has these for bytes that are not UTF-8.
  const bool is_byte = *point >= 0xDC80 && *point < 0xDD00;
  add_escape(is_byte ? std::string(1, static_cast<char>(*point - 0xDC00)) : utf8(*point), cursor,
             readings);
}

void read_hex(Cursor& cursor, Readings& readings) {
  const auto code = cursor.number(2, 16);
  if (!code) return;
  add_escape(std::string(1, static_cast<char>(*code)), cursor, readings);
  if (*code >= 0x80) add_escape(utf8(*code), cursor, readings);  // of a text, not of bytes
}

void read_braces(Cursor& cursor, Readings& readings) {
  const auto point = cursor.number_before('}', 16);
  if (point && *point < 0x110000) add_escape(utf8(*point), cursor, readings);
}

// Reads the escape that stands behind backslashes.
void read_escaped(Cursor cursor, Readings& readings) {
  const Cursor start = cursor;
  const auto letter = cursor.next();
  if (letter == 'x' || letter == 'u') {
    if (Cursor braces = cursor; braces.take("{")) {
      read_braces(braces, readings);
      readings.is_open = readings.is_open || braces.ran_out();
    } else if (letter == 'x') {
      read_hex(cursor, readings);
    } else {
      read_code_point(cursor, 4, readings);
    }
  } else if (letter == 'U') {
    read_code_point(cursor, 8, readings);
  } else if (letter && *letter >= '0' && *letter <= '7') {
    cursor = start;
    const auto code = cursor.number(3, 8);
    if (code && *code < 0x100)
      add_escape(std::string(1, static_cast<char>(*code)), cursor, readings);
  } else if (letter && !control_character(*letter).empty()) {
    add_escape(control_character(*letter), cursor, readings);
  } else if (letter && *letter != '\\' && *letter > ' ' && !is_letter_or_digit(*letter) &&
             *letter < 0x7F) {
    readings.add(std::string(1, *letter), cursor.at());
  } else if (letter == ' ') {
    readings.add(" ", cursor.at());
  }
  readings.is_open = readings.is_open || cursor.ran_out();
}

void read_backslashes(std::string_view text, Readings& readings) {
  Cursor cursor(text, 0);
  const std::size_t count = cursor.skip('\\', kMostBackslashes);
  for (std::size_t i = 2; i <= count; i *= 2)
    readings.add("\\", i);
  readings.is_open = readings.is_open || cursor.ran_out();
  read_escaped(cursor, readings);
}

// An apostrophe that had to leave its quotes: 'it'\''s', 'it'"'"'s', doubled in SQL and YAML.
void read_apostrophe(std::string_view text, Readings& readings) {
  const auto take_quoted = [](Cursor& cursor, std::string_view quote) {
    cursor.skip('\\', kMostBackslashes);
    return cursor.take(quote);
  };
  const auto note = [&readings](const Cursor& cursor, bool is_found) {
    if (is_found) readings.add("'", cursor.at());
    readings.is_open = readings.is_open || cursor.ran_out();
  };
  Cursor doubled(text, 1);
  const bool is_doubled = doubled.take("'");
  note(doubled, is_doubled);
  Cursor escaped(text, 1);
  const bool is_escaped = escaped.skip('\\', kMostBackslashes) > 0 && escaped.take("''");
  note(escaped, is_escaped);
  Cursor quoted(text, 1);
  const bool is_quoted = take_quoted(quoted, "\"") && quoted.take("'");
  note(quoted, is_quoted);  // two in a row share the quotes around them
  const bool is_quoted_whole = is_quoted && take_quoted(quoted, "\"") && quoted.take("'");
  note(quoted, is_quoted_whole);
  Cursor dollar(text, 1);
  if (dollar.take("$'") && dollar.skip('\\', kMostBackslashes) > 0) read_escaped(dollar, readings);
  readings.is_open = readings.is_open || dollar.ran_out();
}

}  // namespace

void Readings::add(std::string_view meaning, std::size_t length) {
  if (count_ == all_.size() || meaning.size() > 4) return;
  Reading& reading = all_[count_++];
  std::copy(meaning.begin(), meaning.end(), reading.bytes.begin());
  reading.byte_count = meaning.size();
  reading.length = length;
}

bool is_plain(char first) {
  return std::string_view("%&\\+'\"\r").find(first) == std::string_view::npos;
}

Readings read_start(std::string_view text) {
  Readings readings;
  readings.add(text.substr(0, 1), 1);
  switch (text.front()) {
    case '%':
      read_percent(text, readings);
      break;
    case '&':
      read_entity(text, readings);
      break;
    case '\\':
      read_backslashes(text, readings);
      break;
    case '+':
      readings.add(" ", 1);
      break;
    case '\'':
      read_apostrophe(text, readings);
      break;
    case '"':  // doubled in CSV
      if (text.size() > 1 && text[1] == '"') readings.add("\"", 2);
      readings.is_open = text.size() == 1;
      break;
    case '\r':
      if (text.size() > 1 && text[1] == '\n') readings.add("\n", 2);
      readings.is_open = text.size() == 1;
      break;
    default:
      break;
  }
  return readings;
}

}  // namespace cfy::event
