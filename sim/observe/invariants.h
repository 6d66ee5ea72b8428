// What must hold in every run whatever the adversary does, checked while it runs. A broken one is a
// fault of byzsim, or of a strategy built into it; the result names it.
//
// Checked: an honest node sends one vector for a step and phase; no message arrives before it is
// sent; a quorum has distinct senders and its size; a median lies in the box of the honest models,
// in every coordinate. The last is what a median guarantees, not the convex hull (El-Mhamdi et al.,
// PODC 2020, as we understand it).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/world/node.h"
#include "sim/world/time.h"

namespace byzsim {

class Archive;

/// The invariants of one run. Broken ones are counted, not thrown: the run goes on.
class Invariants {
 public:
  /// `fixed_quorums`: whether the protocol only ever uses whole quorums.
  Invariants(std::shared_ptr<const Scenario> scenario, bool fixed_quorums);

  /// An honest node sends a vector.
  void sent(NodeId sender, Phase phase, std::int64_t step, std::int64_t round,
            const Payload& vector);
  void delivered(SimTime sent, SimTime now);
  /// An honest node uses a quorum.
  void consumed(NodeId node, const Consume& consume);
  /// An honest server begins a step.
  void adopted(NodeId server, const Payload& model);

  /// The broken ones by their sentence, with how often each was.
  const std::map<std::string, std::uint64_t>& broken() const { return broken_; }
  /// Writes it, or reads it back (core/input/archive.h).
  void walk(Archive& archive);

 private:
  struct Sent {
    static constexpr std::size_t kFields = 3;  // of an archive
    std::int64_t step, round;
    Payload vector;
  };
  void check(bool holds, const char* sentence);
  bool in_box_of_correct(const std::vector<Heard>& heard, const Payload& median) const;

  std::shared_ptr<const Scenario> scenario_;
  bool fixed_quorums_;
  bool servers_take_medians_;  // so that a gather's result lies in the box of honest models
  std::map<std::pair<NodeId, Phase>, Sent> sent_;  // the latest of each honest node
  std::map<NodeId, std::vector<Heard>> gathered_;  // used by a server that contracts
  std::map<std::string, std::uint64_t> broken_;
};

}  // namespace byzsim
