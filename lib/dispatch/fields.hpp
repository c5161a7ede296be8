// Fields: reads the members of a JSON object and remembers the first that is not as it must be, so
// that a message from another process is checked member by member without a cascade of ifs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace cfy::dispatch {

class Fields {
 public:
  /// @param what    for the error: "request"
  /// @param object  must outlive this
  Fields(std::string what, const nlohmann::json& object);

  // Absent and null members of the first five give the empty value of their kind.
  std::string text(const char* key);
  std::string needed_text(const char* key);
  std::int64_t number(const char* key);
  bool truth(const char* key);
  std::optional<double> seconds(const char* key);
  nlohmann::json object(const char* key);
  nlohmann::json array(const char* key);
  /// Of any kind; null when absent.
  const nlohmann::json& any(const char* key) const;

  void refuse(const char* key, const char* expected);
  bool ok() const { return error_.empty(); }
  base::Error error() const { return {base::ErrorKind::invalid, error_}; }

 private:
  std::string what_;
  const nlohmann::json& object_;
  std::string error_;
};

}  // namespace cfy::dispatch
