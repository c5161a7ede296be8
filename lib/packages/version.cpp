#include "packages/version.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "base/text.hpp"

namespace cfy::packages {
namespace {

constexpr int kDevelopment = -4;
constexpr int kPost = 1;

// Longer first, so that "rc" is not read as "r".
struct Stage {
  std::string_view word;
  int stage;
};
constexpr std::array<Stage, 12> kStages = {{{"preview", -1},
                                            {"alpha", -3},
                                            {"beta", -2},
                                            {"post", kPost},
                                            {"dev", kDevelopment},
                                            {"pre", -1},
                                            {"rev", kPost},
                                            {"rc", -1},
                                            {"a", -3},
                                            {"b", -2},
                                            {"c", -1},
                                            {"r", kPost}}};

constexpr std::array<std::string_view, 8> kOperations = {
    "===", "==", "!=", "~=", "<=", ">=", "<", ">"};

std::string_view trimmed(std::string_view text) {
  const char* blanks = " \t";
  const std::size_t start = text.find_first_not_of(blanks);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(blanks) + 1 - start);
}

bool is_separator(char byte) {
  return byte == '.' || byte == '-' || byte == '_';
}

}  // namespace

class VersionReader {
 public:
  VersionReader(std::string_view text, Version& version) : version_(version) {
    for (const char byte : text)
      lower_ += static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
    rest_ = lower_;
    if (rest_.starts_with('v')) rest_.remove_prefix(1);
    // What follows "+" names a build, which the order does not know.
    rest_ = rest_.substr(0, rest_.find('+'));
  }

  bool read() {
    std::int64_t number = 0;
    if (!read_number(number)) return false;
    if (rest_.starts_with('!')) {
      version_.epoch_ = number;
      rest_.remove_prefix(1);
      if (!read_number(number)) return false;
    }
    version_.release_.push_back(number);
    while (rest_.size() > 1 && rest_[0] == '.' && is_digit(rest_[1])) {
      rest_.remove_prefix(1);
      if (!read_number(number)) return false;
      version_.release_.push_back(number);
    }
    // "1.0rc1.post2.dev3" names several stages: the first one decides nearly always.
    while (!rest_.empty())
      if (!read_stage()) return false;
    return true;
  }

 private:
  static bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

  bool read_number(std::int64_t& number) {
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
    if (error != std::errc() || number < 0) return false;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return true;
  }

  bool read_stage() {
    const bool is_dash = rest_[0] == '-';
    if (is_separator(rest_[0])) rest_.remove_prefix(1);
    if (is_dash && !rest_.empty() && is_digit(rest_[0]))
      return read_stage_number(kPost);  // "1.0-1"
    for (const Stage& each : kStages) {
      if (!rest_.starts_with(each.word)) continue;
      rest_.remove_prefix(each.word.size());
      return read_stage_number(each.stage);
    }
    return false;
  }

  bool read_stage_number(int stage) {
    if (!rest_.empty() && is_separator(rest_[0]) && rest_.size() > 1 && is_digit(rest_[1]))
      rest_.remove_prefix(1);
    std::int64_t number = 0;
    if (!rest_.empty() && is_digit(rest_[0]) && !read_number(number)) return false;
    if (version_.stage_ != 0) return true;
    version_.stage_ = stage;
    version_.stage_number_ = number;
    return true;
  }

  Version& version_;
  std::string lower_;
  std::string_view rest_;
};

Version::Version(std::string_view text) : text_(text) {
  is_regular_ = VersionReader(text, *this).read();
}

bool Version::is_prerelease() const {
  return is_regular_ && stage_ < 0;
}

std::weak_ordering Version::compare(const Version& other) const {
  if (is_regular_ != other.is_regular_)
    return is_regular_ ? std::weak_ordering::greater : std::weak_ordering::less;
  if (!is_regular_) return text_ <=> other.text_;
  if (epoch_ != other.epoch_) return epoch_ <=> other.epoch_;
  const std::size_t length = std::max(release_.size(), other.release_.size());
  for (std::size_t i = 0; i < length; ++i) {
    const std::int64_t mine = i < release_.size() ? release_[i] : 0;
    const std::int64_t theirs = i < other.release_.size() ? other.release_[i] : 0;
    if (mine != theirs) return mine <=> theirs;
  }
  if (stage_ != other.stage_) return stage_ <=> other.stage_;
  return stage_number_ <=> other.stage_number_;
}

