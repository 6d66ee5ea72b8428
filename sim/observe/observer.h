// All that is watched of a run, behind one call an event: digests, totals, metrics, invariants, and
// which settings had an effect. A value: it follows copies of a simulation.
//
// It sees occurrences and changes nothing of the run. Digests cover what happened; metrics have a
// digest of their own beside them.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/network/faults/fault.h"
#include "sim/nodes/workload.h"
#include "sim/observe/digest_index.h"
#include "sim/observe/invariants.h"
#include "sim/observe/kept_models.h"
#include "sim/observe/metrics.h"
#include "sim/observe/occurrence.h"
#include "sim/observe/parallelism.h"
#include "sim/observe/run_digest.h"

namespace byzsim {

class Archive;

/// Totals over the run so far.
struct Totals {
  static constexpr std::size_t kFields = 14;  // of an archive
  std::uint64_t events = 0;
  std::uint64_t messages = 0;  ///< with vectors, sent, whether delivered yet or not
  std::uint64_t bytes = 0;     ///< of all messages
  std::array<std::uint64_t, kPhases> messages_by_phase{};
  std::array<std::uint64_t, kPhases> bytes_by_phase{};
  VerdictCounts verdicts{};  ///< of delivered messages
  /// Vectors that filters of honest nodes let pass or not, by whether their sender is correct.
  std::uint64_t accepted = 0, rejected = 0;
  std::uint64_t byzantine_accepted = 0, byzantine_rejected = 0;
  /// How often honest nodes of a role used a quorum, and how long they had waited for it.
  std::array<std::uint64_t, 2> waits{};
  std::array<double, 2> waited{};  ///< nanoseconds
  std::uint64_t lost = 0;          ///< messages that never arrive
  std::uint64_t duplicated = 0;
};

/// Which settings a run has asked for so far; the others have had no effect.
struct Consulted {
  static constexpr std::size_t kFields = 5;  // of an archive
  bool network_delay = false;
  bool scheduler = false;       ///< has made a delay another than the link's
  std::vector<bool> links;      ///< by place in the scenario
  std::vector<bool> faults;     ///< that have changed anything
  std::array<bool, 2> rules{};  ///< by role whose vectors they aggregate, two or more at once
};

/// Everything that is watched of one run.
class Observer {
 public:
  /// `fixed_quorums`: whether the protocol only ever uses whole quorums (Invariants).
  Observer(std::shared_ptr<const Workload> workload,
           std::shared_ptr<const std::vector<Fault>> faults, bool fixed_quorums);

  /// An event has been processed. Waits for vectors that enter a digest. Throws InputError when
  /// more bytes are sent than can be counted.
  void see(const EventKey& key, const Occurrence& occurrence);
  /// Waits for every row of metrics. After the last event.
  void finish(SimTime now);
  /// Vectors that wait for rows of metrics.
  void each_waiting(const PayloadVisit& visit) { metrics_.each_waiting(visit); }

  const Totals& totals() const { return totals_; }
  const Consulted& consulted() const { return consulted_; }
  const Invariants& invariants() const { return invariants_; }
  const MetricsRecorder& metrics() const { return metrics_; }
  const Parallelism& parallelism() const { return parallelism_; }
  const KeptModels& kept_models() const { return kept_models_; }
  /// What follows is of a branch: the models on the way so far are files of its trunk.
  void branch_off() { kept_models_.forget_on_the_way(); }
  const RunDigest& digest() const { return digest_; }
  const std::vector<DigestRow>& digest_rows() const { return digest_index_.rows(); }
  /// The latest step of which any node has begun to send something; -1 at first.
  std::int64_t furthest() const { return furthest_; }
  /// Writes it, or reads it back (core/input/archive.h).
  void walk(Archive& archive);

 private:
  const Scenario& scenario() const { return workload_->scenario(); }
  void see(SimTime now, const Begun& begun);
  void see(SimTime now, const Sent& sent);
  void see(SimTime now, const Posted& posted);
  void see(SimTime now, const FaultActed& acted);
  void see(SimTime now, const Adopted& adopted);
  void see(SimTime now, const Used& used);
  void see(SimTime now, const AboutToGather& about);
  void see(SimTime now, const Judged& judged);
  void count_bytes(const Posted& posted);
  void consult_rule(Phase heard, std::size_t vectors);

  std::shared_ptr<const Workload> workload_;
  std::shared_ptr<const std::vector<Fault>> faults_;
  RunDigest digest_;
  DigestIndex digest_index_;
  MetricsRecorder metrics_;
  KeptModels kept_models_;
  Invariants invariants_;
  Parallelism parallelism_;
  Totals totals_;
  Consulted consulted_;
  std::array<std::vector<SimTime>, 2> waiting_since_;  // by role and index
  std::int64_t furthest_ = -1;
};

/// The honest servers that have not crashed permanently; all of them where none is alive. Never
/// empty, as every scenario has an honest server.
std::vector<std::uint32_t> servers_that_count(const Scenario& scenario,
                                              const std::vector<Fault>& faults, SimTime now);

}  // namespace byzsim
