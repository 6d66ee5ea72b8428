// The Byzantine nodes as one colluding adversary: the workers follow one attack, the servers
// another, and a scheduler owns the wires.
#pragma once

#include <map>
#include <utility>

#include "adversaries/attack.h"
#include "sim/adversary.h"

namespace byzsim {

class Coalition final : public Adversary {
 public:
  std::unique_ptr<Adversary> clone() const override { return std::make_unique<Coalition>(*this); }
  bool speaks_now(const Utterance& utterance, const AdversaryView& view) const override;
  bool silent(const Scenario& scenario, NodeId node) const override;
  std::optional<std::int64_t> twins(const Scenario& scenario, NodeId node) const override;
  std::vector<Payload> speak(const Utterance& utterance, const AdversaryView& view) override;
  std::int64_t computing_time(const Scenario& scenario, std::int64_t drawn) const override;
  std::int64_t delay(const Dispatch& dispatch) const override;

 private:
  Payload own_of(const Utterance& utterance, const Attack& attack, const Parameters& parameters,
                 const AdversaryView& view);

  // What each Byzantine node would have said, for attacks that replay it.
  std::map<std::pair<NodeId, Phase>, std::map<std::int64_t, Payload>> past_;  // by step
};

/// Whether the scenario's Byzantine workers compute their gradients on flipped labels.
bool workers_flip_labels(const Scenario& scenario);

/// The adversary a scenario describes. Throws InputError for twins who could not tell anyone
/// different things.
std::unique_ptr<Adversary> make_adversary(const Scenario& scenario);

}  // namespace byzsim
