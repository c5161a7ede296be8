// Dates and times of YAML 1.1, printed as Python's isoformat() prints them.
#include <array>
#include <string>

#include <fmt/format.h>

#include "yaml/scalar.hpp"

namespace cfy::yaml {
namespace {

struct Timestamp {
  int year = 0, month = 0, day = 0;
  bool has_time = false;
  int hour = 0, minute = 0, second = 0;
  std::string fraction;  // as written
  bool has_zone = false;
  int zone_minutes = 0;
};

// Takes the digits at the start of `text`, between `least` and `most` of them.
bool take_number(std::string_view& text, std::size_t least, std::size_t most, int& number) {
  std::size_t count = 0;
  number = 0;
  while (count < most && count < text.size() && text[count] >= '0' && text[count] <= '9')
    number = number * 10 + (text[count++] - '0');
  text.remove_prefix(count);
  return count >= least;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

bool take_blanks(std::string_view& text) {
  const std::size_t count = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(count);
  return count > 0;
}

bool take_zone(std::string_view& text, Timestamp& time) {
  take_blanks(text);
  if (text.empty()) return true;
  time.has_zone = true;
  if (take(text, 'Z')) return true;
  const int sign = text.front() == '-' ? -1 : 1;
  if (!take(text, '-') && !take(text, '+')) return false;
  int hours = 0;
  int minutes = 0;
  if (!take_number(text, 1, 2, hours)) return false;
  if (take(text, ':') && !take_number(text, 2, 2, minutes)) return false;
  time.zone_minutes = sign * (hours * 60 + minutes);
  return true;
}

std::optional<Timestamp> scan(std::string_view text) {
  Timestamp time;
  const std::string_view whole = text;
  if (!take_number(text, 4, 4, time.year) || !take(text, '-') ||
      !take_number(text, 1, 2, time.month) || !take(text, '-') ||
      !take_number(text, 1, 2, time.day))
    return std::nullopt;
  if (text.empty()) return whole.size() == 10 ? std::optional(time) : std::nullopt;
  if (!take(text, 'T') && !take(text, 't') && !take_blanks(text)) return std::nullopt;
  time.has_time = true;
  if (!take_number(text, 1, 2, time.hour) || !take(text, ':') ||
      !take_number(text, 2, 2, time.minute) || !take(text, ':') ||
      !take_number(text, 2, 2, time.second))
    return std::nullopt;
  if (take(text, '.')) {
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    time.fraction = text.substr(0, count);
    text.remove_prefix(count);
  }
  if (!take_zone(text, time) || !text.empty()) return std::nullopt;
  return time;
}

bool is_real(const Timestamp& time) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (time.year < 1 || time.month < 1 || time.month > 12 || time.day < 1) return false;
  const bool is_leap = (time.year % 4 == 0 && time.year % 100 != 0) || time.year % 400 == 0;
  const int days = kDays[static_cast<std::size_t>(time.month - 1)];
  if (time.day > days + (time.month == 2 && is_leap ? 1 : 0)) return false;
  return time.hour < 24 && time.minute < 60 && time.second < 60 && time.zone_minutes > -24 * 60 &&
         time.zone_minutes < 24 * 60;
}

}  // namespace

bool is_timestamp_text(std::string_view text) {
  return scan(text).has_value();
}

std::optional<std::string> parse_timestamp(std::string_view text) {
  const auto time = scan(text);
  if (!time || !is_real(*time)) return std::nullopt;
  std::string iso = fmt::format("{:04}-{:02}-{:02}", time->year, time->month, time->day);
  if (!time->has_time) return iso;
  iso += fmt::format("T{:02}:{:02}:{:02}", time->hour, time->minute, time->second);
  std::string micros = time->fraction.substr(0, 6);
  micros.resize(6, '0');
  if (micros != "000000") iso += "." + micros;
  if (time->has_zone) {
    const int minutes = std::abs(time->zone_minutes);
    iso += fmt::format("{}{:02}:{:02}", time->zone_minutes < 0 ? '-' : '+', minutes / 60,
                       minutes % 60);
  }
  return iso;
}

}  // namespace cfy::yaml
