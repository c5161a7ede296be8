// Value: a YAML value that knows where it was written. Immutable, a few machine words, owned by an
// Arena; passed around as `const Value*`. Knows nothing of blueprints and nothing of yaml-cpp.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/source.hpp"

namespace cfy::yaml {

enum class Kind : std::uint8_t {
  null,
  boolean,
  integer,
  wide_integer,  ///< an integer beyond 64 bits: text() holds its decimal digits
  floating,
  string,
  timestamp,  ///< text() holds it in ISO 8601: "2020-01-02", "2020-01-02T03:04:05+00:00"
  binary,     ///< text() holds the bytes in base64
  list,
  map,
};

/// The word users know for a kind: "string", "list", "dict", ...
std::string_view kind_name(Kind kind);

class Value;

struct Entry {
  const Value* key;  ///< usually a string; any scalar is possible
  const Value* value;
};

class Value {
 public:
  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  bool is_string() const { return kind_ == Kind::string; }
  bool is_list() const { return kind_ == Kind::list; }
  bool is_map() const { return kind_ == Kind::map; }

  const base::SourceRange& range() const { return range_; }
  /// How many values it holds, itself included, with everything shared counted each time.
  std::uint32_t weight() const { return weight_; }

  // Each accessor is for its own kinds only, anything else is a bug of the caller.
  bool boolean() const;
  std::int64_t integer() const;
  double floating() const;
  std::string_view text() const;                ///< string, wide_integer, timestamp, binary
  std::span<const Value* const> items() const;  ///< list
  std::span<const Entry> entries() const;       ///< map, in the order written

  /// The value of a string key; nullptr when there is none, or when this is no map.
  /// Cost: O(entries). Walk entries() where many keys of a large map are wanted.
  const Value* find(std::string_view key) const;
  const Entry* find_entry(std::string_view key) const;

 private:
  friend class Arena;
  Value() = default;

  base::SourceRange range_;
  std::uint32_t weight_ = 1;
  Kind kind_ = Kind::null;
  std::size_t size_ = 0;
  union {
    bool boolean_;
    std::int64_t integer_ = 0;
    double floating_;
    const char* text_;
    const Value* const* items_;
    const Entry* entries_;
  };
};

/// The owner of Values: all live until the arena goes, nothing is freed before. Not thread safe.
class Arena {
 public:
  Arena() : memory_(64 * 1024) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  const Value* make_null(const base::SourceRange& range);
  const Value* make_boolean(bool value, const base::SourceRange& range);
  const Value* make_integer(std::int64_t value, const base::SourceRange& range);
  const Value* make_floating(double value, const base::SourceRange& range);
  /// The text is copied.
  const Value* make_string(std::string_view text, const base::SourceRange& range);
  /// @param text  not copied: must live as long as the arena (the text of a SourceMap does)
  const Value* make_string_view(std::string_view text, const base::SourceRange& range);
  /// @param kind  wide_integer, timestamp or binary; `text` is copied
  const Value* make_special(Kind kind, std::string_view text, const base::SourceRange& range);
  const Value* make_list(std::span<const Value* const> items, const base::SourceRange& range);
  const Value* make_map(std::span<const Entry> entries, const base::SourceRange& range);

  std::string_view copy(std::string_view text);

 private:
  Value* make(Kind kind, const base::SourceRange& range);
  std::pmr::monotonic_buffer_resource memory_;
};

/// Python's idea of one dictionary key: equal texts, or equal numbers (1, 1.0 and true are one).
bool is_same_key(const Value& left, const Value& right);

/// A key as JSON writes it: the text itself, "1", "1.5", "true", "null".
std::string key_text(const Value& key);

}  // namespace cfy::yaml
