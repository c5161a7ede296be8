// SecretMask: hides the values of secrets in whatever is shown or stored. Knows where none of them
// comes from.
#pragma once

#include <array>
#include <memory>
#include <mutex>
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
/// texts and the numbers of six digits or more inside a value that is JSON, and all of these as
/// they look inside quotes of JSON, of Python and of a shell, in an address and in HTML. All
/// methods are safe from any thread.
class SecretMask {
 public:
  SecretMask() = default;
  SecretMask(const SecretMask&) = delete;
  SecretMask& operator=(const SecretMask&) = delete;

  /// From now on this value is hidden. Adding one again changes nothing.
  void add(std::string_view value);

  /// `text` with every value in it replaced, longer ones first. Cost: linear in the text.
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
  // What is hidden, by first byte and longest first. Replaced as a whole when it grows, so that
  // readers hold no lock while they search.
  struct Patterns {
    std::array<std::vector<std::string>, 256> by_first_byte;
    bool is_empty = true;
    bool add(std::string_view text);
    bool add_forms(std::string_view text);
    bool add_lines(std::string_view text);
    std::size_t match(std::string_view text, std::size_t at) const;
    bool may_begin(std::string_view rest) const;
    std::size_t find_open_end(std::string_view text) const;
    bool hide(std::string& text) const;
    bool hide(nlohmann::json& value) const;
  };

  std::shared_ptr<const Patterns> patterns() const;

  mutable std::mutex mutex_;
  std::shared_ptr<const Patterns> patterns_ = std::make_shared<Patterns>();
};

}  // namespace cfy::event
