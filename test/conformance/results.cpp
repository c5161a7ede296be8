// Failures as results.
#include "run.hpp"

namespace cfy::conformance {

json failure(const base::Diagnostics& diagnostics) {
  json errors = json::array();
  for (const base::Diagnostic& one : diagnostics.all()) {
    if (one.severity != base::Severity::error) continue;
    errors.push_back({{"code", one.code ? json(*one.code) : json()},
                      {"type", one.type},
                      {"message", one.message}});
  }
  return {{"ok", false}, {"errors", errors}};
}

json failure(const functions::Fault& fault) {
  return {{"ok", false},
          {"errors", {{{"code", nullptr}, {"type", fault.type}, {"message", fault.message}}}}};
}

json failure(const std::string& message) {
  return failure(functions::Fault{"", message});
}

}  // namespace cfy::conformance
