#include "tools/line/interrupt.h"

#include <csignal>

namespace byzsim {
namespace {

volatile std::sig_atomic_t interrupt_came = 0;  // a signal handler can reach nothing else

void note_interrupt(int signal) {
  interrupt_came = 1;
  // A step may be long: the second signal ends the process at once.
  std::signal(signal, SIG_DFL);
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

bool interrupted() { return interrupt_came != 0; }

}  // namespace byzsim
