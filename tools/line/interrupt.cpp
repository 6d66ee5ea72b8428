#include "tools/line/interrupt.h"

#include <csignal>

namespace byzsim {
namespace {

volatile std::sig_atomic_t last_signal = 0;  // 0: none; a signal handler can reach nothing else

// A step may be long: the second signal ends the process at once. Until then the handler stays: a
// plugin that was being called when the first came is not to blame for a change.
void note_interrupt(int signal) {
  if (last_signal == signal) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
  last_signal = signal;
}

// Who started the program with the signal ignored (nohup, a shell's background job) wants it so.
void watch(int signal) {
  if (std::signal(signal, note_interrupt) == SIG_IGN) std::signal(signal, SIG_IGN);
}

}  // namespace

void watch_for_interrupt() {
  watch(SIGINT);
  watch(SIGTERM);
  watch(SIGHUP);
}

bool interrupted() { return last_signal != 0; }

bool take_interruption() {
  if (last_signal != SIGINT) return false;
  last_signal = 0;
  return true;
}

}  // namespace byzsim
