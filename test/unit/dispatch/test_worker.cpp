// The worker program of the tests: the real worker loop over fake operations. Records orphans as
// JSON lines in the file of its first argument. With "--replay FILE" it only says what a recorded
// conversation says, and exits with 3 where the runner says something else.
#include <fstream>
#include <string>

#include "conversation.hpp"
#include "dispatch/messages.hpp"
#include "dispatch/worker.hpp"
#include "fake_operations.hpp"
#include "process/line_socket.hpp"

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

int replay(const std::string& path) {
  cfy::process::LineChannel channel{cfy::process::UniqueFd(cfy::dispatch::kWorkerSocketFd)};
  for (const cfy::test::Said& said : cfy::test::load_conversation(path)) {
    if (said.by_worker) {
      channel.write_line(said.line);
      continue;
    }
    const auto line = channel.read_line();
    if (line && cfy::test::is_same_message(*line, said.line)) continue;
    std::fprintf(stderr, "the runner said %s\n", line ? line->c_str() : "nothing");
    return 3;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 2 && std::string(argv[1]) == "--replay") return replay(argv[2]);
  cfy::test::FakeOperations operations;
  FileRecorder recorder(argc > 1 ? argv[1] : "/dev/null");
  return cfy::dispatch::run_worker({operations, recorder});
}