bool Version::has_prefix(const Version& prefix) const {
  if (epoch_ != prefix.epoch_) return false;
  for (std::size_t i = 0; i < prefix.release_.size(); ++i)
    if ((i < release_.size() ? release_[i] : 0) != prefix.release_[i]) return false;
  return true;
}

Version Version::series() const {
  Version shorter = *this;
  if (!shorter.release_.empty()) shorter.release_.pop_back();
  shorter.stage_ = 0;
  return shorter;
}

base::Result<VersionRange> VersionRange::parse(std::string_view text) {
  VersionRange range;
  if (trimmed(text).empty()) return range;
  for (const std::string& each : base::split(text, ',')) {
    std::string_view rest = trimmed(each);
    std::string operation = "===";  // a version alone means itself
    for (const std::string_view known : kOperations)
      if (rest.starts_with(known)) {
        operation = known;
        rest = trimmed(rest.substr(known.size()));
        break;
      }
    const bool is_wildcard = rest.ends_with(".*");
    if (is_wildcard) rest.remove_suffix(2);
    Part part{operation, Version(rest), is_wildcard};
    const bool is_series = operation == "~=";
    const bool takes_any = operation == "===" && !is_wildcard && !rest.empty() &&
                           rest.find_first_of("=<>!~* ") == std::string_view::npos;
    if ((!part.version.is_regular() && !takes_any) ||
        (is_wildcard && operation != "==" && operation != "!=") ||
        (is_series && rest.find('.') == std::string_view::npos))
      return base::make_error(
          base::ErrorKind::invalid,
          "'{}' is no version range: write '1.2' for one version, or one or "
          "more of ==, !=, <, <=, >, >=, ~= with a version, separated by commas, "
          "as in '>=1.2,<2'; == and != also take '1.2.*'",
          trimmed(text));
    range.parts_.push_back(std::move(part));
  }
  return range;
}

bool VersionRange::allows(const Part& part, const Version& version) {
  // A version alone is met by its own text, and by another way to write it.
  if (part.operation == "===")
    return version.text() == part.version.text() ||
           (version.is_regular() && version.compare(part.version) == 0);
  if (!version.is_regular()) return false;
  if (part.is_wildcard) return version.has_prefix(part.version) == (part.operation == "==");
  const std::weak_ordering order = version.compare(part.version);
  if (part.operation == "==") return order == 0;
  if (part.operation == "!=") return order != 0;
  if (part.operation == "<=") return order <= 0;
  if (part.operation == ">=") return order >= 0;
  if (part.operation == ">") return order > 0;
  // A pre-release of 2.0 is not what "<2.0" means.
  if (part.operation == "<")
    return order < 0 && !(version.is_prerelease() && !part.version.is_prerelease() &&
                          version.has_prefix(part.version) && part.version.has_prefix(version));
  return order >= 0 && version.has_prefix(part.version.series());  // "~="
}

bool VersionRange::allows(const Version& version) const {
  return std::all_of(parts_.begin(), parts_.end(),
                     [&](const Part& part) { return allows(part, version); });
}

std::string VersionRange::to_string() const {
  std::vector<std::string> parts;
  for (const Part& part : parts_)
    parts.push_back((part.operation == "===" ? "" : part.operation) + part.version.text() +
                    (part.is_wildcard ? ".*" : ""));
  return base::join(parts, ",");
}

void VersionRange::add(const VersionRange& other) {
  parts_.insert(parts_.end(), other.parts_.begin(), other.parts_.end());
}

const Version* find_newest(const std::vector<Version>& versions, const VersionRange& range) {
  const Version* best = nullptr;
  for (const Version& each : versions) {
    if (!range.allows(each)) continue;
    const bool is_better =
        best == nullptr || (best->is_prerelease() == each.is_prerelease() ? each.compare(*best) > 0
                                                                          : best->is_prerelease());
    if (is_better) best = &each;
  }
  return best;
}

}  // namespace cfy::packages
