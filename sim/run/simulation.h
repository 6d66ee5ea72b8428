// The simulated world as a value: queue, network, nodes, adversary, digests. Copying a Simulation
// forks time; the copy continues to the same digest. The event loop is sequential and decides
// everything in simulated time; vectors are computed on other threads whenever they are needed.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "sim/network/faults/fault.h"
#include "sim/network/network.h"
#include "sim/nodes/workload.h"
#include "sim/observe/digest_index.h"
#include "sim/observe/invariants.h"
#include "sim/observe/metrics.h"
#include "sim/observe/run_digest.h"
#include "sim/run/adversary.h"
#include "sim/run/event_queue.h"
#include "sim/run/transcript.h"
#include "sim/run/vector_store.h"
#include "sim/world/node.h"

namespace byzsim {

/// Kinds of events; at the same instant lower ones come first. Only append.
enum class EventKind : std::uint32_t {
  start = 0,
  delivery = 1,
  computed = 2,
  timer = 3,
  departure = 4,  ///< a message is serialised: its transfer begins
  card = 5,       ///< a network card has passed a transfer on, perhaps
  arrival = 6,    ///< a message has arrived and is to be deserialised
};

/// What one event was; what a trace shows.
struct Occurrence {
  SimTime time = 0;
  EventKind kind = EventKind::start;
  NodeId target{};
  int twin = 0;                                 ///< which of two, where the target is twins
  std::shared_ptr<const Message> message = {};  ///< of a delivery
  SimTime sent = 0;                             ///< when that message was sent
  std::optional<Verdict> verdict = {};          ///< of a delivery
  std::optional<Phase> computed = {};           ///< what a computation made
  std::int64_t step = 0;                        ///< the step it made that for
  SimTime begun = 0;                            ///< when that computation began
  std::vector<Adopt> adopted = {};              ///< models that the target took on, if a server
  std::uint64_t cause = 0;  ///< the event that scheduled it, counted from 1; 0: the run's start
};

/// What an event has put into the future.
struct Scheduled {
  SimTime time;
  EventKind kind;
  NodeId target;
  const Message* message;  ///< of a departure, an arrival or a delivery; lives until then
  std::int64_t number;     ///< of a timer, a card; a departure's delay afterwards
  std::optional<Phase> computes = {};  ///< what a computation makes
  std::int64_t step = 0;               ///< the step it makes that for
};

/// Totals over the run so far.
struct Totals {
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
  bool network_delay = false;
  bool scheduler = false;       ///< has made a delay another than the link's
  std::vector<bool> links;      ///< by place in the scenario
  std::vector<bool> faults;     ///< that have changed anything
  std::array<bool, 2> rules{};  ///< by role whose vectors they aggregate, two or more at once
};

/// Vectors that wait for nodes: on their way, kept for later steps, or for a row of metrics.
struct WaitingVectors {
  std::uint64_t limit;          ///< bytes in memory; what is needed latest goes to disk above it
  std::uint64_t in_memory = 0;  ///< bytes, when they were looked through last
  std::uint64_t messages = 0;   ///< on their way then
  std::uint64_t dropped = 0;    ///< messages whose vectors no quorum could use any more
  std::uint64_t most_in_memory = 0, most_stored = 0;  ///< bytes, over the run
};

class Simulation {
 public:
  /// The executor of the workload outlives the simulation.
  Simulation(std::shared_ptr<const Workload> workload, std::unique_ptr<Adversary> adversary);
  Simulation(const Simulation& other);
  Simulation& operator=(const Simulation& other);
  Simulation(Simulation&&) = default;
  Simulation& operator=(Simulation&&) = default;

  /// Runs the next event; nothing once none is left before the scenario's time limit.
  std::optional<Occurrence> advance();
  /// From now on keeps what each event puts into the future; most runs never ask.
  void keep_scheduled() { scheduled_.emplace(); }
  /// From now on keeps that many bytes of waiting vectors in memory, roughly.
  void keep_in_memory(std::uint64_t bytes) { waiting_.limit = bytes; }
  const WaitingVectors& waiting() const { return waiting_; }
  /// What the last event has put into the future, in the order in which it did, if that is kept.
  const std::vector<Scheduled>& scheduled() const { return scheduled_.value(); }
  /// Waits for every row of metrics. Call after the last advance().
  void finish();

  SimTime now() const { return now_; }
  /// Whether every honest server that has not crashed for good holds the model of the last step.
  bool trained() const;
  /// Whether the next event lies behind the scenario's time limit.
  bool timed_out() const;
  /// The step that every honest server has reached, or crashed for good before.
  std::int64_t step() const;
  /// Honest nodes that stand still for good.
  std::int64_t crashed() const;
  /// Whether the node stands still for good.
  bool is_gone(NodeId id) const;
  /// The step a node is in: as many as it has finished.
  std::int64_t step_of(NodeId id) const;
  /// Whether the last loss, or a parameter that an honest server holds at the end, is not finite.
  /// Servers that have crashed for good do not count. Call after finish().
  bool diverged() const;
  const Totals& totals() const { return totals_; }
  const Invariants& invariants() const { return invariants_; }
  const std::vector<MetricsRow>& metrics() const { return metrics_.rows(); }
  /// All layers; metrics only over the rows finished so far.
  RunDigest digest() const;
  /// The layers that move event by event, now and every so many events before.
  LayerValues event_layers() const { return values_of(digest_); }
  const std::vector<DigestRow>& digest_rows() const { return digest_index_.rows(); }
  /// One for every gather; not part of the digest, because they follow from models that are.
  const std::vector<MetricsRow>& gathers() const { return metrics_.gathers(); }
  const Workload& workload() const { return *workload_; }
  /// The latest step of which any node has begun to say something, -1 at first: the adversary's
  /// decisions about later ones are all open.
  std::int64_t furthest() const { return furthest_; }
  /// Lets the adversary follow another script from now on.
  void follow(std::shared_ptr<const Script> script) { adversary_->follow(std::move(script)); }
  /// What the adversary's script says of messages that have not been sent (sim/run/adversary.h).
  std::vector<std::string> unused_decisions() const { return adversary_->unused_decisions(); }
  /// Settings without effect, whatever they are: those that the scenario alone shows to be so.
  UnusedSettings without_effect(const AdversaryDeclarations& adversary) const;
  /// And those that the run has not asked for so far.
  UnusedSettings never_consulted() const;
  /// What the adversary has decided so far, if it keeps a record; null otherwise.
  const Script* record() const { return adversary_->record(); }

