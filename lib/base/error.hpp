// Error and Result: how a function says that the world (files, SQLite, plugins, processes) did not
// do what was asked. Mistakes in a user's files are Diagnostics instead (diagnostics.hpp).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "base/check.hpp"

namespace cfy::base {

/// What went wrong, as coarse as a caller can act on. The program's exit code follows from it.
enum class ErrorKind {
  usage,      ///< the command line asks for something impossible
  invalid,    ///< a blueprint, inputs or parameters are wrong
  plugin,     ///< a plugin cannot be loaded, or broke its contract
  state,      ///< the state folder or its database is locked, corrupt, full or read-only
  not_found,  ///< the named thing does not exist
  conflict,   ///< somebody else changed or holds it
  io,         ///< a file, process or socket
  cancelled,  ///< the execution was cancelled
  failed,     ///< the workflow or an operation failed
};

/// A failure with its story: the innermost message and what each caller was doing.
class Error {
 public:
  Error(ErrorKind error_kind, std::string text) : kind_(error_kind), message_(std::move(text)) {}

  /// Put "`what`: " before the message, as in .context("loading plugin 'script'").
  Error& context(std::string_view what) &;
  Error&& context(std::string_view what) &&;

  ErrorKind kind() const { return kind_; }
  const std::string& message() const { return message_; }

 private:
  ErrorKind kind_;
  std::string message_;
};

template <typename... Args>
Error make_error(ErrorKind kind, fmt::format_string<Args...> format, Args&&... args) {
  return Error(kind, fmt::format(format, std::forward<Args>(args)...));
}

/// "`what`: No such file or directory" from the `errno` value given. Kind io.
Error errno_error(int errno_value, std::string_view what);

/// A T, or the Error that prevented it. Never both, never neither.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return checked(*this); }
  const T& value() const& { return checked(*this); }
  T&& value() && { return std::move(checked(*this)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& {
    CFY_ASSERT(!ok());
    return std::get<1>(state_);
  }
  Error&& error() && {
    CFY_ASSERT(!ok());
    return std::get<1>(std::move(state_));
  }

 private:
  template <typename Self>
  static auto& checked(Self& self) {
    CFY_ASSERT(self.ok());
    return std::get<0>(self.state_);
  }
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const& {
    CFY_ASSERT(!ok());
    return *error_;
  }
  Error&& error() && {
    CFY_ASSERT(!ok());
    return *std::move(error_);
  }

 private:
  std::optional<Error> error_;
};

}  // namespace cfy::base
