#include "graph/ready_set.hpp"

#include <bit>

#include "base/check.hpp"

namespace cfy::graph {
namespace {

constexpr std::uint64_t bit_of(std::uint32_t number) {
  return std::uint64_t{1} << (number % 64);
}

}  // namespace

void ReadySet::grow(std::uint32_t number) {
  if (levels_.empty()) levels_.emplace_back(1);
  std::size_t level = 0;
  for (std::size_t words = number / 64 + 1;; words = (words + 63) / 64, ++level) {
    if (level == levels_.size()) {
      // The old top was one word: it becomes the first of the new level's.
      levels_.emplace_back(1, levels_[level - 1][0] != 0 ? 1 : 0);
    }
    if (levels_[level].size() < words) levels_[level].resize(words);
    if (words == 1 && levels_[level].size() == 1) return;
  }
}

void ReadySet::insert(std::uint32_t number) {
  if (levels_.empty() || number / 64 >= levels_[0].size()) grow(number);
  for (auto& words : levels_) {
    std::uint64_t& word = words[number / 64];
    const bool was_empty = word == 0;
    word |= bit_of(number);
    if (!was_empty) return;
    number /= 64;
  }
}

void ReadySet::erase(std::uint32_t number) {
  if (!contains(number)) return;
  for (auto& words : levels_) {
    std::uint64_t& word = words[number / 64];
    word &= ~bit_of(number);
    if (word != 0) return;
    number /= 64;
  }
}

bool ReadySet::contains(std::uint32_t number) const {
  return !levels_.empty() && number / 64 < levels_[0].size() &&
         (levels_[0][number / 64] & bit_of(number)) != 0;
}

std::uint32_t ReadySet::first() const {
  CFY_ASSERT(!is_empty());
  std::uint32_t number = 0;
  for (auto words = levels_.rbegin(); words != levels_.rend(); ++words)
    number = number * 64 + static_cast<std::uint32_t>(std::countr_zero((*words)[number]));
  return number;
}

}  // namespace cfy::graph
