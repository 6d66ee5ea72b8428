// The simulated world as a value: a queue of events, a clock and the dispatch of each event to the
// node, the network or the adversary that it concerns. Copying a Simulation forks time; the copy
// continues to the same digest. The event loop is sequential and decides everything in simulated
// time; vectors are computed on other threads whenever they are needed.
//
// Invariants: a run is a pure function of the scenario, its input files and the numeric profile; it
// ends when no event is left, or the next one is after the time limit. Users' mistakes that only a
// run shows are InputErrors; a broken promise inside the program is an InternalError
// (core/check.h).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/network/faults/fault.h"
#include "sim/network/network.h"
#include "sim/nodes/workload.h"
#include "sim/observe/observer.h"
#include "sim/run/adversary.h"
#include "sim/run/future.h"
#include "sim/run/machines.h"
#include "sim/run/pending_sends.h"
#include "sim/run/waiting_vectors.h"
#include "sim/world/cloned.h"

namespace byzsim {

/// One run, as far as it has come.
class Simulation {
 public:
  /// The executor of the workload outlives the simulation. Throws InputError for a run that cannot
  /// end before simulated time does.
  Simulation(const std::shared_ptr<const Workload>& workload, std::unique_ptr<Adversary> adversary);
  /// The same of nodes by another protocol than the scenario's of that name.
  Simulation(std::shared_ptr<const Workload> workload, std::unique_ptr<Adversary> adversary,
             const Protocol& protocol);

  /// Runs the next event; null once none is left before the scenario's time limit. The occurrence
  /// is there until the next call. Throws InputError for what only a run shows: simulated time or
  /// memory at its end.
  const Occurrence* advance();
  /// Waits for every row of metrics. Call after the last advance().
  void finish();
  /// From now on occurrences hold what they put into the future; most runs never ask.
  void keep_scheduled() { occurrence_.scheduled.emplace(); }
  /// From now on keeps that many bytes of waiting vectors in memory, roughly.
  void keep_in_memory(std::uint64_t bytes) { waiting_.keep_in_memory(bytes); }
  /// Writes all that the run is, or reads it into a new one of the same scenario, which then goes
  /// on as this one would (core/input/archive.h). Not while an event is being processed.
  void walk(Archive& archive);
  /// From now on it is a branch of the run that it was read from (walk): the adversary follows its
  /// own script.
  void branch_off(std::shared_ptr<const Script> script) {
    adversary_->branch_off(std::move(script));
    observer_.branch_off();
  }
  /// Lets the adversary follow another script from now on.
  void follow(std::shared_ptr<const Script> script) { adversary_->follow(std::move(script)); }

  SimTime now() const { return future_.now(); }
  /// What is planned so far.
  const Future& future() const { return future_; }
  /// Which vectors the adversary sees of one phase of a step, of those that it can still ask for.
  const StepView& seen(const MessageKey& key) const { return pending_.transcript().of(key); }
  /// Whether every honest server that has not crashed permanently holds the model of the last step.
  bool trained() const { return step() == workload_->scenario().steps; }
  /// Whether the next event is after the scenario's time limit.
  bool timed_out() const;
  /// The step that every honest server has reached, or crashed permanently before.
  std::int64_t step() const;
  /// Honest nodes that are permanently down.
  std::int64_t crashed() const;
  /// Whether the node is permanently down.
  bool is_gone(NodeId id) const { return byzsim::is_gone(id, *faults_, now()); }
  /// The step a node is in: as many as it has finished.
  std::int64_t step_of(NodeId id) const { return machines_.step_of(id); }
  /// Whether the last loss, or a parameter that an honest server holds at the end, is not finite.
  /// Servers that have crashed permanently do not count. Call after finish().
  bool diverged() const;

