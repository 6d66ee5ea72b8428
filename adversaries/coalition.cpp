#include "adversaries/coalition.h"

#include <algorithm>
#include <array>

#include "adversaries/scheduler.h"
#include "core/issue.h"
#include "core/units.h"
#include "sim/clusters.h"

namespace byzsim {
namespace {

Stream stream_of(const Utterance& utterance, std::uint64_t seed) {
  const std::uint64_t round = static_cast<std::uint64_t>(utterance.round) % 64;
  return Stream(seed, Purpose::attack, utterance.speaker.code() << 24,
                round << 34 | (static_cast<std::uint64_t>(utterance.step) * 4 +
                               static_cast<std::uint64_t>(utterance.phase)));
}

// Servers aggregate gradients by the workers' rule, whoever computed them.
bool as_worker(const Utterance& utterance) {
  return utterance.phase == Phase::gradient || utterance.phase == Phase::agreement;
}

const Choice& choice_for(const Scenario& scenario, bool worker) {
  return worker ? scenario.worker_attack : scenario.server_attack;
}

// The vectors that the attack may look at.
std::span<const Heard> known(const Attack& attack, const AdversaryView& view) {
  if (!attack.uses_honest || view.scenario.knowledge == "blind") return {};
  return view.scenario.knowledge == "omniscient" ? view.honest : view.corrupted;
}

bool are_twins(const Scenario& scenario, Role role) {
  const Group& group = scenario.group_of(role);
  return group.byzantine.actual > 0 &&
         attacks().at(choice_for(scenario, role == Role::worker).name).twins;
}

// Twins tell two halves of the nodes different things, which there must be: workers speak to
// servers, servers to both.
void check_twins(const Scenario& scenario) {
  const bool halves_of_servers = scenario.servers.correct() > 1;
  if (are_twins(scenario, Role::worker) && !halves_of_servers)
    throw InputError({"/adversary/workers",
                      "twins split the correct servers that hear a worker, and there is only one",
                      "choose another attack, or a protocol of replicated servers"});
  if (are_twins(scenario, Role::server) && !halves_of_servers && scenario.workers.correct() < 2)
    throw InputError({"/adversary/servers",
                      "twins split the correct nodes that hear a server, and there are no two of "
                      "a role",
                      "choose another attack, or have more correct nodes"});
  if (scenario.protocol.name == "learn" && are_twins(scenario, Role::worker) &&
      !are_twins(scenario, Role::server))
    throw InputError({"/adversary/workers",
                      "the nodes of learn are of the role server: twins are one node in all that "
                      "it says",
                      "choose twins for /adversary/servers too"});
}

struct Words {
  const Attack& attack;
  Parameters parameters;
  Payload own;
  std::vector<Payload> honest;
  std::vector<int> clusters;
  int n, f;
  Stream stream;
  Aggregation defence;
};

std::vector<float> craft(const Words& words, int cluster) {
  const Executor this_thread(1);
  std::vector<const float*> known;
  for (const Payload& each : words.honest) known.push_back(each.values().data());
  return words.attack.craft(AttackInput<float>{words.own.values(), known, words.n, words.f,
                                               words.parameters, words.stream, &words.defence,
                                               this_thread, cluster, words.clusters});
}

}  // namespace

bool Coalition::speaks_now(const Utterance& utterance, const AdversaryView& view) const {
  const Scenario& scenario = view.scenario;
  if (!scenario.rushing) return true;
  const Group& group = utterance.speaker.role == Role::server ? scenario.servers : scenario.workers;
  return static_cast<std::int64_t>(view.said) >= std::min(*scenario.rushing, group.correct());
}

bool Coalition::silent(const Scenario& scenario, NodeId node) const {
  return attacks().at(choice_for(scenario, node.role == Role::worker).name).silent();
}

std::optional<std::int64_t> Coalition::twins(const Scenario& scenario, NodeId node) const {
  const Choice& choice = choice_for(scenario, node.role == Role::worker);
  if (!attacks().at(choice.name).twins) return std::nullopt;
  return choice.parameters.duration_ns("later");
}

std::int64_t Coalition::computing_time(const Scenario& scenario, std::int64_t drawn) const {
  return scenario.rushing ? 0 : drawn;
}

std::int64_t Coalition::delay(const Dispatch& dispatch) const {
  // Who rushes hears and is heard at once.
  const bool byzantine_receiver = dispatch.scenario.is_byzantine(dispatch.receiver);
  if (dispatch.scenario.rushing && (dispatch.byzantine_sender || byzantine_receiver)) return 0;
  const Choice& choice = dispatch.scenario.scheduler;
  return std::min(schedulers().at(choice.name).delay(choice.parameters, dispatch),
                  kLongestDuration);
}

Payload Coalition::own_of(const Utterance& utterance, const Attack& attack,
                          const Parameters& parameters, const AdversaryView& view) {
  if (view.scenario.knowledge == "blind") return Payload(std::vector<float>(view.dimension, 0.0f));
  if (!attack.replays) return utterance.own;
  std::map<std::int64_t, Payload>& past = past_[{utterance.speaker, utterance.phase}];
  past.emplace(utterance.step, utterance.own);
  // The latest that is old enough; early in a run the oldest there is.
  auto replayed = past.upper_bound(utterance.step - parameters.integer("steps"));
  if (replayed != past.begin()) replayed = past.erase(past.begin(), std::prev(replayed));
  return replayed->second;
}

std::vector<Payload> Coalition::speak(const Utterance& utterance, const AdversaryView& view) {
  const std::size_t receivers = utterance.receivers.size();
  const Scenario& scenario = view.scenario;
  const Choice& choice = choice_for(scenario, as_worker(utterance));
  const Attack& attack = attacks().at(choice.name);
  if (attack.silent()) return std::vector<Payload>(receivers);
  if (!utterance.own.has_values()) return std::vector<Payload>(receivers, utterance.own);
  const Group& group = as_worker(utterance) ? scenario.workers : scenario.servers;
  Words words{attack,
              choice.parameters,
              own_of(utterance, attack, choice.parameters, view),
              {},
              {},
              static_cast<int>(group.count),
              static_cast<int>(group.byzantine.actual),
              stream_of(utterance, scenario.seed),
              aggregation_of(group)};
  for (const Heard& each : known(attack, view)) {
    words.honest.push_back(each.vector);
    words.clusters.push_back(cluster_of(scenario, each.sender));
  }
  const auto launch = [&](int cluster) {
    return Payload::launch(view.executor, view.dimension,
                           [words, cluster] { return craft(words, cluster); });
  };
  if (!attack.per_cluster) return std::vector<Payload>(receivers, launch(0));
  const std::array<Payload, 2> said = {launch(0), launch(1)};
  std::vector<Payload> each;
  for (const NodeId receiver : utterance.receivers)
    each.push_back(said[static_cast<std::size_t>(cluster_of(scenario, receiver))]);
  return each;
}

bool workers_flip_labels(const Scenario& scenario) {
  return attacks().at(scenario.worker_attack.name).flips_labels;
}

std::unique_ptr<Adversary> make_adversary(const Scenario& scenario) {
  check_twins(scenario);
  return std::make_unique<Coalition>();
}

}  // namespace byzsim
