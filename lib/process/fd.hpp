// File descriptors that close themselves, and the makers of pipes and sockets. Everything made here
// is close-on-exec: a child gets what spawn() is told to give it and nothing else.
#pragma once

#include "base/error.hpp"

namespace cfy::process {

/// Owns one descriptor, or none (-1).
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  ~UniqueFd() { reset(); }
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept;

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release();
  void reset(int fd = -1);

 private:
  int fd_ = -1;
};

struct Pipe {
  UniqueFd read_end, write_end;
};
struct SocketPair {
  UniqueFd first, second;
};

/// Blocking at both ends. Errors: io, when no descriptors are left.
base::Result<Pipe> make_pipe();
/// A connected pair of local stream sockets, blocking at both ends. Errors: io.
base::Result<SocketPair> make_socket_pair();

/// Reads and writes through `fd` (and its duplicates) no longer wait.
void set_nonblocking(int fd);
void set_close_on_exec(int fd);

/// Let this process open about `wanted` descriptors, as far as the system allows; never lowers
/// the limit.
void raise_descriptor_limit(std::size_t wanted);

}  // namespace cfy::process
