// The enemy as the world sees it. A Byzantine node runs the honest state machine, so that it always
// knows what a correct node would say; whatever it is about to say passes through the adversary,
// who decides what each receiver hears instead. Different words to different receivers
// (equivocation) are the normal case. The adversary cannot speak in a correct node's name (PODC
// 2020: authenticated channels), nor can it see the random draws of correct nodes that lie ahead.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "sim/inbox.h"
#include "sim/message.h"
#include "sim/scenario.h"
#include "sim/time.h"

namespace byzsim {

/// What a Byzantine node is about to say, and to whom.
struct Utterance {
  NodeId speaker;
  Phase phase;
  std::int64_t step;
  Payload own;  ///< what a correct node would say
  const std::vector<NodeId>& receivers;
};

/// What the adversary may see when it speaks: it is omniscient about the present.
struct AdversaryView {
  const Scenario& scenario;
  SimTime now;
  std::size_t dimension;
  /// The vectors of the same phase and step that correct nodes have begun to compute or said, by
  /// sender; empty when the Byzantine node is the first.
  std::span<const Heard> honest;
  const Executor& executor;  ///< to launch crafted vectors on
};

class Adversary {
 public:
  virtual ~Adversary() = default;
  virtual std::unique_ptr<Adversary> clone() const = 0;
  /// One payload for each receiver, in their order; an empty one is silence. Vectors may hold any
  /// bits and have any dimension.
  virtual std::vector<Payload> speak(const Utterance& utterance, const AdversaryView& view) = 0;
};

}  // namespace byzsim
