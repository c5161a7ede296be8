#include "dsl/context.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"

namespace cfy::dsl {
namespace {

std::string_view type_of_code(int code) {
  switch (code) {
    case -1:
    case 1:
    case 2:
    case 220:
      return "DSLParsingFormatException";
    case 108:
      return "DSLParsingInputTypeException";
    default:
      return "DSLParsingLogicException";
  }
}

// Errors that say that a name is unknown: 7 and 103 types, 10, 19, 21 and 61 plugins, 25 and 26
// relationships, 40 to 42 and 205 groups.
bool is_unknown_name(int code) {
  constexpr std::array<int, 12> kCodes = {7, 10, 19, 21, 25, 26, 40, 41, 42, 61, 103, 205};
  return std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end();
}

// The same for functions: inputs, node templates and their properties.
bool is_unknown_name(std::string_view type) {
  return type == "UnknownInputError" || type == "KeyError" || type == "FunctionEvaluationError";
}

}  // namespace

std::string Path::to_string() const {
  std::string text = parent_ == nullptr ? std::string() : parent_->to_string();
  if (index_) return text + fmt::format("[{}]", *index_);
  if (!text.empty() && !name_.empty()) text += '.';
  return text += name_;
}

base::Diagnostic& Context::error(int code, const base::SourceRange& range, const Path& path,
                                 std::string message) {
  if (misses_files && is_unknown_name(code)) return unsaid_ = {};
  base::Diagnostic& added =
      error_of_type(std::string(type_of_code(code)), range, path, std::move(message));
  added.code = code;
  return added;
}

base::Diagnostic& Context::error_of_type(std::string type, const base::SourceRange& range,
                                         const Path& path, std::string message) {
  if (misses_files && is_unknown_name(type)) return unsaid_ = {};
  base::Diagnostic diagnostic;
  diagnostic.type = std::move(type);
  diagnostic.range = range;
  if (!range.is_known()) diagnostic.range.file = main_file;
  diagnostic.path = path.to_string();
  diagnostic.message = std::move(message);
  return diagnostics.add(std::move(diagnostic));
}

base::Diagnostic& Context::warning(const base::SourceRange& range, const Path& path,
                                   std::string message) {
  base::Diagnostic diagnostic;
  diagnostic.severity = base::Severity::warning;
  diagnostic.type = "Warning";
  diagnostic.range = range;
  if (!range.is_known()) diagnostic.range.file = main_file;
  diagnostic.path = path.to_string();
  diagnostic.message = std::move(message);
  return diagnostics.add(std::move(diagnostic));
}

bool Context::require_version(int since_minor, std::string_view what,
                              const base::SourceRange& range, const Path& path) {
  if (!validate_version || dsl_minor >= since_minor) return true;
  if (bundled_file != base::FileId::none && range.file == bundled_file) return true;
  error(102, range, path,
        fmt::format("{} needs cloudify_dsl_1_{} or later, this is cloudify_dsl_1_{}", what,
                    since_minor, dsl_minor))
      .hint = "raise tosca_definitions_version";
  return false;
}

bool Context::spend(std::uint64_t values, const base::SourceRange& range, const Path& path) {
  if (has_spent_all_) return false;
  if (values <= values_left_) {
    values_left_ -= values;
    return true;
  }
  has_spent_all_ = true;
  error_of_type("DSLParsingLogicException", range, path,
                "with its inherited properties and defaults, the blueprint is too large");
  return false;
}

std::string Context::hint(std::string_view word,
                          const std::function<std::vector<std::string>()>& names) {
  constexpr std::size_t kLongestName = 200;  // comparing takes the square of the length
  if (names_for_hints_ == 0 || word.size() > kLongestName) return {};
  const std::vector<std::string> candidates = names();
  names_for_hints_ -= std::min(names_for_hints_, candidates.size());
  return base::did_you_mean(word, candidates);
}

}  // namespace cfy::dsl
