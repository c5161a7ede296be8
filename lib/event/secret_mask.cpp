#include "event/secret_mask.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "event/secret_patterns.hpp"
#include "event/text_readings.hpp"

namespace cfy::event {

using nlohmann::json;

namespace {

// More at a time come only from texts that are made to have them.
constexpr std::size_t kMostWays = 16;

}  // namespace

// All that is hidden, in order: those that go on alike stand beside each other, and one that ends
// stands before those that go on. So a search narrows a range, a byte at a time, and their number
// costs it nothing.
class SecretMask::Patterns {
 public:
  Patterns() = default;
  explicit Patterns(std::vector<std::string> all);

  const std::vector<std::string>& all() const { return all_; }
  bool is_empty() const { return all_.empty(); }
  std::size_t find_open_end(std::string_view text) const;
  bool hide(std::string& text) const;
  bool hide(json& value) const;

 private:
  struct Match {
    std::size_t length = 0;  // of the longest value that begins here; 0: none
    bool is_open = false;    // with what follows the text a longer one might
  };
  // A way to read a text so far: up to `end`, as what the patterns of the range begin with.
  struct Way {
    std::size_t end, low, high, depth;
    std::size_t backslashes = 0;  // that mean the backslash just read
    bool operator==(const Way&) const = default;
  };

  bool may_start(char first) const;
  bool narrow(Way& way, char byte) const;
  bool walk(std::string_view text, Way& way, Match& match) const;
  void fork(std::string_view text, Way way, std::vector<Way>& ways, Match& match) const;
  Match match(std::string_view text) const;

  std::vector<std::string> all_;
  std::array<std::size_t, 257> first_{};  // where those with each first byte begin
};

SecretMask::Patterns::Patterns(std::vector<std::string> all) : all_(std::move(all)) {
  std::sort(all_.begin(), all_.end());
  all_.erase(std::unique(all_.begin(), all_.end()), all_.end());
  for (const std::string& one : all_)
    ++first_[static_cast<unsigned char>(one.front()) + 1U];
  for (std::size_t i = 1; i < first_.size(); ++i)
    first_[i] += first_[i - 1];
}

// Nearly no character of a text may.
bool SecretMask::Patterns::may_start(char first) const {
  const auto byte = static_cast<unsigned char>(first);
  return first_[byte] < first_[byte + 1U] || !is_plain(first);
}

// Leaves those that go on with `byte`. All of the range go on somehow.
bool SecretMask::Patterns::narrow(Way& way, char byte) const {
  const auto wanted = static_cast<unsigned char>(byte);
  const auto byte_of = [&](const std::string& one) {
    return static_cast<unsigned char>(one[way.depth]);
  };
  if (way.depth == 0) {
    way.low = first_[wanted];
    way.high = first_[wanted + 1U];
  } else if (byte_of(all_[way.low]) != wanted || byte_of(all_[way.high - 1]) != wanted) {
    const auto at = [&](std::size_t i) { return all_.begin() + static_cast<std::ptrdiff_t>(i); };
    const auto low = std::partition_point(
        at(way.low), at(way.high), [&](const std::string& one) { return byte_of(one) < wanted; });
    const auto high = std::partition_point(
        low, at(way.high), [&](const std::string& one) { return byte_of(one) == wanted; });
    way.low = static_cast<std::size_t>(low - all_.begin());
    way.high = static_cast<std::size_t>(high - all_.begin());
  }
  ++way.depth;
  return way.low < way.high;
}

// Goes on over characters that stand for themselves. True: one stands there that may mean more.
bool SecretMask::Patterns::walk(std::string_view text, Way& way, Match& match) const {
  for (;;) {
    if (all_[way.low].size() == way.depth) {
      match.length = std::max(match.length, way.end);
      if (++way.low == way.high) return false;
    }
    if (way.end == text.size()) {
      match.is_open = true;
      return false;
    }
    if (!is_plain(text[way.end])) return true;
    if (!narrow(way, text[way.end])) return false;
    ++way.end;
    way.backslashes = 0;
  }
}

void SecretMask::Patterns::fork(std::string_view text, Way way, std::vector<Way>& ways,
                                Match& match) const {
  const Readings readings = read_start(text.substr(way.end));
  match.is_open = match.is_open || readings.is_open;
  for (const Reading& reading : readings) {
    Way next = way;
    next.end += reading.length;
    const std::string_view meaning = reading.meaning();
    // In one text each backslash in a row takes as many; else a row could be read in endless ways.
    next.backslashes = meaning == "\\" && text[way.end] == '\\' ? reading.length : 0;
    if (way.backslashes != 0 && next.backslashes != 0 && next.backslashes != way.backslashes)
      continue;
    // What two bytes say, a pattern that ends between them does not.
    const bool goes_on = std::all_of(meaning.begin(), meaning.end(), [&](char byte) {
      while (next.low < next.high && all_[next.low].size() == next.depth)
        ++next.low;
      return next.low < next.high && narrow(next, byte);
    });
    if (goes_on && walk(text, next, match) && ways.size() < kMostWays &&
        std::find(ways.begin(), ways.end(), next) == ways.end())
      ways.push_back(next);
  }
}

SecretMask::Patterns::Match SecretMask::Patterns::match(std::string_view text) const {
  Match match;
  if (is_empty() || !may_start(text.front())) return match;
  Way start{.end = 0, .low = 0, .high = all_.size(), .depth = 0};
  if (!walk(text, start, match)) return match;
  std::vector<Way> ways{start};
  while (!ways.empty()) {
    // The one that has come least far: two ways to the same place then meet, and are one.
    const auto least = std::min_element(
        ways.begin(), ways.end(), [](const Way& a, const Way& b) { return a.depth < b.depth; });
    const Way way = *least;
    ways.erase(least);
    fork(text, way, ways, match);
  }
  return match;
}

// Where the end of `text` begins that may belong to a value with what follows the text: its size
// when there is none. A value that is whole is passed over as hide() does, but for a longer one.
std::size_t SecretMask::Patterns::find_open_end(std::string_view text) const {
  std::size_t at = 0;
  while (at < text.size()) {
    const Match found = match(text.substr(at));
    if (found.is_open) break;
    at += std::max<std::size_t>(found.length, 1);
  }
  return std::min(at, text.size());
}

bool SecretMask::Patterns::hide(std::string& text) const {
  std::string masked;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = match(std::string_view(text).substr(at)).length;
    if (length == 0) {
      ++at;
      continue;
    }
    masked.append(text, copied, at - copied).append(kMasked);
    copied = at += length;
  }
  if (copied == 0) return false;
  masked.append(text, copied);
  text = std::move(masked);
  return true;
}

