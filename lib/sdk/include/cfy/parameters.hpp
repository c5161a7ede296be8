// Parameters: the values a workflow was started with (or the inputs of an operation), by name and
// with typed access whose errors a user can act on.
#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <cfy/detail/boundary.hpp>

namespace cfy {
namespace detail {

template <typename T>
struct Wanted;  // name of a type, and the test that a JSON value is one

template <>
struct Wanted<json> {
  static std::string name() { return "any value"; }
  static bool fits(const json&) { return true; }
};
template <>
struct Wanted<bool> {
  static std::string name() { return "a boolean"; }
  static bool fits(const json& value) { return value.is_boolean(); }
};
template <>
struct Wanted<std::string> {
  static std::string name() { return "a string"; }
  static bool fits(const json& value) { return value.is_string(); }
};
template <std::integral T>
struct Wanted<T> {
  static std::string name() {
    return "an integer from " + std::to_string(std::numeric_limits<T>::min()) + " to " +
           std::to_string(std::numeric_limits<T>::max());
  }
  static bool fits(const json& value) {
    if (value.is_number_unsigned()) return std::in_range<T>(value.get<std::uint64_t>());
    return value.is_number_integer() && std::in_range<T>(value.get<std::int64_t>());
  }
};
template <std::floating_point T>
struct Wanted<T> {
  static std::string name() { return "a number"; }
  static bool fits(const json& value) { return value.is_number(); }
};
template <typename T>
struct Wanted<std::vector<T>> {
  static std::string name() { return "a list, each item " + Wanted<T>::name(); }
  static bool fits(const json& value) {
    if (!value.is_array()) return false;
    for (const json& item : value)
      if (!Wanted<T>::fits(item)) return false;
    return true;
  }
};
template <typename T>
struct Wanted<std::map<std::string, T>> {
  static std::string name() { return "a dict, each value " + Wanted<T>::name(); }
  static bool fits(const json& value) {
    if (!value.is_object()) return false;
    for (const json& item : value)
      if (!Wanted<T>::fits(item)) return false;
    return true;
  }
};

/// `string "80a"`, cut when it is long.
inline std::string describe(const json& value) {
  constexpr std::size_t kLongest = 60;
  std::string shown = dump(value);
  if (shown.size() > kLongest) shown = shown.substr(0, kLongest) + "...";
  return value.is_null() ? "null" : std::string(value.type_name()) + " " + shown;
}

template <typename T>
struct IsOptional : std::false_type {};
template <typename T>
struct IsOptional<std::optional<T>> : std::true_type {};

}  // namespace detail

/// An immutable set of named values. Types that get() knows: bool, integers, floating point,
/// std::string, json, and std::vector, std::map<std::string, ...>, std::optional of these. Nothing
/// is converted: the program has done so from the declared types already.
class Parameters {
 public:
  /// @param values  an object
  /// @param noun    what one value is called in messages: "parameter", "input"
  explicit Parameters(json values, std::string noun = "parameter")
      : values_(values.is_null() ? json::object() : std::move(values)), noun_(std::move(noun)) {}

  bool contains(std::string_view name) const { return values_.contains(std::string(name)); }

  /// The value as it is. Throws NonRecoverable, naming what there is, when it is missing.
  const json& operator[](std::string_view name) const {
    const auto found = values_.find(std::string(name));
    if (found == values_.end()) throw NonRecoverable(missing(name));
    return *found;
  }

  /// The value as a T. Throws NonRecoverable when it is missing or something else. A
  /// std::optional<T> is empty when the value is missing or null.
  template <typename T>
  T get(std::string_view name) const {
    if constexpr (detail::IsOptional<T>::value) {
      if (!contains(name) || (*this)[name].is_null()) return std::nullopt;
      return get<typename T::value_type>(name);
    } else {
      const json& value = (*this)[name];
      if (!detail::Wanted<T>::fits(value))
        throw NonRecoverable(noun_ + " '" + std::string(name) + "' must be " +
                             detail::Wanted<T>::name() + ", got " + detail::describe(value));
      return value.get<T>();
    }
  }
  /// The same, with a value for when it is missing.
  template <typename T>
  T get(std::string_view name, T otherwise) const {
    return contains(name) ? get<T>(name) : std::move(otherwise);
  }

  /// All but the named ones, as an object: Python's **kwargs.
  json rest(std::initializer_list<std::string_view> named) const {
    json others = values_;
    for (const std::string_view name : named)
      others.erase(std::string(name));
    return others;
  }
  const json& all() const { return values_; }

 private:
  std::string missing(std::string_view name) const {
    std::string names;
    for (const auto& item : values_.items())
      names += (names.empty() ? "" : ", ") + item.key();
    return noun_ + " '" + std::string(name) +
           "' is missing; given: " + (names.empty() ? "none" : names);
  }

  json values_;
  std::string noun_;
};

}  // namespace cfy
