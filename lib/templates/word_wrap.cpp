#include "templates/word_wrap.hpp"

#include <algorithm>
#include <deque>

#include "templates/characters.hpp"

namespace cfy::templates {
namespace {

using Letters = std::vector<std::string>;

bool is_blank(const std::string& letter) {
  return letter.size() == 1 && std::string_view(" \t\n\r\v\f").find(letter) != std::string::npos;
}
bool in_word(const std::string& letter) {
  return is_word(letter[0]);
}
bool in_name(const std::string& letter) {
  return is_word(letter[0]) && !is_digit(letter[0]) && letter != "_";
}
bool in_punctuated_word(const std::string& letter) {
  return in_word(letter) || std::string_view("!\"'&.,?").find(letter) != std::string::npos;
}

struct Chunk {
  std::size_t start, end;
  std::size_t size() const { return end - start; }
};

// Cuts a line into what may be broken apart: blanks, words, parts of words up to a hyphen.
class Chunker {
 public:
  Chunker(const Letters& letters, bool at_hyphens) : letters_(letters), at_hyphens_(at_hyphens) {}

  std::deque<Chunk> run() const {
    std::deque<Chunk> chunks;
    for (std::size_t at = 0; at < letters_.size(); at = chunks.back().end)
      chunks.push_back({at, end_of_chunk(at)});
    return chunks;
  }

 private:
  std::size_t end_of_chunk(std::size_t at) const {
    std::size_t end = at + 1;
    if (is_blank(letters_[at])) {
      while (end < letters_.size() && is_blank(letters_[end]))
        ++end;
      return end;
    }
    if (at_hyphens_ && starts_dash(at)) return end_of_dash(at);
    while (end < letters_.size() && !is_blank(letters_[end]) &&
           !(at_hyphens_ && may_break(at, end)))
      ++end;
    return end;
  }

  bool is_hyphen(std::size_t at) const { return at < letters_.size() && letters_[at] == "-"; }
  std::size_t end_of_dash(std::size_t at) const {
    while (is_hyphen(at))
      ++at;
    return at;
  }
  // "a--b": two hyphens or more between words.
  bool starts_dash(std::size_t at) const {
    if (at == 0 || !is_hyphen(at) || !in_punctuated_word(letters_[at - 1])) return false;
    const std::size_t end = end_of_dash(at);
    return end >= at + 2 && end < letters_.size() && in_word(letters_[end]);
  }
  // Whether a chunk that starts at `start` may end before `at`: behind the hyphen of a word, or
  // before a dash.
  bool may_break(std::size_t start, std::size_t at) const {
    if (starts_dash(at)) return true;
    if (!is_hyphen(at - 1) || at - 1 == start || at < 3 || at >= letters_.size()) return false;
    const bool follows_word = (in_name(letters_[at - 2]) && in_name(letters_[at - 3])) ||
                              (at >= 4 && in_punctuated_word(letters_[at - 2]) &&
                               is_hyphen(at - 3) && in_name(letters_[at - 4]));
    const std::size_t next = is_hyphen(at + 1) ? at + 2 : at + 1;
    return follows_word && in_name(letters_[at]) && next < letters_.size() &&
           in_name(letters_[next]);
  }

  const Letters& letters_;
  bool at_hyphens_;
};

class Wrapper {
 public:
  Wrapper(const Letters& letters, const WrapOptions& options)
      : letters_(letters),
        options_(options),
        chunks_(Chunker(letters, options.breaks_at_hyphens).run()) {}

  std::vector<std::string> run() {
    std::vector<std::string> lines;
    while (!chunks_.empty()) {
      if (!lines.empty() && is_blank(letters_[chunks_.front().start])) {
        chunks_.pop_front();
        continue;
      }
      std::string line = take_line();
      if (!line.empty()) lines.push_back(std::move(line));
    }
    return lines;
  }

 private:
  // Of what is left; without blanks at its end.
  std::string take_line() {
    std::vector<Chunk> line;
    std::size_t used = 0;
    while (!chunks_.empty() && used + chunks_.front().size() <= options_.width) {
      used += chunks_.front().size();
      line.push_back(chunks_.front());
      chunks_.pop_front();
    }
    if (!chunks_.empty() && chunks_.front().size() > options_.width) take_part(line, used);
    if (!line.empty() && (line.back().size() == 0 || is_blank(letters_[line.back().start])))
      line.pop_back();
    std::string text;
    for (const Chunk& chunk : line)
      for (std::size_t at = chunk.start; at < chunk.end; ++at)
        text += letters_[at];
    return text;
  }

  // What of a chunk that no line can hold fits behind what is there.
  void take_part(std::vector<Chunk>& line, std::size_t used) {
    Chunk& chunk = chunks_.front();
    if (options_.breaks_words) {
      const std::size_t end = end_of_part(chunk, options_.width - used);
      line.push_back({chunk.start, end});
      chunk.start = end;
    } else if (line.empty()) {
      line.push_back(chunk);
      chunks_.pop_front();
    }
  }

  // Behind the last hyphen that fits, if there is more than hyphens before it, else anywhere.
  std::size_t end_of_part(const Chunk& chunk, std::size_t room) const {
    const std::size_t limit = chunk.start + room;
    std::size_t hyphen = limit;
    while (hyphen > chunk.start && letters_[hyphen - 1] != "-")
      --hyphen;
    if (!options_.breaks_at_hyphens || hyphen <= chunk.start + 1) return limit;
    const auto first = letters_.begin() + static_cast<std::ptrdiff_t>(chunk.start);
    const auto last = letters_.begin() + static_cast<std::ptrdiff_t>(hyphen - 1);
    const bool has_word = std::any_of(first, last, [](const auto& one) { return one != "-"; });
    return has_word ? hyphen : limit;
  }

  const Letters& letters_;
  WrapOptions options_;
  std::deque<Chunk> chunks_;
};

}  // namespace

std::vector<std::string> wrap_line(const std::string& line, const WrapOptions& options) {
  const Letters letters = characters(line);
  return Wrapper(letters, options).run();
}

}  // namespace cfy::templates
