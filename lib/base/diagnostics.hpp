// Diagnostics: all mistakes found in a user's files, collected, not thrown. A function that checks
// adds what it finds and goes on where it can; who called it asks has_errors() at the end.
// How they look on a terminal or as JSON is the business of the ui room.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/source.hpp"

namespace cfy::base {

enum class Severity { error, warning };

/// A second place that belongs to a mistake: "first defined here".
struct Note {
  std::string message;
  SourceRange range;
};

struct Diagnostic {
  Severity severity = Severity::error;
  std::optional<int> code;  ///< number of the reference, facts.md section 2
  std::string type;         ///< exception class of the reference, "DSLParsingLogicException"
  std::string message;      ///< one sentence, no position, no final stop
  SourceRange range;
  std::string path;  ///< dotted path inside the blueprint, "node_templates.web.type"
  std::string hint;  ///< what would be right: "did you mean 'x'?", or empty
  std::vector<Note> notes;
};

class Diagnostics {
 public:
  /// The Diagnostic may be completed through the reference until the next call.
  Diagnostic& add(Diagnostic diagnostic);
  bool has_errors() const { return error_count_ > 0; }
  std::size_t error_count() const { return error_count_; }
  const std::vector<Diagnostic>& all() const { return all_; }

 private:
  std::vector<Diagnostic> all_;
  std::size_t error_count_ = 0;
};

}  // namespace cfy::base
