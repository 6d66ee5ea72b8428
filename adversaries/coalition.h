// The Byzantine nodes as one colluding adversary: the workers follow one attack, the servers
// another, and a scheduler controls the network; a script may decide otherwise from a step on, or
// for single messages.
//
// All Byzantine nodes collude and know the honest nodes' algorithms, states and messages, but send
// in their own names only (El-Mhamdi et al., PODC 2020, as we understand it). What one receiver
// gets is decided by the most specific of: a forgery of the script, a move of the script, the
// scenario.
//
// A coalition draws nothing in sequence: each forged vector has a stream that is named by its
// sender, step, phase and round.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "adversaries/attacks/attack.h"
#include "sim/run/adversary.h"

namespace byzsim {

/// What one receiver is sent: the answer of an attack that assumes its receiver in a half of the
/// nodes, or a vector where that is not empty.
struct Decision {
  const Choice* attack;  ///< null where there is a vector
  int half;              ///< 0 or 1 (sim/scenario/halves.h)
  Payload vector;        ///< of any dimension and bits
  /// The receiver, where the attack's answer depends on it: on a graph.
  std::optional<std::uint32_t> target = {};

  bool operator==(const Decision& other) const {
    const bool same_attack =
        attack == other.attack || (attack && other.attack && *attack == *other.attack);
    return same_attack && half == other.half && target == other.target &&
           vector.same_as(other.vector);
  }
};

/// The adversary of a run, and of a search that changes its script. It keeps only what its attacks
/// may replay, the memory that strategies declare, and which entries of the script have counted, so
/// that a copy of it is cheap.
class Coalition final : public Adversary {
 public:
  /// `memory`: how many steps back it can replay what an honest node in its place sent.
  Coalition(std::shared_ptr<const Script> script, std::int64_t memory)
      : script_(std::move(script)), memory_(memory), used_(*script_) {}

  std::unique_ptr<Adversary> clone() const override { return std::make_unique<Coalition>(*this); }
  std::size_t awaits(const Scenario& scenario, NodeId node) const override;
  bool silent(const Scenario& scenario, const PendingSend& pending, NodeId receiver) override;
  std::optional<std::int64_t> twins(const Scenario& scenario, NodeId node) const override;
  std::vector<Payload> decide(const PendingSend& pending, const AdversaryView& view) override;
  std::int64_t computing_time(const Scenario& scenario, std::int64_t drawn) const override;
  std::int64_t delay(const Dispatch& dispatch) override;
  void follow(std::shared_ptr<const Script> script) override;
  std::vector<std::string> unused_decisions() const override;
  UnusedSettings without_effect(const Scenario& scenario) const override;
  void walk(Archive& archive) override;

  /// The script that it follows; empty where only the scenario's choices count.
  const Script& script() const { return *script_; }
  /// What it sends a receiver; points into the scenario or the script.
  Decision decision_for(const Scenario& scenario, const PendingSend& pending, NodeId receiver);

 private:
  // Which entries of the script have counted for a message, by their places in it.
  struct Used {
    static constexpr std::size_t kFields = 2;  // of an archive
    explicit Used(const Script& script)
        : deliveries(script.deliveries.size()), forgeries(script.forgeries.size()) {}
    std::vector<bool> deliveries, forgeries;
  };

  // The entry of the script for a receiver, which counts from now on; null where there is none.
  const Forgery* forgery_for(const PendingSend& pending, NodeId receiver);
  void remember(const PendingSend& pending);
  // The vector that the attack takes for its own: zeros where it is blind, an old one where it
  // replays, otherwise what an honest node in its place would send.
  Payload own_of(const PendingSend& pending, const Choice& choice, const AdversaryView& view) const;
  // What the decision comes to, launched on another thread unless the attack has memory, whose
  // calls are made here in the order of events; empty for silence.
  Payload answer(const PendingSend& pending, const Decision& decision, const AdversaryView& view);
  // What a strategy remembers, all 0 at first.
  enum class Memory { of_gradients, of_models, of_scheduler };
  std::span<std::byte> state_of(Memory memory, const std::string& strategy, std::size_t bytes);

  std::shared_ptr<const Script> script_;
  std::int64_t memory_;
  Used used_;
  // What each Byzantine node would have sent, by step, for attacks that replay it.
  std::map<std::pair<NodeId, Phase>, std::map<std::int64_t, Payload>> past_;
  std::map<std::pair<Memory, std::string>, std::vector<std::byte>> states_;
};

/// Whether a message arrives at once because a node that rushes sends or receives it.
bool is_rushed(const Dispatch& dispatch);

/// What the scenario's Byzantine workers do to the examples of their gradients.
Poisoning poisoning_of(const Scenario& scenario);

/// How many steps back the attacks of the scenario and of its script replay what a node has sent.
std::int64_t memory_for(const Scenario& scenario);

/// The adversary a scenario describes; it may later be told to follow one of `scripts` instead of
/// the scenario's. Throws InputError for what no run can follow: twins who could not tell anyone
/// different things, moves to what a node must be from the beginning.
std::unique_ptr<Coalition> make_coalition(const Scenario& scenario,
                                          std::span<const Script> scripts = {});
std::unique_ptr<Adversary> make_adversary(const Scenario& scenario);

}  // namespace byzsim
