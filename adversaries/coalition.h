// The Byzantine nodes as one colluding adversary: the workers follow one attack, the servers
// another.
#pragma once

#include "adversaries/attack.h"
#include "sim/adversary.h"

namespace byzsim {

class Coalition final : public Adversary {
 public:
  std::unique_ptr<Adversary> clone() const override { return std::make_unique<Coalition>(*this); }
  std::vector<Payload> speak(const Utterance& utterance, const AdversaryView& view) override;
};

/// Whether the scenario's Byzantine workers compute their gradients on flipped labels.
bool workers_flip_labels(const Scenario& scenario);

/// The adversary a scenario describes.
std::unique_ptr<Adversary> make_adversary(const Scenario& scenario);

}  // namespace byzsim
