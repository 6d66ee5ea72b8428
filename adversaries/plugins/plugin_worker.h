// byzsim's side of the processes of an isolated plugin: one question at a time to each, as many
// processes as there are threads that ask, and a limit of time for every answer.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "adversaries/plugins/message_channel.h"
#include "adversaries/plugins/plugin_answers.h"
#include "adversaries/plugins/plugin_call.h"
#include "adversaries/plugins/plugin_process.h"
#include "core/check.h"
#include "core/input/issue.h"

namespace byzsim {

/// Waits for one answer of a process, within its limit of time.
class ProcessWatch {
 public:
  ProcessWatch(pid_t process, int seconds) : process_(process), seconds_(seconds) {
    BYZ_CHECK(seconds > 0, "an answer may take some time");
  }
  /// Until there is something to read. False: the process has ended, or used up its time and was
  /// ended.
  bool wait(int from);
  /// Why it has ended, as an issue at `place`: its limit of time, the fault that it reported, the
  /// signal or the exit code.
  Issue issue(const std::string& place, const ProcessReport& report, int status) const;

 private:
  pid_t process_;
  int seconds_;
  std::optional<long> used_before_;  // processor time, in ticks
  long waited_ = 0;                  // in turns
  std::string problem_;
};

/// One process that answers one question at a time. It is made from the process that has loaded the
/// plugin, so that no library is loaded twice.
class PluginWorker {
 public:
  /// Throws std::system_error or std::bad_alloc where none can be made.
  explicit PluginWorker(const Descriptor& control);
  /// What receivers make of the vectors of a message; nothing where that is not known.
  using Defend = std::function<std::optional<std::string>(const PluginMessage& asked)>;
  /// Throws BrokenPromise, and InputError for what the defence cannot do. Then it is of no more
  /// use.
  PluginMessage ask(const PluginFunction& function, const PluginQuestion& question, int seconds,
                    const Defend& defend);

 private:
  [[noreturn]] void refuse_ended(const PluginFunction& function, const ProcessWatch& watch) const;

  Connection connection_;
  Descriptor file_;
  SharedMemory memory_;
  pid_t process_ = 0;
};

/// The processes of one plugin: as many as are asked at a time. On any thread.
class PluginWorkers {
 public:
  PluginWorkers(Descriptor control, int seconds)
      : control_(std::move(control)), seconds_(seconds) {}
  /// Asks a process that is idle, or a new one. Throws as PluginWorker::ask; a process that has
  /// broken a promise is not used again.
  PluginMessage ask(const PluginFunction& function, const PluginQuestion& question,
                    const PluginWorker::Defend& defend);

 private:
  std::unique_ptr<PluginWorker> take();

  Descriptor control_;
  int seconds_;
  std::mutex mutex_;  // of all below
  std::vector<std::unique_ptr<PluginWorker>> idle_;
  pid_t owner_ = 0;  // a copy of this process has none of its own yet
};

}  // namespace byzsim
