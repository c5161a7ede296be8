// Parsing by hand: a library for it would take longer to load than all of ctx runs.
#include "arguments.hpp"

#include <cstdlib>

#include "base/json_text.hpp"

namespace cfy::ctx {
namespace {

class Parser {
 public:
  explicit Parser(const std::vector<std::string>& words) : words_(words) {}

  std::variant<Arguments, std::string> parse() {
    std::vector<std::string> positional;
    for (; next_ < words_.size() && error_.empty(); ++next_) {
      const std::string& word = words_[next_];
      if (word == "--") break;
      if (!take_option(word)) positional.push_back(word);
    }
    if (next_ < words_.size())  // behind "--"
      positional.insert(positional.end(), words_.begin() + position(next_ + 1), words_.end());
    for (const std::string& word : positional)
      add_argument(word);
    if (!error_.empty()) return error_;
    return result_;
  }

 private:
  static std::ptrdiff_t position(std::size_t index) { return static_cast<std::ptrdiff_t>(index); }

  bool take_option(const std::string& word) {
    if (word == "-j" || word == "--json-output") return result_.json_output = true;
    if (word == "-h" || word == "--help") return result_.help = true;
    std::string value;
    if (take_value(word, "--socket-url", result_.socket_url)) return true;
    if (take_value(word, "--json-arg-prefix", result_.json_prefix)) return true;
    if (!take_value(word, "-t", value) && !take_value(word, "--timeout", value)) return false;
    char* end = nullptr;
    result_.timeout_s = std::strtod(value.c_str(), &end);
    if (error_.empty() && (value.empty() || *end != '\0' || !(result_.timeout_s > 0)))
      error_ = "the timeout must be a number of seconds, not '" + value + "'";
    return true;
  }

  // "--name value" or "--name=value".
  bool take_value(const std::string& word, const std::string& name, std::string& value) {
    const bool is_long = name.size() > 2;
    if (is_long && word.compare(0, name.size() + 1, name + "=") == 0) {
      value = word.substr(name.size() + 1);
      return true;
    }
    if (word != name) return false;
    if (next_ + 1 < words_.size())
      value = words_[++next_];
    else
      error_ = name + " needs a value";
    return true;
  }

  void add_argument(const std::string& word) {
    const std::string& prefix = result_.json_prefix;
    if (prefix.empty() || word.compare(0, prefix.size(), prefix) != 0) {
      result_.args.push_back(word);
      return;
    }
    auto value = base::parse_json(word.substr(prefix.size()));
    if (value)
      result_.args.push_back(*std::move(value));
    else
      error_ =
          "'" + word + "' starts with " + prefix + ", and what follows " + value.error().message();
  }

  const std::vector<std::string>& words_;
  std::size_t next_ = 0;
  Arguments result_;
  std::string error_;
};

}  // namespace

std::variant<Arguments, std::string> parse_arguments(const std::vector<std::string>& words) {
  return Parser(words).parse();
}

}  // namespace cfy::ctx
