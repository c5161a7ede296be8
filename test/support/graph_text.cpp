#include "support/graph_text.hpp"

#include <cctype>
#include <stdexcept>

namespace cfy::test {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::vector<GraphTextTask> read() {
    read_list("");
    if (!at_end()) throw std::invalid_argument("graph text: unexpected '}'");
    return std::move(tasks_);
  }

 private:
  bool at_end() {
    while (position_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[position_])))
      ++position_;
    return position_ == text_.size();
  }
  bool take(char c) {
    if (at_end() || text_[position_] != c) return false;
    ++position_;
    return true;
  }
  std::string word() {
    if (at_end()) throw std::invalid_argument("graph text: a name is missing");
    const auto start = position_;
    while (position_ < text_.size() && is_word(text_[position_]))
      ++position_;
    if (start == position_) throw std::invalid_argument("graph text: a name is missing");
    return std::string(text_.substr(start, position_ - start));
  }
  static bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.';
  }

  void read_list(const std::string& container) {
    while (!at_end() && text_[position_] != '}') {
      if (!take(';')) read_task(container);
    }
  }

  void read_task(const std::string& container) {
    const std::size_t index = tasks_.size();
    tasks_.push_back({word(), container, false, {}});
    if (take('{')) {
      tasks_[index].is_subgraph = true;
      read_list(std::string(tasks_[index].name));
      if (!take('}')) throw std::invalid_argument("graph text: '}' is missing");
    }
    if (at_end() || !is_word(text_[position_])) return;
    if (word() != "after") throw std::invalid_argument("graph text: expected 'after'");
    do {
      tasks_[index].after.push_back(word());
    } while (take(','));
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::vector<GraphTextTask> tasks_;
};

}  // namespace

std::vector<GraphTextTask> read_graph_text(std::string_view text) {
  return Reader(text).read();
}

}  // namespace cfy::test