bool SecretMask::Patterns::hide(json& value) const {
  if (value.is_string()) return hide(value.get_ref<std::string&>());
  if (value.is_number()) {
    const std::string digits = value.dump();
    const bool is_secret = match(digits).length == digits.size();
    if (is_secret) value = kMasked;
    return is_secret;
  }
  bool is_changed = false;
  if (value.is_object()) {
    std::vector<std::pair<std::string, std::string>> renamed;
    for (const auto& [key, member] : value.items()) {
      std::string masked = key;
      if (hide(masked)) renamed.emplace_back(key, std::move(masked));
    }
    for (auto& [key, masked] : renamed) {
      json member = std::move(value[key]);
      value.erase(key);
      value[masked] = std::move(member);
    }
    is_changed = !renamed.empty();
  }
  if (value.is_structured())
    for (json& part : value)
      is_changed = hide(part) || is_changed;
  return is_changed;
}

SecretMask::SecretMask() : patterns_(std::make_shared<Patterns>()) {}
SecretMask::~SecretMask() = default;

void SecretMask::add(std::string_view value) {
  const std::lock_guard lock(mutex_);
  if (value.size() < kShortestMasked || !known_.emplace(value).second) return;
  for (std::string& pattern : patterns_of(value))
    added_.push_back(std::move(pattern));
}

std::shared_ptr<const SecretMask::Patterns> SecretMask::patterns() const {
  const std::lock_guard lock(mutex_);
  if (!added_.empty()) {
    added_.insert(added_.end(), patterns_->all().begin(), patterns_->all().end());
    patterns_ = std::make_shared<Patterns>(std::exchange(added_, {}));
  }
  return patterns_;
}

std::string SecretMask::text(std::string_view text) const {
  std::string masked(text);
  if (const auto known = patterns(); !known->is_empty()) known->hide(masked);
  return masked;
}

SecretMask::Beginning SecretMask::beginning(std::string_view text) const {
  const auto known = patterns();
  const std::size_t end = known->find_open_end(text);
  Beginning beginning{std::string(text.substr(0, end)), std::string(text.substr(end))};
  known->hide(beginning.shown);
  return beginning;
}

bool SecretMask::apply(json& value) const {
  const auto known = patterns();
  return !known->is_empty() && known->hide(value);
}

void SecretMask::apply(Event& event) const {
  const auto known = patterns();
  if (known->is_empty()) return;
  known->hide(event.text);
  known->hide(event.context.task_error_causes);
  known->hide(event.context.additional);
}

}  // namespace cfy::event
