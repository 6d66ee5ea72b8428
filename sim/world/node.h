// Nodes as state machines. A node receives events (start, message, end of a computation, timer),
// changes its own state and answers with the actions that it requests. It keeps no clock, draws no
// random number and calls nobody: all of that is the Simulation's.
//
// Invariants that every node keeps, and that the simulation relies on:
// - A node is a value: a clone shares no state with it that either can change.
// - It does not know whether it is Byzantine; the adversary replaces what it sends
//   (run/adversary.h).
// - It computes one thing at a time: after a Compute, none before on_computed().
// - step() never decreases, and is /steps of the scenario once the node is done.
//
// The table of actions in sim/README.md states when a node must request which.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "sim/world/message.h"

namespace byzsim {

class Archive;
struct RuleCounts;

/// Whom a message is for: one node, everyone of a role but the sender, or of these its neighbours
/// on the graph of the scenario.
struct Audience {
  static constexpr std::size_t kFields = 3;  // of an archive
  Role role;
  std::optional<std::uint32_t> only = {};
  bool neighbours = false;
};
constexpr Audience kAllServers{Role::server};
constexpr Audience kAllWorkers{Role::worker};
constexpr Audience kNeighbours{.role = Role::server, .neighbours = true};
inline Audience just(NodeId node) { return {node.role, node.index}; }

/// Send a vector, or a request or vote without one, under the key (step, phase, round).
struct Send {
  static constexpr std::size_t kFields = 9;  // of an archive
  Audience to;
  Phase phase;
  std::int64_t step;
  Payload vector = {};
  std::int64_t round = 0;
  std::vector<Heard> quorum = {};
  std::uint64_t vote = 0;
  std::int64_t repeat = 0;  ///< how many of this key were sent to the receiver before
  /// The vector as receivers read it, where the sender compresses it; otherwise empty.
  Payload compressed = {};

  const Payload& as_received() const { return compressed ? compressed : vector; }
};

/// What a node waits for when it asks to be woken.
enum class TimerKind : std::uint8_t {
  answer,     ///< of the server that a worker pulled from
  answers,    ///< of all servers that a worker pulled from
  gradients,  ///< of the workers
  models,     ///< of the other servers, in a gather
  leader,     ///< of a view
};

/// Which of its timers is due. Timers cannot be cancelled: a node compares the name with its state.
struct TimerName {
  static constexpr std::size_t kFields = 3;  // of an archive
  TimerKind kind;
  std::int64_t step;
  std::int64_t number = 0;  ///< within the step: of a pull or a view
  friend bool operator==(const TimerName&, const TimerName&) = default;
};

/// Wake the node after a span of nanoseconds with on_timer(name).
struct Timer {
  std::int64_t span;
  TimerName name;
};

/// Compute for a while: a gradient, or an aggregation of a number of vectors. The result is what a
/// Send of the same key will carry, if any. Ends with on_computed(). Its simulated time is drawn
/// under its key (nodes/computing_time.h); its real time has no part in the run.
struct Compute {
  Phase phase;
  std::int64_t step;
  Payload result;
  std::size_t vectors = 0;  ///< of an aggregation
  std::int64_t round = 0;
  /// The phase of those vectors, where it is not the phase of the result.
  std::optional<Phase> aggregated = {};
  std::int64_t batches = 1;  ///< whose gradients are taken one after the other
};

/// A server holds this model at the beginning of the step.
struct Adopt {
  static constexpr std::size_t kFields = 2;  // of an archive
  std::int64_t step;
  Payload model;
};

/// What a rule does to the vectors of a combination (core/rules/rule.h), computed when asked for,
/// on any thread; and the step of the model that the combination makes.
struct RuleCount {
  std::int64_t step = 0;
  std::function<RuleCounts()> count = {};  ///< empty where nothing is counted
};

/// The node has used this quorum: vectors of different senders, sorted by sender, all of the
/// model's dimension and at least one. A rule that is not permutation invariant sees this order.
struct Consume {
  Phase phase;
  std::int64_t step;
  std::vector<Heard> heard;
  /// Steps that the vectors are behind the node; otherwise its step() tells.
  std::optional<std::int64_t> age = {};
  RuleCount counts = {};
};

/// A server is about to gather, with this model of its own: the gather for the model of `step`.
struct Gathering {
  std::int64_t step;
  Payload model;
};

/// A filter of the node has judged a vector of a sender, as those of synchronous ByzSGD (El-Mhamdi
/// et al., PODC 2020) and of Kardam (Damaskinos et al., ICML 2018) do.
struct Judge {
  bool accepted;
  NodeId sender;
};

using Action = std::variant<Send, Timer, Compute, Adopt, Consume, Gathering, Judge>;
using Actions = std::vector<Action>;

/// Requests `more` after what `actions` hold: actions are carried out in their order.
inline void append(Actions& actions, Actions more) {
  for (Action& action : more) actions.push_back(std::move(action));
}

/// Answer to a message: what became of it, and what the node requests because of it.
struct Reaction {
  Verdict verdict;
  Actions actions;
};

/// What a node waits for: vectors or votes under one key, until a number of them is there. Some
/// nodes also go on at a timer, with fewer.
struct Awaited {
  Phase phase;
  std::optional<std::int64_t> step;  ///< empty: any
  std::int64_t round;
  std::size_t needed;
  std::size_t there;
  std::vector<Heard> heard;  ///< what is there, where the node keeps it apart; votes without vector
};

/// A node uses all it is sent.
constexpr std::size_t kMostRoom = std::numeric_limits<std::size_t>::max();

/// The state machine of one node of a protocol.
class Node {
 public:
  virtual ~Node() = default;
  virtual std::unique_ptr<Node> clone() const = 0;

  virtual Actions on_start() = 0;
  virtual Reaction on_message(const Message& message) = 0;
  virtual Actions on_computed() = 0;
  virtual Actions on_timer(const TimerName& /*name*/) { return {}; }
  /// How many messages like this one (of its phase, step and round, from different senders) the
  /// node can still use; 0 for one that it never will.
  virtual std::size_t room_for(const Message& /*message*/) const { return kMostRoom; }
  /// Visits the vectors that it keeps for later steps; a visit may replace one by an equal one that
  /// is kept on disk.
  virtual void each_waiting(const PayloadVisit& /*visit*/) {}
  /// What it waits for, whatever comes first; nothing while it computes, and once it is done.
  virtual std::vector<Awaited> awaits() const { return {}; }
  /// The step it is in; `steps` of the scenario once it is done.
  virtual std::int64_t step() const = 0;
  /// Writes all that it remembers, or reads it into a node just made (core/input/archive.h).
  virtual void walk(Archive& archive) = 0;
};

}  // namespace byzsim
