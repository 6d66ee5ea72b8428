// The adversary's decisions as data: what Byzantine nodes send, to whom, and when messages arrive.
// A strategy, a search and a recording write the same script, and a run follows it without whatever
// made the decisions.
//
// The most specific entry counts: a delivery or a forgery before the moves, the latest move that
// has begun by the step of a message before the scenario's own choices. Links between honest nodes
// stay reliable: every delay is finite, and only a Byzantine node may send nothing.
//
// A script is in order once put_in_order() has sorted it: searches of single entries are binary.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/input/parameters.h"
#include "sim/world/message.h"

namespace byzsim {

/// The honest nodes that form the first half of their role, by index; empty: the lower half of the
/// indices (sim/scenario/halves.h).
struct FirstHalves {
  static constexpr std::size_t kFields = 2;  // of an archive
  std::optional<std::vector<std::int64_t>> servers, workers;
};

/// A change of strategy: counts for what is sent of `step` and later steps, until a later move
/// changes the same choice. What is empty stays as it was.
struct Move {
  static constexpr std::size_t kFields = 5;  // of an archive
  std::int64_t step = 0;
  std::optional<Choice> workers;    ///< attack
  std::optional<Choice> servers;    ///< attack
  std::optional<Choice> scheduler;  ///< when messages arrive
  FirstHalves first_halves;
};

/// How long one message travels.
struct ScriptedDelivery {
  static constexpr std::size_t kFields = 6;  // of an archive
  NodeId sender, receiver;
  MessageKey key;
  int twin = 0;  ///< which of the two sends it, where the sender is twins
  std::int64_t delay = 0;
  std::int64_t repeat = 0;  ///< how many of the same key were sent before it
};

/// What a Byzantine node sends to some receivers: by reference, an attack (`silent` for nothing)
/// and the half of the nodes that it assumes the receiver in, or a vector by value, of any bits and
/// dimension. Different entries for different receivers are an equivocation, which El-Mhamdi et
/// al., PODC 2020, permit, as we understand the paper.
struct Forgery {
  static constexpr std::size_t kFields = 8;  // of an archive
  NodeId sender;
  MessageKey key;
  int twin = 0;
  std::string receivers = "all";  ///< a NodeSet
  std::optional<Choice> attack;
  int half = 0;
  Payload vector;
  std::int64_t repeat = 0;  ///< as of a delivery
};

/// All decisions. An empty script leaves everything to the scenario's choices.
struct Script {
  static constexpr std::size_t kFields = 3;  // of an archive
  std::vector<Move> moves;                   ///< by step
  std::vector<ScriptedDelivery> deliveries;  ///< by key, sender, receiver, twin and repeat
  std::vector<Forgery> forgeries;            ///< by key, sender, twin, repeat and receivers

  bool empty() const { return moves.empty() && deliveries.empty() && forgeries.empty(); }
};

/// Sorts every list; what follows asks for that.
void put_in_order(Script& script);

/// The choice in force at a step: `kind` is a member of Move; null where the scenario's own counts.
const Choice* in_force(const Script& script, std::int64_t step, std::optional<Choice> Move::*kind);
/// The first half of a role at a step; null for the lower half of the indices.
const std::vector<std::int64_t>* first_half_at(const Script& script, std::int64_t step, Role role);
/// How long a message is to travel; null where no entry is about it.
const ScriptedDelivery* delivery_in(const Script& script, const Message& message, NodeId receiver);
/// What a Byzantine node is to send to a receiver; null where no entry is about it.
const Forgery* forgery_in(const Script& script, NodeId sender, const MessageKey& key, int twin,
                          std::int64_t repeat, NodeId receiver);

}  // namespace byzsim
