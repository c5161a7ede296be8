// The text is read by the rules of Python's tokens. What they do not allow is proof that it is
// none: that is how nearly all shell scripts end the reading. What is left needs evidence for
// Python that a shell would not take: an import, or a call with arguments (a shell knows "name()",
// when it defines a function, but nothing between these parentheses). A script in Python without
// either could not do anything.
#include "python_source.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "process/child.hpp"

namespace cfy::script {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Words that a shell takes before the ( of a subshell: "if(true); then".
bool is_before_subshell(std::string_view word) {
  constexpr std::array<std::string_view, 10> kWords{"if",   "elif", "while", "until", "then",
                                                    "else", "do",   "in",    "time",  "coproc"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

class Reading {
 public:
  explicit Reading(std::string_view text) : text_(text) {}

  bool shows_python() {
    while (!rest().empty())
      if (!pass_token()) return false;
    return has_evidence_;
  }

 private:
  std::string_view rest() const { return text_.substr(at_); }
  bool begins(std::string_view start) const { return rest().starts_with(start); }
  void pass(std::size_t size) { at_ += std::min(size, text_.size() - at_); }
  std::string_view take_word() {
    const std::size_t start = at_;
    while (at_ < text_.size() && is_word(text_[at_]))
      ++at_;
    return text_.substr(start, at_ - start);
  }

  // False: no Python has this.
  bool pass_token() {
    const char first = text_[at_];
    if (first == '#') {
      pass(rest().find('\n'));
      return true;
    }
    if (is_word(first)) {
      pass_word();
      return true;
    }
    if (first == '\'' || first == '"') return pass_string();
    if (first == '\\' && !begins("\\\n") && !begins("\\\r\n")) return false;
    if (first == '!' && !begins("!=")) return false;
    for (const char* sign : {"$", "`", "?", "&&", "||", ";;"})
      if (begins(sign)) return false;
    if (begins("<<") && begins_here_document()) return false;
    if (first != ' ' && first != '\t') is_statement_start_ = first == '\n' || first == ';';
    pass(1);
    return true;
  }

  void pass_word() {
    const bool is_first = std::exchange(is_statement_start_, false);
    const std::string_view word = take_word();
    const std::string_view after = rest();
    if (is_first && (word == "import" || word == "from"))
      has_evidence_ |=
          after.size() > 1 && after[0] == ' ' && (is_word(after[1]) || after[1] == '.');
    if (!after.starts_with('(') || is_digit(word[0]) || is_before_subshell(word)) return;
    const std::size_t argument = after.find_first_not_of(" \t", 1);
    has_evidence_ |= argument != std::string_view::npos && after[argument] != ')';
  }

  // A string of one line, or between three quotes.
  bool pass_string() {
    is_statement_start_ = false;
    const std::string three(3, text_[at_]);
    const bool is_long = begins(three);
    const std::string_view end = std::string_view(three).substr(0, is_long ? 3 : 1);
    pass(end.size());
    while (!begins(end)) {
      if (rest().empty() || (!is_long && text_[at_] == '\n')) return false;
      pass(text_[at_] == '\\' ? 2 : 1);
    }
    pass(end.size());
    return true;
  }

  // "cat > x.py << EOF" and all up to the line EOF may be valid Python from end to end.
  bool begins_here_document() const {
    std::string_view after = rest().substr(2);
    after.remove_prefix(std::min(after.find_first_not_of("- \t'\"\\"), after.size()));
    Reading reading(after);
    const std::string_view delimiter = reading.take_word();
    if (delimiter.empty()) return false;
    for (std::string_view line : base::split(reading.rest(), '\n')) {
      line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
      if (line == delimiter) return true;
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool is_statement_start_ = true, has_evidence_ = false;
};

}  // namespace

bool may_be_python(std::string_view text) {
  return Reading(text).shows_python();
}

bool is_accepted_by_python(int fd) {
  process::SpawnOptions options;
  // Parsed, not compiled (PyCF_ONLY_AST): without a module to import it takes half the time.
  options.argv = {"python3", "-I", "-S", "-c",
                  "compile(open('/dev/fd/3', 'rb').read(), 'script', 'exec', 0x400)"};
  options.fds = {{fd, 3}};
  auto child = process::spawn(options);
  return child && child->wait().is_success();
}

}  // namespace cfy::script
