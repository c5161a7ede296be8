// Versions of plugin packages and ranges of them, written as Python's packaging writes both:
// Cloudify's plugin versions are of that kind. Knows no files.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace cfy::packages {

/// "1.2", "1.2.0rc1", "2.0.post1", "1!1.0". What is not of this form still has an order: below all
/// that is, by its text.
class Version {
 public:
  explicit Version(std::string_view text);

  const std::string& text() const { return text_; }
  bool is_regular() const { return is_regular_; }
  bool is_prerelease() const;
  /// "1.2" and "1.2.0" are equal; "1.2.dev1" < "1.2a1" < "1.2rc1" < "1.2" < "1.2.post1".
  std::weak_ordering compare(const Version& other) const;
  /// Whether the release part begins with that of `prefix`: 1.2.5 with 1.2.
  bool has_prefix(const Version& prefix) const;
  /// With the last part of the release taken off: "1.2.5" gives "1.2".
  Version series() const;

 private:
  friend class VersionReader;
  Version() = default;

  std::string text_;
  bool is_regular_ = false;
  std::int64_t epoch_ = 0;
  std::vector<std::int64_t> release_;
  // Where it stands around its release: a pre-release below 0, a post-release above.
  int stage_ = 0;
  std::int64_t stage_number_ = 0;
};

/// What a version must fulfil: ">=1.0,<2.0", "~=1.4", "==1.*", "1.2" (exactly this one), all parts
/// of it at once. The empty range allows everything.
class VersionRange {
 public:
  VersionRange() = default;
  /// Errors: invalid, with the part that is wrong and the forms that there are.
  static base::Result<VersionRange> parse(std::string_view text);

  bool allows(const Version& version) const;
  bool is_empty() const { return parts_.empty(); }
  std::string to_string() const;
  /// Both at once.
  void add(const VersionRange& other);

 private:
  struct Part {
    std::string operation;  // "==", "===", "~=", "<=", ...
    Version version;
    bool is_wildcard = false;  // "1.2.*"
  };
  static bool allows(const Part& part, const Version& version);

  std::vector<Part> parts_;
};

/// The newest of those that the range allows; a pre-release only where nothing else fits, or
/// nullptr. The result points into `versions`.
const Version* find_newest(const std::vector<Version>& versions, const VersionRange& range);

}  // namespace cfy::packages
