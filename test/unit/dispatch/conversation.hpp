// A conversation of conversations/README.md, as lines with their direction.
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace cfy::test {

struct Said {
  bool by_worker = false;
  std::string line;
};

inline std::vector<Said> load_conversation(const std::string& path) {
  std::vector<Said> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    if (line.size() > 2 && line[0] != '#') lines.push_back({line[0] == '<', line.substr(2)});
  return lines;
}

/// The same message, whatever the order of its members and the number of its process.
inline bool is_same_message(const std::string& left, const std::string& right) {
  auto one = nlohmann::json::parse(left, nullptr, false);
  auto other = nlohmann::json::parse(right, nullptr, false);
  for (auto* message : {&one, &other})
    if (message->is_object()) message->erase("pid");
  return !one.is_discarded() && one == other;
}

}  // namespace cfy::test
