// cfy-dsl-conformance CASES.jsonl --results RESULTS.jsonl [--only TEXT]
//
// Runs recorded cases of the reference implementation on our libraries and writes what they give,
// one JSON object a line. Judges nothing: that is compare.py's, which comes with the cases.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <vector>

#include <fmt/format.h>

#include "run.hpp"

namespace cfy::conformance {
namespace {

struct Arguments {
  std::string cases, results, only;
};

// Empty names: the call was wrong.
Arguments read_arguments(const std::vector<std::string>& words) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool has_value = i + 1 < words.size();
    if (words[i] == "--results" && has_value)
      arguments.results = words[++i];
    else if (words[i] == "--only" && has_value)
      arguments.only = words[++i];
    else if (arguments.cases.empty())
      arguments.cases = words[i];
    else
      return {};
  }
  return arguments;
}

// An empty folder for each case, gone at the end of the case.
class CaseFolder {
 public:
  CaseFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "cfy-case-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a folder");
    path_ = name;
  }
  CaseFolder(const CaseFolder&) = delete;
  CaseFolder& operator=(const CaseFolder&) = delete;
  ~CaseFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

json run_case(const json& one) {
  const std::string kind = one.at("kind");
  if (kind == "modify") return run_modify_case(one);
  if (kind == "evaluate") return run_evaluate_case(one);
  const CaseFolder folder;
  return run_plan_case(one, folder.path());
}

int run(const Arguments& arguments) {
  std::ifstream cases(arguments.cases);
  std::ofstream results(arguments.results, std::ios::trunc);
  if (!cases || !results) {
    std::cerr << fmt::format("cannot read {} or cannot write {}\n", arguments.cases,
                             arguments.results);
    return 2;
  }
  std::size_t count = 0;
  for (std::string line; std::getline(cases, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const json one = json::parse(line);
    const std::string id = one.at("id");
    if (id.find(arguments.only) == std::string::npos) continue;
    json result;
    try {
      result = run_case(one);
    } catch (const std::exception& error) {
      // A case that does not have the expected form; the comparison shows it as a failure.
      std::cerr << fmt::format("{}: {}\n", id, error.what());
      result = failure(std::string(error.what()));
    }
    result["id"] = id;
    results << result.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
    ++count;
  }
  std::cout << fmt::format("{} cases run\n", count);
  return results.flush() ? 0 : 2;
}

}  // namespace
}  // namespace cfy::conformance

int main(int argc, char** argv) {
  const auto arguments =
      cfy::conformance::read_arguments(std::vector<std::string>(argv + 1, argv + argc));
  if (arguments.cases.empty() || arguments.results.empty()) {
    std::cerr << "usage: cfy-dsl-conformance CASES.jsonl --results RESULTS.jsonl [--only TEXT]\n";
    return 2;
  }
  return cfy::conformance::run(arguments);
}
