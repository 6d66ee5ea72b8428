// The adversary as the world sees it. A Byzantine node runs the honest state machine, so that it
// always knows what an honest node would send; whatever it is about to send passes through the
// adversary, which decides what each receiver gets instead. Different vectors to different
// receivers (equivocation) are the normal case.
//
// Its limits (El-Mhamdi et al., PODC 2020, as we understand it: omniscient, not omnipotent): it
// cannot send in an honest node's name (authenticated channels), and it cannot see the random draws
// of honest nodes that lie ahead. As a scheduler it also decides how long any message travels,
// within finite bounds: reliable channels between honest nodes stay reliable.
//
// An adversary is a value: copies of a simulation hold clones of it.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/scenario/unused_settings.h"
#include "sim/world/message.h"
#include "sim/world/time.h"

namespace byzsim {

class Archive;

/// What a Byzantine node is about to send, and to which nodes.
struct PendingSend {
  NodeId sender;
  Phase phase;
  std::int64_t step;
  Payload own;  ///< what an honest node would send
  const std::vector<NodeId>& receivers;
  std::int64_t round = 0;
  int twin = 0;             ///< which of two sends it, where the node is twins
  std::int64_t repeat = 0;  ///< how many of this key it sent before

  MessageKey key() const { return {step, phase, round}; }
};

/// What the adversary may see of one phase of one step, or of one round of it. All vectors have the
/// model's dimension.
struct AdversaryView {
  const Scenario& scenario;
  SimTime now;
  std::size_t dimension;
  /// The vectors that honest nodes have begun to compute or have sent, by sender; empty when the
  /// Byzantine node is the first. Where each worker answers a step of its own: the latest gradient
  /// that each has sent; a node that rushes sees only those since it was given its model.
  std::span<const Heard> honest;
  /// The same of Byzantine nodes, as honest nodes in their place would have computed them.
  std::span<const Heard> corrupted;
  std::size_t sent;          ///< how many honest nodes have sent theirs
  const Executor& executor;  ///< to launch crafted vectors on
};

/// A message that has been sent and whose time of arrival is open.
struct Dispatch {
  const Scenario& scenario;
  const Message& message;
  NodeId receiver;
  SimTime now;
  std::int64_t drawn;  ///< the delay that the link drew
  bool byzantine_sender;
  const Script* script = nullptr;   ///< that the adversary follows, if any
  std::span<std::byte> state = {};  ///< of the scheduler that chooses, where it keeps some
};

/// What controls all Byzantine nodes of a run. Every default is that of an honest node.
class Adversary {
 public:
  virtual ~Adversary() = default;
  virtual std::unique_ptr<Adversary> clone() const = 0;
  /// A Byzantine node sends once that many honest nodes have sent in the same phase and step
  /// (AdversaryView::sent): 0 for at once.
  virtual std::size_t awaits(const Scenario&, NodeId /*node*/) const { return 0; }
  /// Whether a receiver gets nothing of what carries no vector of its sender: a request, a vote.
  virtual bool silent(const Scenario&, const PendingSend&, NodeId /*receiver*/) { return false; }
  /// Whether a Byzantine node is twins (Bano et al., OPODIS 2021), and how much later, in
  /// nanoseconds, each of them receives what the other's half of the nodes sends: two state
  /// machines of an honest node under one identity, of which the first sends to the first half
  /// (sim/scenario/halves.h) and the second to the second. What they send still passes through
  /// decide().
  virtual std::optional<std::int64_t> twins(const Scenario&, NodeId /*node*/) const {
    return std::nullopt;
  }
  /// One payload for each receiver, in their order; an empty one is silence. Vectors may hold any
  /// bits and have any dimension.
  virtual std::vector<Payload> decide(const PendingSend& pending, const AdversaryView& view) = 0;
  /// How long a Byzantine node computes when an honest one in its place would need `drawn`.
  virtual std::int64_t computing_time(const Scenario&, std::int64_t drawn) const { return drawn; }
  /// How long a message travels; not negative.
  virtual std::int64_t delay(const Dispatch& dispatch) { return dispatch.drawn; }
  /// Follows another script from now on, if it follows scripts; what it remembers stays.
  // By value: who follows scripts keeps it. NOLINTNEXTLINE(performance-unnecessary-value-param)
  virtual void follow(std::shared_ptr<const Script> /*script*/) {}
  /// Begins a branch with what it has read of the trunk's adversary (walk): follows this script,
  /// and records from now on.
  // By value, as above. NOLINTNEXTLINE(performance-unnecessary-value-param)
  virtual void branch_off(std::shared_ptr<const Script> script) { follow(std::move(script)); }
  /// Deliveries and forgeries of the script it follows that have counted for no message so far, by
  /// their JSON pointers in the scenario as it is written, in its order.
  virtual std::vector<std::string> unused_decisions() const { return {}; }
  /// Settings of the adversary that change nothing in the scenario, whatever they are.
  virtual UnusedSettings without_effect(const Scenario&) const { return {}; }
  /// Everything it has decided so far, if it keeps a record; null otherwise.
  virtual const Script* record() const { return nullptr; }
  /// Writes all that it remembers, or reads it into an adversary just made of the same scenario
  /// (core/input/archive.h).
  virtual void walk(Archive& archive) = 0;
};

}  // namespace byzsim
