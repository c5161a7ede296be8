// Times of deployment schedules: absolute ones, turned into UTC, and relative ones such as
// "+2 hours +1 min". Knows no blueprint.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cfy::dsl {

/// "+1d +2 hours": whether each step in it is of a known unit of time. As in the reference, what is
/// no step does not matter.
bool is_relative_time(std::string_view text);

/// "1w", "3 days": how often something comes again.
bool is_recurrence(std::string_view text);

/// What a clock on the wall shows, in any time zone.
struct CivilTime {
  std::int64_t seconds = 0;  ///< since 1970 on that clock
};

/// "YYYY-MM-DD HH:MM[:SS]", "YYYY-MM-DD", or "HH:MM[:SS]" on the day of `now_ms` (milliseconds
/// since 1970 UTC). Nothing when the text is no such time.
std::optional<CivilTime> parse_civil_time(std::string_view text, std::int64_t now_ms);
/// "2035-01-02 00:30:00"
std::string to_text(CivilTime time);

/// Seconds east of UTC that the machine's time zone data give for a local time; nothing when there
/// is no such zone.
std::optional<std::int64_t> find_zone_offset(std::string_view zone, CivilTime local);

}  // namespace cfy::dsl
