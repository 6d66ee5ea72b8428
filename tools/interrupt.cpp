#include "tools/interrupt.h"

#include <csignal>

namespace byzsim {
namespace {

volatile std::sig_atomic_t interrupt_came = 0;  // a signal handler can reach nothing else

void note_interrupt(int signal) {
  interrupt_came = 1;
  std::signal(signal, SIG_DFL);
}

}  // namespace

void watch_for_interrupt() {
  std::signal(SIGINT, note_interrupt);
  std::signal(SIGTERM, note_interrupt);
}

bool interrupted() { return interrupt_came != 0; }

}  // namespace byzsim
