#include "support/child.hpp"

#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cfy::test {
namespace {

constexpr int kThrew = 99;

void write_all(int fd, const std::string& text) {
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t count = write(fd, text.data() + written, text.size() - written);
    if (count < 0) return;
    written += static_cast<std::size_t>(count);
  }
}

}  // namespace

void Child::Pipe::say(const std::string& word) {
  write_all(out_, word + "\n");
}

void Child::Pipe::wait_for_parent() {
  char byte = 0;
  while (read(in_, &byte, 1) < 0) {
  }
}

Child::Child(const std::function<int(Pipe&)>& body) {
  int up[2], down[2];
  if (pipe2(up, O_CLOEXEC) != 0 || pipe2(down, O_CLOEXEC) != 0)
    throw std::runtime_error("cannot make pipes");
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (pid_ == 0) {
    close(up[0]);
    close(down[1]);
    Pipe pipe(up[1], down[0]);
    int code = kThrew;
    try {
      code = body(pipe);
    } catch (...) {
    }
    // Neither the parent's destructors nor its buffered output are this process's business.
    _exit(code);
  }
  close(up[1]);
  close(down[0]);
  in_ = up[0];
  out_ = down[1];
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      in_(std::exchange(other.in_, -1)),
      out_(std::exchange(other.out_, -1)) {}

Child::~Child() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    wait();
  }
  if (in_ >= 0) close(in_);
  if (out_ >= 0) close(out_);
}

std::string Child::read_word() {
  std::string word;
  char byte = 0;
  while (read(in_, &byte, 1) == 1 && byte != '\n')
    word += byte;
  return word;
}

std::string Child::read_all() {
  std::string text;
  char byte = 0;
  while (read(in_, &byte, 1) == 1)
    text += byte;
  return text;
}

void Child::release() {
  write_all(out_, "!");
}

void Child::await_end() {
  siginfo_t info{};
  while (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) != 0) {
  }
}

int Child::wait() {
  int status = 0;
  if (waitpid(std::exchange(pid_, -1), &status, 0) < 0) return -1;
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace cfy::test
