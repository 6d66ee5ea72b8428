// Nodes as state machines. A node hears of three things (start, message, computation finished),
// changes its own state and answers with what it wants done. It keeps no clock, draws no random
// number and calls nobody: all of that is the Simulation's.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "sim/world/message.h"

namespace byzsim {

/// Whom a message is for: one node, or everyone of a role but the sender.
struct Audience {
  Role role;
  std::optional<std::uint32_t> only = {};
};
constexpr Audience kAllServers{Role::server};
constexpr Audience kAllWorkers{Role::worker};
inline Audience just(NodeId node) { return {node.role, node.index}; }

/// Say this as (phase, step, round).
struct Send {
  Audience to;
  Phase phase;
  std::int64_t step;
  Payload vector = {};
  std::int64_t round = 0;
  std::vector<Heard> quorum = {};
  std::uint64_t vote = 0;
  std::int64_t repeat = 0;  ///< how often the receiver was sent the like before
};

/// What a node waits for when it asks to be woken.
enum class TimerKind : std::uint8_t {
  answer,     ///< of the server that a worker pulled from
  answers,    ///< of all servers that a worker pulled from
  gradients,  ///< of the workers
  models,     ///< of the other servers, in a gather
  leader,     ///< of a view
};

/// Which of its timers a node hears of.
struct TimerName {
  TimerKind kind;
  std::int64_t step;
  std::int64_t number = 0;  ///< within the step: of a pull or a view
  friend bool operator==(const TimerName&, const TimerName&) = default;
};

/// Wake me after so many nanoseconds with on_timer(name).
struct Timer {
  std::int64_t span;
  TimerName name;
};

/// Compute for a while: a gradient, or an aggregation of so many vectors. The result is what a Send
/// of the same phase and step will carry, if any. Ends with on_computed().
struct Compute {
  Phase phase;
  std::int64_t step;
  Payload result;
  std::size_t vectors = 0;  ///< of an aggregation
  std::int64_t round = 0;
  /// What those vectors were said as, when it is not what the result will be said as.
  std::optional<Phase> aggregated = {};
};

/// A server holds this model at the beginning of the step.
struct Adopt {
  std::int64_t step;
  Payload model;
};

/// The node has used this quorum.
struct Consume {
  Phase phase;
  std::int64_t step;
  std::vector<Heard> heard;
  /// Steps that the vectors are behind the node; otherwise its step() tells.
  std::optional<std::int64_t> age = {};
};

/// A server is about to gather, with this model of its own.
struct Gathering {
  std::int64_t step;
  Payload model;
};

/// A filter of the node has judged what a sender said.
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

/// Answer to a message.
struct Reaction {
  Verdict verdict;
  Actions actions;
};

/// A node uses all it is sent.
constexpr std::size_t kMostRoom = std::numeric_limits<std::size_t>::max();

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
  /// Vectors that it keeps for later steps.
  virtual void each_waiting(const PayloadVisit& /*visit*/) {}
  /// The step it is in; `steps` of the scenario once it is done.
  virtual std::int64_t step() const = 0;
};

}  // namespace byzsim
