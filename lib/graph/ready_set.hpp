// ReadySet: a set of small numbers that gives out its least one quickly. Knows nothing of tasks.
#pragma once

#include <cstdint>
#include <vector>

namespace cfy::graph {

/// Numbers from 0 on, kept as a tree of 64-bit words: a bit of an upper level says that the word
/// below it holds something. All functions cost O(log64 of the greatest number), and a million
/// numbers take 130 kB: small enough to stay in the cache, where a heap of them would not.
class ReadySet {
 public:
  /// Nothing happens when it is already there.
  void insert(std::uint32_t number);
  /// Nothing happens when it is not there.
  void erase(std::uint32_t number);
  bool contains(std::uint32_t number) const;
  bool is_empty() const { return levels_.empty() || levels_.back()[0] == 0; }
  /// The least number; the set must not be empty.
  std::uint32_t first() const;

 private:
  void grow(std::uint32_t number);
  // levels_[0] has a bit for each number; the last level is always one word.
  std::vector<std::vector<std::uint64_t>> levels_;
};

}  // namespace cfy::graph
