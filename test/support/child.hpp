// Child: a forked process that runs a piece of the test and talks over a pipe. Only for tests whose
// process has no other threads.
#pragma once

#include <functional>
#include <string>

#include <sys/types.h>

namespace cfy::test {

class Child {
 public:
  /// The child's side.
  class Pipe {
   public:
    Pipe(int out, int in) : out_(out), in_(in) {}
    /// One word, without a line end in it.
    void say(const std::string& word);
    /// Block until release() or until the parent's Child has gone.
    void wait_for_parent();

   private:
    int out_, in_;
  };

  /// Fork; the child runs `body` and exits with what it returns, or with 99 when it throws.
  explicit Child(const std::function<int(Pipe&)>& body);
  /// Kills the child when it has not been waited for.
  ~Child();
  Child(Child&& other) noexcept;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  /// The next word; empty when the child has ended.
  std::string read_word();
  /// All until the child ends.
  std::string read_all();
  void release();
  /// Block until the child has ended, leaving it a zombie.
  void await_end();
  /// Its exit code, or minus the signal that ended it.
  int wait();

 private:
  pid_t pid_ = -1;
  int in_ = -1, out_ = -1;
};

}  // namespace cfy::test
