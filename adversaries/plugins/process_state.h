// What a plugin could change in the process around it, and must not: working directory, locale,
// environment, signal handlers, limits, streams, timers and child processes.
#pragma once

#include <string>

namespace byzsim {

/// The process as it is before a call.
class ProcessState {
 public:
  /// Takes some microseconds.
  ProcessState();
  /// What has changed since, as "changed the working directory"; empty when nothing has. Puts
  /// standard error and limits right again, so that this can be reported.
  std::string change() const;

 private:
  std::string directory_, locale_, environment_, handlers_, blocked_, limits_, streams_, timers_;
  bool children_;
};

/// Standard error and limits as they were before the first call: for whoever reports a refusal
/// while, or after, a plugin changed them in a call that is not looked at.
void put_output_right();

}  // namespace byzsim