  /// The event that happened last; number 0 before the first.
  const Occurrence& latest() const { return occurrence_; }
  /// What one of a node's state machines waits for (Node::awaits).
  std::vector<Awaited> awaited_by(const Machine& machine) const {
    return machines_.at(machine).awaits();
  }
  bool are_twins(NodeId id) const { return machines_.are_twins(id); }
  /// When a node that is down acts again, or kNever; now for one that is up.
  SimTime acts_at(NodeId id) const;
  /// What a Byzantine node is about to send, and waits with until others have sent.
  std::vector<MessageKey> deferred_by(NodeId id) const { return pending_.of(id); }
  /// What crosses network cards, where these have a price.
  const Network& network() const { return network_; }

  const Workload& workload() const { return *workload_; }
  /// How much waits for nodes that lag.
  const WaitingTotals& waiting() const { return waiting_.totals(); }
  const Totals& totals() const { return observer_.totals(); }
  const Parallelism& parallelism() const { return observer_.parallelism(); }
  const Invariants& invariants() const { return observer_.invariants(); }
  /// Rows of metrics, and one row for every gather, as far as they have been waited for.
  const std::vector<MetricsRow>& metrics() const { return observer_.metrics().rows(); }
  const std::vector<MetricsRow>& gathers() const { return observer_.metrics().gathers(); }
  /// Of a scenario that keeps models: those on the way, so far, and those that the honest servers
  /// that count (sim/observe/observer.h) hold now.
  const std::vector<KeptModel>& models_on_the_way() const {
    return observer_.kept_models().on_the_way();
  }
  ServerModels models_now() const;
  /// Of what has happened so far, and at equal intervals of events before.
  const RunDigest& digest() const { return observer_.digest(); }
  const std::vector<DigestRow>& digest_rows() const { return observer_.digest_rows(); }
  /// The latest step of which any node has begun to send something, -1 at first: the adversary's
  /// decisions about later ones are all open.
  std::int64_t furthest() const { return observer_.furthest(); }
  /// What the adversary's script decides about messages that have not been sent
  /// (sim/run/adversary.h).
  std::vector<std::string> unused_decisions() const { return adversary_->unused_decisions(); }
  /// What the adversary has decided so far, if it keeps a record; null otherwise.
  const Script* record() const { return adversary_->record(); }
  /// Settings without effect, whatever they are: those that the scenario alone shows to be so.
  UnusedSettings without_effect(const ScenarioTables& tables) const;
  /// And those that the run has not asked for so far.
  UnusedSettings never_consulted() const;

 private:
  const Scenario& scenario() const { return workload_->scenario(); }
  void plan(NodeId source, std::int64_t delay, NodeId target, Event&& event);
  [[noreturn]] void refuse_end_of_time(NodeId source, const Event& event) const;
  bool holds_up(NodeId target, const Event& event);
  void carry_on(NodeId target, const Event& event);
  Machine route_to_twin(NodeId target, const Delivery& delivery);
  void perform(const Machine& source, Actions actions);
  void send_out(const Machine& source, const Send& send);
  void compute(const Machine& source, const Compute& compute);
  void forge(const DeferredSend& pending);
  std::vector<std::int64_t> drawn_delays(const Message& message,
                                         const std::vector<NodeId>& receivers) const;
  void post(const std::shared_ptr<const Message>& message, NodeId receiver, std::int64_t drawn);
  void carry(const std::shared_ptr<const Message>& message, NodeId receiver, std::int64_t delay);
  void wake_cards(const std::vector<Wake>& wakes, NodeId source);
  void forget_the_past();
  void mind_waiting_vectors();

  std::shared_ptr<const Workload> workload_;
  std::shared_ptr<const std::vector<Fault>> faults_;
  Cloned<Adversary> adversary_;
  Future future_;
  Machines machines_;
  Network network_;
  PendingSends pending_;
  WaitingVectors waiting_;
  Observer observer_;
  Occurrence occurrence_;  // the event that is being processed, or was last
};

}  // namespace byzsim
