#include "adversaries/coalition.h"

namespace byzsim {
namespace {

Stream stream_of(const Utterance& utterance, std::uint64_t seed) {
  return Stream(
      seed, Purpose::attack, utterance.speaker.code() << 24,
      static_cast<std::uint64_t>(utterance.step) * 4 + static_cast<std::uint64_t>(utterance.phase));
}

}  // namespace

std::vector<Payload> Coalition::speak(const Utterance& utterance, const AdversaryView& view) {
  const Choice& choice = utterance.speaker.role == Role::worker ? view.scenario.worker_attack
                                                                : view.scenario.server_attack;
  const Attack& attack = attacks().at(choice.name);
  if (attack.silent()) return std::vector<Payload>(utterance.receivers.size());
  if (!utterance.own.has_values())
    return std::vector<Payload>(utterance.receivers.size(), utterance.own);
  std::vector<Payload> honest;
  if (attack.uses_honest)
    for (const Heard& each : view.honest) honest.push_back(each.vector);
  const Group& group =
      utterance.speaker.role == Role::worker ? view.scenario.workers : view.scenario.servers;
  const int n = static_cast<int>(group.count), f = static_cast<int>(group.byzantine.actual);
  const Stream stream = stream_of(utterance, view.scenario.seed);
  const Payload said =
      Payload::launch(view.executor, view.dimension,
                      [&attack, parameters = choice.parameters, own = utterance.own, honest, n, f,
                       stream, defence = aggregation_of(group)] {
                        const Executor this_thread(1);
                        std::vector<const float*> known;
                        for (const Payload& each : honest) known.push_back(each.values().data());
                        return attack.craft(AttackInput<float>{
                            own.values(), known, n, f, parameters, stream, &defence, this_thread});
                      });
  return std::vector<Payload>(utterance.receivers.size(), said);
}

bool workers_flip_labels(const Scenario& scenario) {
  return attacks().at(scenario.worker_attack.name).flips_labels;
}

std::unique_ptr<Adversary> make_adversary(const Scenario&) { return std::make_unique<Coalition>(); }

}  // namespace byzsim
