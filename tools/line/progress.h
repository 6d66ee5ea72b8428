// How far a run or a sweep is, on standard error: a line that renews itself on a terminal,
// otherwise a plain line every ten seconds. Reads the real clock; nothing of it reaches a result.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace byzsim {

/// Silent for the first fifth of a second (on a terminal) or ten seconds, and between two lines.
class Progress {
 public:
  /// Of `total` steps, or whatever `unit` names. `quiet` shows nothing.
  Progress(std::string name, std::int64_t total, bool quiet, std::string unit = "step");
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Whether show() would print now; asked after every gradient.
  bool is_due() const { return !quiet_ && Clock::now() >= next_; }
  /// How many are done, the one under way in part, and what else there is to say. Not from several
  /// threads at a time.
  void show(double done, const std::string& note = "");
  double seconds() const;  ///< since construction

 private:
  using Clock = std::chrono::steady_clock;
  std::string name_;
  std::int64_t total_;
  std::string unit_;
  bool quiet_;
  bool terminal_;
  Clock::time_point start_;
  Clock::time_point next_;
  bool shown_ = false;
};

}  // namespace byzsim
