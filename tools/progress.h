// How far a run is, on standard error: a line that renews itself on a terminal, otherwise a plain
// line every ten seconds. Reads the real clock; nothing of it reaches a result.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace byzsim {

class Progress {
 public:
  /// `quiet` shows nothing.
  Progress(std::string name, std::int64_t steps, bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::int64_t step);
  double seconds() const;  ///< since construction

 private:
  using Clock = std::chrono::steady_clock;
  std::string name_;
  std::int64_t steps_;
  bool quiet_;
  bool terminal_;
  Clock::time_point start_;
  Clock::time_point next_;
  bool shown_ = false;
};

}  // namespace byzsim
