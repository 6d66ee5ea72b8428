// A function in a copy of this process, so that nothing that happens to it there ends this one.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adversaries/plugins/message_channel.h"

namespace byzsim {

/// A copy of this process at work. Its answer is fetched once, which also ends the copy's entry in
/// the process table.
class ChildProcess {
 public:
  /// Runs in the copy; may show from time to time what share of it is done.
  using Work = std::function<std::string(const std::function<void(double)>& show)>;

  /// Makes the copy, which answers with what `work` returns. This process has one thread only:
  /// what another held at that moment, memory among it, would stay locked in the copy.
  /// Throws std::system_error where no copy can be made.
  explicit ChildProcess(const Work& work);

  /// What share it has shown last. In [0, 1]; 0 until it has shown one.
  double share() const;
  /// Its answer; waits for it. Throws BrokenPromise where a plugin has ended the copy. Once.
  std::string answer();
  /// Ends it, without an answer, and its entry in the process table. Instead of answer().
  void end();

 private:
  friend std::vector<std::size_t> answered(const std::vector<ChildProcess*>& children);
  // Does not wait.
  bool has_ended() const;

  SharedMemory memory_;
  Connection connection_;
  pid_t process_;
};

/// Waits until some of these have answered or ended, a fifth of a second at most; their places.
std::vector<std::size_t> answered(const std::vector<ChildProcess*>& children);

}  // namespace byzsim
