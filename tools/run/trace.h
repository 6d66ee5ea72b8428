// The timeline of a run in the trace-event form that ui.perfetto.dev and chrome://tracing open: a
// process for each role, two threads for each node, a third for its twin. On one, what it computed,
// as slices; on another, slices of no duration where it says something, once for all who hear it,
// and where it hears something, tied by flow arrows. Slices of one thread never overlap, and a flow
// is written with both ends or not at all. Metrics are counters.
#pragma once

#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "sim/run/simulation.h"

namespace byzsim {

/// Every function throws InputError, naming the file, when it cannot be written. The file appears
/// by rename when it is finished; nothing is left of one that never is.
class TraceFile {
 public:
  /// Begins the file beside its place; a device or a pipe is written in place.
  TraceFile(const std::string& path, const Scenario& scenario);
  ~TraceFile();
  TraceFile(const TraceFile&) = delete;
  TraceFile& operator=(const TraceFile&) = delete;
  /// Of computations and deliveries; other events leave nothing. Times are simulated.
  void write(const Occurrence& occurrence);
  /// Adds drift and loss of every row and completes the file, which is valid JSON from then on.
  void finish(const std::vector<MetricsRow>& rows);

 private:
  void name_threads(const Scenario& scenario);
  void write_computation(const Occurrence& occurrence, const Computed& computed);
  void write_message(const Occurrence& occurrence, const Delivery& delivery);
  void add(const std::string& event);
  void print(const std::string& text);
  [[noreturn]] void fail() const;

  std::string path_;
  std::string written_;  // beside it until it is finished; the same where it is no plain file
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  bool first_ = true;
  std::uint64_t flows_ = 0;
  // What has its slice where it was said: slices at one instant stack up, and are better few.
  std::set<std::tuple<SimTime, NodeId, Phase, std::int64_t>> sent_;
};

}  // namespace byzsim
