// Attacks: what a Byzantine node sends instead of its own vector. One file an attack under
// attacks/. Every attack is usable by workers (on gradients) and by servers (on models), in a run
// and in `eval`.
//
// An attack is a pure function of its input: it keeps no state but the memory that it declares, and
// draws only from the stream that it is given. All vectors of one input have one dimension, and the
// answer has it too; it may hold any bits, infinities and NaN among them. Attacks that differ by
// receiver (equivocation) are asked once for each half of the nodes.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/check.h"
#include "core/exact/random.h"
#include "core/input/parameters.h"
#include "core/input/table.h"
#include "core/pre_aggregators/aggregation.h"
#include "sim/nodes/poisoning.h"

namespace byzsim {

/// Who receives a forged vector in a protocol on a graph, as far as the attacker knows it.
template <class Real>
struct AttackTarget {
  const Real* own;  ///< what it sends in the same step; null where that is not known (yet)
  std::span<const Real* const> neighbours;  ///< of its honest neighbours, those that are known
  std::span<const double> weights;          ///< gossip weight of each of them at the receiver
  std::span<const double>
      byzantine_weights;  ///< of each Byzantine neighbour, above 0; at least one
  double own_weight = 0;  ///< of its own vector and of the neighbours that are not known
  /// Whether all that it combines weighs alike, whatever is missing.
  bool equally = false;
  /// How many of `neighbours` come before its own vector where it combines them. The Byzantine
  /// vectors come last.
  std::size_t place = 0;
  /// Entries of the Fiedler vector of the honest nodes (core/graphs/fiedler_cut.h): the receiver's,
  /// and that of the sender of each vector of AttackInput::honest; none where there is no such
  /// vector.
  double fiedler = 0;
  std::span<const double> honest_fiedler = {};
};

/// What an attack is given. `Real` is float (runs) or double (`eval` on request).
template <class Real>
struct AttackInput {
  std::span<const Real> own;  ///< what an honest node would send in the attacker's place
  /// Vectors of honest nodes that the attacker knows, by sender; may be none.
  std::span<const Real* const> honest;
  int n;  ///< nodes of the attacker's role, Byzantine ones included, as ALIE (2019) needs them
  int f;  ///< Byzantine ones among them
  const Parameters& parameters;
  Stream stream;               ///< named by sender, step and phase
  const Aggregation* defence;  ///< how receivers aggregate, for attacks that search; null: unknown
  const Executor& executor;
  int half = 0;  ///< of the receiver: 0 or 1, its half of the nodes (sim/scenario/halves.h)
  std::span<const int> honest_halves = {};  ///< of the senders of `honest`; may be unknown
  /// Which of the `visible` nodes that could be known each vector of `honest` is from, from 0 on;
  /// empty: all are known, in their order.
  std::span<const std::size_t> honest_numbers = {};
  std::size_t visible = 0;
  /// The attack's memory between calls, which it may change: `state_bytes` of it, or empty where
  /// nothing is kept.
  std::span<std::byte> state = {};
  const AttackTarget<Real>* target = nullptr;  ///< null where there is no graph

  std::size_t dimension() const { return own.size(); }
};

/// One attack of the table; each function returns the vector to send. Null functions send nothing.
struct Attack {
  Declaration declaration;
  bool uses_honest;  ///< whether it looks at other nodes' vectors (runs pay for having them)
  std::function<std::vector<float>(AttackInput<float> input)> craft_float;
  std::function<std::vector<double>(AttackInput<double> input)> craft_double;
  /// What a worker does to the examples of its own gradients; null for attacks on vectors.
  Poisoning (*poisoning)(const Parameters& parameters) = nullptr;
  bool per_half = false;      ///< whether it sends the two halves of the nodes different vectors
  bool per_receiver = false;  ///< whether it forges a vector for each neighbour (`target`)
  bool departs = false;       ///< whether it has the parameter `from` (departure.h)
  /// Whether it searches for what damages its receiver most: on a graph, each receiver.
  bool searches = false;
  bool replays = false;  ///< whether its own vector is one of its parameter "steps" ago
  /// Whether the node is two honest ones under its identity, one for each half of the nodes, of
  /// which each receives from the other's half by its parameter "later" later (Bano et al., Twins:
  /// BFT systems made robust, OPODIS 2021).
  bool twins = false;
  /// Bytes that byzsim keeps for it between the calls of a run, 0 at first: then it is no pure
  /// function, and is called in the order of events.
  std::size_t state_bytes = 0;

  bool acts_on_data() const { return poisoning != nullptr; }
  bool silent() const { return craft_float == nullptr; }
  /// Whether it forges a vector for each neighbour with these parameters, and so needs a graph.
  bool needs_graph(const Parameters& parameters) const {
    return per_receiver || (departs && parameters.word("from") == "receiver");
  }
  std::vector<float> craft(const AttackInput<float>& input) const {
    BYZ_CHECK(craft_float != nullptr, "a silent attack crafts no vector");
    return craft_float(input);
  }
  std::vector<double> craft(const AttackInput<double>& input) const {
    BYZ_CHECK(craft_double != nullptr, "a silent attack crafts no vector");
    return craft_double(input);
  }
};

/// What an attack sends whose damage is not in the vector: a replay, poisoned data, twins.
template <class Real>
std::vector<Real> own_vector(AttackInput<Real> input) {
  return {input.own.begin(), input.own.end()};
}

/// All attacks, those of plugins after byzsim's own.
const Table<Attack>& attacks();
/// Adds an attack from outside the tree, before anything runs (plugins/).
void add_attack(Attack attack);

}  // namespace byzsim
