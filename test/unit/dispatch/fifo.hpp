// Fifo: a named pipe by which an operation and its test wait for each other across processes.
#pragma once

#include <filesystem>
#include <string>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "process/fd.hpp"

namespace cfy::test {

class Fifo {
 public:
  explicit Fifo(std::filesystem::path path) : path_(std::move(path)) {
    REQUIRE(::mkfifo(path_.c_str(), 0600) == 0);
    // Both ends held open: nobody's open() blocks.
    fd_.reset(::open(path_.c_str(), O_RDWR | O_CLOEXEC));
    REQUIRE(fd_);
  }
  std::string path() const { return path_.string(); }

  /// The next line that somebody writes.
  std::string read_line() {
    std::string line;
    for (char byte = 0; byte != '\n'; line += byte) {
      pollfd waited{fd_.get(), POLLIN, 0};
      if (::poll(&waited, 1, 30'000) != 1) FAIL("nobody wrote to " << path_);
      if (::read(fd_.get(), &byte, 1) != 1) FAIL("cannot read " << path_);
      if (byte == '\n') break;
    }
    return line;
  }
  /// Let one reader go on.
  void open_gate() { REQUIRE(::write(fd_.get(), "\n", 1) == 1); }

 private:
  std::filesystem::path path_;
  process::UniqueFd fd_;
};

}  // namespace cfy::test
