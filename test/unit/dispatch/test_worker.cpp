// The worker program of the tests: the real worker loop over fake operations. Records orphans as
// JSON lines in the file of its first argument.
#include <fstream>
#include <string>

#include "dispatch/worker.hpp"
#include "fake_operations.hpp"

namespace {

class FileRecorder : public cfy::dispatch::OrphanRecorder {
 public:
  explicit FileRecorder(std::string path) : path_(std::move(path)) {}
  void record(const cfy::dispatch::OrphanResult& orphan) override {
    nlohmann::json line = to_json(orphan.result);
    line["task_id"] = orphan.task_id;
    // Whole at once: the test waits for the file's end.
    std::ofstream(path_, std::ios::app) << line.dump() + "\n";
  }

 private:
  std::string path_;
};

}  // namespace

int main(int argc, char** argv) {
  cfy::test::FakeOperations operations;
  FileRecorder recorder(argc > 1 ? argv[1] : "/dev/null");
  return cfy::dispatch::run_worker({operations, recorder});
}
