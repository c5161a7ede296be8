// SecretMask: hides the values of secrets in whatever is shown or stored. Knows where none of them
// comes from.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "event/event.hpp"

namespace cfy::event {

inline constexpr std::string_view kMasked = "********";

/// Values, and lines of values, that are shorter than this stay readable: hiding every "on" or "80"
/// would make the logs useless and the secret no safer.
inline constexpr std::size_t kShortestMasked = 4;

/// Hides each value, each line of a value of several lines (they may arrive as one event each), the
/// texts and the numbers of six digits or more inside a value that is JSON: as they are, as a text
/// may write them instead (text_readings.hpp), and the values and texts in base64. All methods are
/// safe from any thread.
class SecretMask {
 public:
  SecretMask();
  ~SecretMask();
  SecretMask(const SecretMask&) = delete;
  SecretMask& operator=(const SecretMask&) = delete;

  /// From now on this value is hidden. Adding one again changes nothing.
  void add(std::string_view value);

  /// `text` with every value in it replaced, longer ones first. Cost: linear in the text, whatever
  /// the number of values.
  std::string text(std::string_view text) const;
  /// A text of which more is to come. `shown` is what can be told of it now, masked; `held`, its
  /// end, may be the beginning of a value: to be put before what comes next.
  struct Beginning {
    std::string shown, held;
  };
  Beginning beginning(std::string_view text) const;
  /// In place: texts and keys, however deep. True when something was hidden.
  bool apply(nlohmann::json& value) const;
  void apply(Event& event) const;

 private:
  class Patterns;
  std::shared_ptr<const Patterns> patterns() const;

  mutable std::mutex mutex_;
  std::set<std::string, std::less<>> known_;  // that were added
  mutable std::vector<std::string> added_;    // patterns that patterns_ does not have yet
  // Replaced as a whole when it grows, so that readers hold no lock while they search.
  mutable std::shared_ptr<const Patterns> patterns_;
};

}  // namespace cfy::event
