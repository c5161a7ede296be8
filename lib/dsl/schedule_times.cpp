#include "dsl/schedule_times.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <filesystem>

#include <fmt/format.h>

#include "base/files.hpp"

namespace cfy::dsl {
namespace {

constexpr std::int64_t kDay = 24 * 60 * 60;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Takes the number at the start of `text`; nothing when there is none.
std::optional<int> take_number(std::string_view& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || text.empty() || !is_digit(text.front())) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

bool take_digits(std::string_view& text) {
  const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(count);
  return count > 0;
}

// "h", "hour", "hours", ...
bool take_unit(std::string_view& text) {
  constexpr std::array<std::string_view, 27> kUnits = {
      "seconds", "second", "secs", "sec",    "s",     "minutes", "minute", "mins", "min",
      "hours",   "hour",   "hs",   "h",      "days",  "day",     "ds",     "d",    "weeks",
      "week",    "ws",     "w",    "months", "month", "mo",      "years",  "year", "y"};
  const std::string_view word =
      text.substr(0, std::min(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz"), text.size()));
  if (std::find(kUnits.begin(), kUnits.end(), word) == kUnits.end()) return false;
  text.remove_prefix(word.size());
  return true;
}

std::optional<std::int64_t> parse_date(std::string_view& text) {
  const auto year = take_number(text);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_number(text);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_number(text);
  if (!day || *year > 9999) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count() * kDay;
}

// HH:MM[:SS], to the end of the text
std::optional<std::int64_t> parse_time_of_day(std::string_view text) {
  const auto hour = take_number(text);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text);
  if (!minute) return std::nullopt;
  int second = 0;
  if (take(text, ':')) {
    const auto given = take_number(text);
    if (!given) return std::nullopt;
    second = *given;
  }
  if (!text.empty() || *hour > 23 || *minute > 59 || second > 59) return std::nullopt;
  return *hour * 3600 + *minute * 60 + second;
}

// A reader of the numbers in a time zone file (RFC 8536), all big endian.
class ZoneBytes {
 public:
  explicit ZoneBytes(std::string_view bytes) : bytes_(bytes) {}
  bool has(std::size_t count) const { return bytes_.size() - at_ >= count; }
  std::string_view take(std::size_t count) {
    const std::string_view taken = bytes_.substr(at_, count);
    at_ += taken.size();
    return taken;
  }
  std::int64_t number(std::size_t width) {
    std::uint64_t value = 0;
    const std::string_view taken = take(width);
    for (const char c : taken)
      value = value << 8U | static_cast<unsigned char>(c);
    const std::uint64_t sign = std::uint64_t{1} << (8 * width - 1);
    if (width < 8 && (value & sign) != 0) value |= ~((sign << 1U) - 1);
    return static_cast<std::int64_t>(value);
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

struct ZoneCounts {
  std::size_t utc, standard, leaps, times, types, letters;
};

std::optional<ZoneCounts> take_header(ZoneBytes& bytes) {
  constexpr std::size_t kHeader = 44;
  if (!bytes.has(kHeader) || bytes.take(4) != "TZif") return std::nullopt;
  bytes.take(16);
  const auto count = [&] { return static_cast<std::size_t>(bytes.number(4)); };
  ZoneCounts counts{};
  counts.utc = count();
  counts.standard = count();
  counts.leaps = count();
  counts.times = count();
  counts.types = count();
  counts.letters = count();
  constexpr std::size_t kMost = 100'000;
  if (counts.times > kMost || counts.types > kMost || counts.types == 0) return std::nullopt;
  return counts;
}

std::size_t block_size(const ZoneCounts& counts, std::size_t time_width) {
  return counts.times * (time_width + 1) + counts.types * 6 + counts.letters +
         counts.leaps * (time_width + 4) + counts.standard + counts.utc;
}

// The offset that holds at a local time: the last change before it, tried with each offset.
std::optional<std::int64_t> offset_in(std::string_view file, std::int64_t local) {
  ZoneBytes bytes(file);
  const auto old_counts = take_header(bytes);
  if (!old_counts) return std::nullopt;
  bytes.take(block_size(*old_counts, 4));  // the second block says the same with 64 bits
  const auto counts = take_header(bytes);
  if (!counts || !bytes.has(block_size(*counts, 8))) return std::nullopt;
  std::vector<std::int64_t> times;
  for (std::size_t i = 0; i < counts->times; ++i)
    times.push_back(bytes.number(8));
  const std::string_view kinds = bytes.take(counts->times);
  std::vector<std::int64_t> offsets;
  for (std::size_t i = 0; i < counts->types; ++i) {
    offsets.push_back(bytes.number(4));
    bytes.take(2);
  }
  std::int64_t offset = offsets.front();
  for (std::size_t i = 0; i < times.size(); ++i) {
    const auto kind = static_cast<std::size_t>(static_cast<unsigned char>(kinds[i]));
    if (kind >= offsets.size()) return std::nullopt;
    if (times[i] + offsets[kind] > local) break;
    offset = offsets[kind];
  }
  return offset;
}

}  // namespace

bool is_relative_time(std::string_view text) {
  if (!text.starts_with('+')) return false;
  for (; !text.empty(); text.remove_prefix(std::min(text.find('+'), text.size()))) {
    text.remove_prefix(1);
    if (!take_digits(text)) continue;
    take(text, ' ');
    const bool is_step = !text.empty() && text.front() >= 'a' && text.front() <= 'z';
    if (is_step && !take_unit(text)) return false;
  }
  return true;
}

bool is_recurrence(std::string_view text) {
  if (!take_number(text)) return false;
  take(text, ' ');
  return take_unit(text) && text.empty();
}

std::optional<CivilTime> parse_civil_time(std::string_view text, std::int64_t now_ms) {
  std::string_view rest = text;
  const std::int64_t today = now_ms / 1000 / kDay * kDay;
  const auto date = parse_date(rest);
  if (date && rest.empty()) return CivilTime{*date};
  if (date && (take(rest, ' ') || take(rest, 'T'))) {
    const auto time = parse_time_of_day(rest);
    return time ? std::optional(CivilTime{*date + *time}) : std::nullopt;
  }
  const auto time = parse_time_of_day(text);
  return time ? std::optional(CivilTime{today + *time}) : std::nullopt;
}

std::string to_text(CivilTime time) {
  using std::chrono::floor;
  const std::chrono::sys_seconds point{std::chrono::seconds(time.seconds)};
  const auto day = floor<std::chrono::days>(point);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(point - day);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", int(date.year()),
                     unsigned(date.month()), unsigned(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::optional<std::int64_t> find_zone_offset(std::string_view zone, CivilTime local) {
  if (zone == "UTC" || zone == "GMT") return 0;
  if (zone.empty() || zone.front() == '/' || zone.find("..") != std::string_view::npos ||
      zone.find('\0') != std::string_view::npos)
    return std::nullopt;
  const std::filesystem::path path = std::filesystem::path("/usr/share/zoneinfo") / zone;
  const auto file = base::load_file(path, 1024 * 1024);
  if (!file) return std::nullopt;
  return offset_in(*file, local.seconds);
}

}  // namespace cfy::dsl
