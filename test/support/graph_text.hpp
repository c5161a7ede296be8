// GraphText: a task graph in one line, for tests.
//   "a; b after a; s { x; y after x } after b"
// A name followed by braces is a subgraph. What a task waits for may be written before it is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cfy::test {

struct GraphTextTask {
  std::string name;
  std::string container;  ///< the subgraph it stands in, or empty
  bool is_subgraph = false;
  std::vector<std::string> after;
};

/// In the order written, a subgraph before its members. Throws std::invalid_argument, as a mistake
/// here is one in the test.
std::vector<GraphTextTask> read_graph_text(std::string_view text);

}  // namespace cfy::test
