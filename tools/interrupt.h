// Ctrl-C as a value that the run loop asks for.
#pragma once

namespace byzsim {

/// From now on SIGINT and SIGTERM are noted instead of ending the process; a second one ends it.
void watch_for_interrupt();
/// Whether one has come.
bool interrupted();

}  // namespace byzsim
