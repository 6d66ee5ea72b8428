// Ctrl-C as a value that the run loop asks for.
#pragma once

namespace byzsim {

/// From now on SIGINT, SIGTERM and SIGHUP, unless they are ignored, are noted instead of ending the
/// process; a second one of the same ends it.
void watch_for_interrupt();
/// Whether one has come. Stays true until it is taken back. Always false before
/// watch_for_interrupt().
bool interrupted();
/// Takes back a SIGINT that has come: interrupted() is false again. Whether it was one.
bool take_interruption();

}  // namespace byzsim
