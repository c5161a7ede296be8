// Secrets: named values that blueprints ask for with get_secret. Plain rows: the protection is that
// of the file (0600). Knows no environment and no --secrets file.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "store/records.hpp"
#include "store/sqlite.hpp"

namespace cfy::store {

class Secrets {
 public:
  explicit Secrets(Database& database) : database_(database) {}

  /// Make it, or replace its value. Errors: state.
  base::Result<void> set(std::string_view name, std::string_view value, std::int64_t wall_ms);
  /// Empty when there is none. Errors: state.
  base::Result<std::optional<std::string>> find(std::string_view name);
  /// Errors: not_found (suggests a near name), state.
  base::Result<std::string> get(const std::string& name);
  /// By name, without their values. Errors: state.
  base::Result<std::vector<SecretRow>> list();
  /// All values, by name. Errors: state.
  base::Result<std::vector<std::pair<std::string, std::string>>> values();
  /// Also from the bytes of the file, as far as nobody else is using it. Errors: not_found, state.
  base::Result<void> remove(const std::string& name);

 private:
  base::Error unknown(const std::string& name);
  base::Result<void> change(Query& query);

  Database& database_;
};

}  // namespace cfy::store