 private:
  struct Content {
    EventKind kind;
    NodeId target;
    std::shared_ptr<const Message> message;  // of a delivery or an arrival
    SimTime since = 0;                       // when the message was sent or the computation began
    std::int64_t number = 0;                 // of a timer, flight or card; the phase computed
    std::int64_t step = 0;                   // computed for
    std::optional<int> twin = {};            // which of two; a delivery may be for both
    std::uint64_t cause = 0;                 // the event that scheduled it
  };
  // A state machine: that of a node, or one of the two that twins are.
  struct Machine {
    NodeId id;
    int twin = 0;
  };
  struct HeldBack {
    Machine source;
    Send send;
    std::uint64_t gradients;  // that had been said before
  };

  struct Waiting;
  std::size_t room_for(const Content& content, SimTime arrival) const;
  void drop(Content& content);
  void drop_beyond_quorums(std::vector<Waiting>& waiting);
  std::uint64_t bytes_in_flight(const std::vector<Waiting>& waiting) const;
  void each_kept(const PayloadVisit& visit);
  void store(std::vector<Waiting>& waiting);
  void look_through_waiting();
  void refuse_above_memory() const;
  Node& node(const Machine& machine);
  std::vector<std::uint32_t> servers_that_count() const;
  const Scenario& scenario() const { return workload_->scenario(); }
  void schedule(NodeId source, std::int64_t delay, Content content);
  [[noreturn]] void refuse_end_of_time(NodeId source, const Content& content) const;
  void keep(SimTime time, const Content& content);
  bool postponed(const Content& content);
  Occurrence handle(Content content);
  void perform(const Machine& source, Actions actions);
  void perform(const Machine& source, const Send& send);
  void perform(const Machine& source, const Timer& timer);
  void perform(const Machine& source, const Compute& compute);
  void perform(const Machine& source, const Adopt& adopt);
  void perform(const Machine& source, const Consume& consume);
  void perform(const Machine& source, const Gathering& gathering);
  void perform(const Machine& source, const Judge& judge);
  bool is_out_of_step(Phase phase) const;
  Saying queue_of(const Saying& saying) const;
  std::size_t ready_to_send(const std::vector<HeldBack>& held, const Saying& saying) const;
  std::vector<Payload> chosen_by_adversary(const HeldBack& held, const Utterance& utterance);
  void forge(const HeldBack& held);
  void release_held_back(const Saying& saying);
  Machine hearing(const Content& content);
  void post(const std::shared_ptr<const Message>& message, NodeId receiver);
  void carry(const std::shared_ptr<const Message>& message, NodeId receiver, std::int64_t delay);
  void arrive(Flight flight);
  void wake(const std::vector<Wake>& wakes, NodeId source);
  std::vector<NodeId> receivers_of(const Machine& source, Audience audience) const;
  AdversaryView view_of(const Spoken& spoken) const;
  void forget_the_past();
  void consult_rule(Phase heard, std::size_t vectors);
  std::int64_t byzantine_nodes() const;

  std::shared_ptr<const Workload> workload_;
  std::unique_ptr<Adversary> adversary_;
  std::shared_ptr<const std::vector<Fault>> faults_;
  EventQueue<Content> queue_;
  Network network_;
  SimTime now_ = 0;
  std::vector<NodeHolder> servers_;
  std::vector<NodeHolder> workers_;
  std::map<NodeId, NodeHolder> twins_;  // the second state machine of nodes that are two
  std::array<std::vector<std::uint64_t>, 2> sequences_;  // events caused so far, by role and index
  Transcript transcript_;
  std::map<Saying, std::vector<HeldBack>> held_back_;  // by queue_of(), the first first
  std::int64_t flights_ = 0;
  std::uint64_t forgotten_at_ = 0;  // messages sent when the past was forgotten last
  std::int64_t furthest_ = -1;
  WaitingVectors waiting_;
  std::uint64_t sent_vectors_ = 0, sent_bytes_ = 0;  // since they were looked through last
  std::shared_ptr<VectorStore> store_;               // shared by copies
  RunDigest digest_;                                 // without metrics
  DigestIndex digest_index_;
  std::optional<std::vector<Scheduled>> scheduled_;  // by the last event, where that is kept
  MetricsRecorder metrics_;
  Invariants invariants_;
  std::array<std::vector<SimTime>, 2> waiting_since_;  // by role and index
  Totals totals_;
  Consulted consulted_;
};

}  // namespace byzsim
