// What one event of a run was and what was done in it, in order: all that observers, traces and
// tests see of a run.
//
// An occurrence holds the event, what became of it at its node, and the deeds: computations begun,
// vectors sent, messages on their way, quorums used, models adopted. It is valid until the next
// event.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "sim/world/event.h"

namespace byzsim {

/// A node has begun to compute.
struct Begun {
  NodeId node;
  std::int64_t span;     ///< nanoseconds
  Phase heard;           ///< the phase of the vectors that it aggregates, if any
  std::size_t vectors;   ///< how many; 0: a gradient
  std::int64_t batches;  ///< whose gradients it takes
};

/// A node sends something: an honest one does; of a Byzantine one, what an honest one in its place
/// would send.
struct Sent {
  NodeId node;
  MessageKey key;
  Payload vector;  ///< empty in requests and votes
};

/// A message begins its way to one receiver.
struct Posted {
  std::shared_ptr<const Message> message;
  NodeId receiver;
  std::optional<std::size_t> link;  ///< the exception of the scenario that it takes
  std::int64_t drawn;               ///< the delay that the link drew; nanoseconds
  std::int64_t delay;               ///< and what the adversary made of it
  bool lost = false;
  std::size_t copies = 0;  ///< further ones on the way
};

/// A fault of the scenario has changed something.
struct FaultActed {
  std::size_t fault;  ///< by place in the scenario
};

/// A node holds a model at the beginning of a step.
struct Adopted {
  NodeId node;
  Adopt adopt;
};

/// A node has used a quorum.
struct Used {
  NodeId node;
  Consume consume;
  std::int64_t step;  ///< that the node is in
};

/// A server is about to gather.
struct AboutToGather {
  NodeId node;
  Gathering gathering;
};

/// A filter of a node has judged a vector.
struct Judged {
  NodeId node;
  Judge judge;
};

using Deed = std::variant<Begun, Sent, Posted, FaultActed, Adopted, Used, AboutToGather, Judged>;

/// What an event has put into the future.
struct Scheduled {
  SimTime time;
  NodeId target;
  Event event;
};

/// One processed event.
struct Occurrence {
  std::uint64_t number = 0;  ///< counted from 1; 0 before the first event
  SimTime time = 0;
  NodeId target{};
  int twin = 0;  ///< which of two, where the target is twins
  Event event = Start{};
  bool held_up = false;                 ///< the node is down: nothing came of the event
  std::optional<Verdict> verdict = {};  ///< of a delivery
  std::uint64_t cause = 0;  ///< number of the event that scheduled it; 0: the run's start
  std::vector<Deed> deeds = {};
  /// What it has put into the future, in the order in which it did; nothing where nobody asked.
  std::optional<std::vector<Scheduled>> scheduled = {};

  EventKind kind() const { return kind_of(event); }
  /// The delivery that a node has heard; null for any other event.
  const Delivery* delivery() const { return held_up ? nullptr : std::get_if<Delivery>(&event); }
  /// Its message.
  const Message* message() const {
    const Delivery* heard = delivery();
    return heard ? heard->message.get() : nullptr;
  }
  /// The computation that has ended; null for any other event.
  const Computed* computation() const { return held_up ? nullptr : std::get_if<Computed>(&event); }
};

/// The models that nodes took on in an event.
inline std::vector<Adopt> adopted_in(const Occurrence& occurrence) {
  std::vector<Adopt> adopted;
  for (const Deed& deed : occurrence.deeds)
    if (const auto* each = std::get_if<Adopted>(&deed)) adopted.push_back(each->adopt);
  return adopted;
}

}  // namespace byzsim
