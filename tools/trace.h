// The event trace: one JSON object a line for every event of a run.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "sim/simulation.h"

namespace byzsim {

/// One line without its end: {"time_ns", "event", "target"[, "sender", "phase", "step",
/// "verdict"]}.
std::string to_json_line(const Occurrence& occurrence);

/// A file that lines are written to; throws InputError when it cannot be.
class TraceFile {
 public:
  explicit TraceFile(const std::string& path);
  void write(const Occurrence& occurrence);

 private:
  std::string path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

}  // namespace byzsim
