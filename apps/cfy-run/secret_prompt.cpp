#include "secret_prompt.hpp"

#include <array>
#include <cerrno>

#include <signal.h>
#include <termios.h>
#include <unistd.h>

namespace cfy::app {
namespace {

using base::ErrorKind;

volatile sig_atomic_t caught_signal = 0;

// While it lives the terminal shows nothing of what is typed. A signal interrupts the reading, so
// that the terminal is as before when the signal is raised again.
class SilentTerminal {
 public:
  SilentTerminal() {
    caught_signal = 0;
    struct sigaction note {};
    note.sa_handler = [](int signal) { caught_signal = signal; };
    for (std::size_t i = 0; i < kSignals.size(); ++i)
      sigaction(kSignals[i], &note, &before_[i]);
    is_changed_ = tcgetattr(STDIN_FILENO, &settings_) == 0;
    termios silent = settings_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    if (is_changed_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~SilentTerminal() {
    if (is_changed_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings_);
    for (std::size_t i = 0; i < kSignals.size(); ++i)
      sigaction(kSignals[i], &before_[i], nullptr);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

 private:
  static constexpr std::array<int, 5> kSignals{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
  std::array<struct sigaction, kSignals.size()> before_{};
  termios settings_{};
  bool is_changed_ = false;
};

base::Result<std::string> read_input(bool one_line) {
  constexpr std::size_t kLongest = 16UL * 1024 * 1024;
  std::string text;
  std::array<char, 4096> piece;
  while (text.size() <= kLongest) {
    const ssize_t got = ::read(STDIN_FILENO, piece.data(), piece.size());
    if (got < 0 && errno == EINTR && caught_signal == 0) continue;
    if (got < 0 && errno == EINTR) return base::Error(ErrorKind::cancelled, "interrupted");
    if (got < 0) return base::errno_error(errno, "standard input");
    text.append(piece.data(), static_cast<std::size_t>(got));
    if (got == 0 || (one_line && text.ends_with('\n'))) return text;
  }
  return base::make_error(ErrorKind::invalid, "a secret has at most {} bytes", kLongest);
}

}  // namespace

base::Result<std::string> read_secret(const Io& io, const std::string& name) {
  const bool is_terminal = isatty(STDIN_FILENO) == 1;
  base::Result<std::string> text = std::string();
  if (is_terminal) {
    say(io.err, "value of secret '{}': ", name);
    std::fflush(io.err);
    const SilentTerminal silent;
    text = read_input(true);
  } else {
    text = read_input(false);
  }
  if (is_terminal) say(io.err, "\n");
  if (caught_signal != 0) ::raise(caught_signal);
  if (text && text->ends_with('\n')) text->pop_back();
  if (text && text->ends_with('\r')) text->pop_back();
  return text;
}

}  // namespace cfy::app
