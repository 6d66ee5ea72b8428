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
/// by rename when it is finished. Nothing is left of one that never is, unless a snapshot of its
/// run relies on it.
class TraceFile {
 public:
  /// Opens a file beside its place, FILE.partial; a device or a pipe is written in place. The
  /// scenario of the run outlives it.
  TraceFile(const std::string& path, const Scenario& scenario);
  ~TraceFile();
  TraceFile(const TraceFile&) = delete;
  TraceFile& operator=(const TraceFile&) = delete;
  /// Names the nodes. Before the first event of a run that begins.
  void begin();
  /// Writes how far the file is, which is on the disk by then, or has it go on from there: with
  /// what is beside its place, or else in it, as an interruption has left it.
  void walk(Archive& archive);
  /// Of computations and deliveries; other events leave nothing. Times are simulated.
  void write(const Occurrence& occurrence);
  /// Adds drift and loss of every row and completes the file, which is valid JSON from then on.
  void finish(const std::vector<MetricsRow>& rows);

 private:
  void name_threads();
  void write_computation(const Occurrence& occurrence, const Computed& computed);
  void write_message(const Occurrence& occurrence, const Delivery& delivery);
  void go_on_at(std::int64_t bytes);
  void add(const std::string& event);
  void print(const std::string& text);
  [[noreturn]] void fail() const;

  const Scenario& scenario_;
  std::string path_;
  std::string written_;  // beside it until it is finished; the same where it is no plain file
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  bool relied_on_ = false;  // by a snapshot
  bool first_ = true;
  std::uint64_t flows_ = 0;
  // What has its slice where it was said: slices at one instant stack up, and are better few.
  std::set<std::tuple<SimTime, NodeId, Phase, std::int64_t>> sent_;
};

}  // namespace byzsim
