// Logger: lines that reach the terminal and the stored events of the execution.
#pragma once

#include <functional>
#include <string_view>

#include <cfy/detail/boundary.hpp>

namespace cfy {

/// Any thread. Valid as long as the context it came from.
class Logger {
 public:
  using Write = std::function<void(std::string_view level, std::string_view text)>;
  explicit Logger(Write write) : write_(std::move(write)) {}

  void debug(std::string_view text) const { write_("debug", text); }
  void info(std::string_view text) const { write_("info", text); }
  void warning(std::string_view text) const { write_("warning", text); }
  void error(std::string_view text) const { write_("error", text); }
  void critical(std::string_view text) const { write_("critical", text); }
  /// A level by its name, one of the above.
  void log(std::string_view level, std::string_view text) const { write_(level, text); }

 private:
  Write write_;
};

}  // namespace cfy
