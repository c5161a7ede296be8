// Pattern: regular expressions with the grammar of Python's `re`, in which the DSL writes them
// (type regex, constraint pattern). Own code because the files decide what is run here: it must
// neither overflow the stack nor run for hours, whatever pattern and text are.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cfy::schema {

namespace pattern {
struct Program;
}

enum class Match { no, yes, too_hard };

class Pattern {
 public:
  /// Nothing when `text` is no valid pattern; `error` then says why, if given.
  static std::optional<Pattern> parse(std::string_view text, std::string* error = nullptr);

  /// Whether the pattern matches at the start of `text`, not necessarily to its end (like
  /// re.match). too_hard: gave up after some millions of steps. Safe from any thread.
  Match match_start(std::string_view text) const;

 private:
  explicit Pattern(std::shared_ptr<const pattern::Program> program);
  std::shared_ptr<const pattern::Program> program_;
};

}  // namespace cfy::schema
