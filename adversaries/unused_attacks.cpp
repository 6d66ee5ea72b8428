#include "adversaries/unused_attacks.h"

#include <fmt/format.h>

#include "adversaries/attacks/attack.h"

namespace byzsim {
namespace {

struct Attackers {
  const char* where;
  const char* role;  ///< a noun for one of them
  const Group& group;
  const Choice& choice;

  bool exist() const { return group.byzantine.actual > 0; }
  const Attack& attack() const { return attacks().at(choice.name); }
};

// Whether the attack is in what its node sends, rather than in whether, when and how it computes.
bool is_in_vectors(const Attack& attack) {
  return !attack.silent() && !attack.twins && !attack.acts_on_data();
}

// Whether a batch has too few examples for one of them to be marked.
bool marks_nothing(const Poisoning& poisoning, std::int64_t batch) {
  const auto* trigger = std::get_if<PixelTrigger>(&poisoning);
  return trigger != nullptr && trigger->rows_of(static_cast<std::size_t>(batch)) == 0;
}

// What is wrong with the attack of one role; empty when it has its effect.
std::string idle_because(const Attackers& attackers, const Scenario& scenario) {
  const Attack& attack = attackers.attack();
  if (!attackers.exist()) return fmt::format("no {} is Byzantine", attackers.role);
  // A node has one attack on all that it sends, unless another one is given for gradients.
  const bool of_nodes = scenario.one_role && scenario.worker_attack == scenario.server_attack;
  const bool at_servers = &attackers.group == &scenario.servers && !of_nodes;
  if (attack.needs_graph(attackers.choice.parameters) && !scenario.on_graph)
    return fmt::format(
        "{} is about the neighbours of its receiver, and there is no graph: they send what honest "
        "nodes would",
        attack.declaration.name);
  const bool sees_others =
      scenario.knowledge == Knowledge::omniscient || scenario.knowledge == Knowledge::neighbourhood;
  if (attack.needs_graph(attackers.choice.parameters) && !sees_others)
    return fmt::format(
        "{} is about the vectors of its receiver and the neighbours there, and Byzantine nodes see "
        "none of them: they send what honest nodes would",
        attack.declaration.name);
  if (attack.acts_on_data() && at_servers)
    return fmt::format("{} acts on data, and {} none: they send what honest ones would",
                       attack.declaration.name, scenario.one_role ? "models have" : "servers hold");
  if (attack.acts_on_data() &&
      marks_nothing(attack.poisoning(attackers.choice.parameters), scenario.batch_size))
    return fmt::format("\"share\" of a batch of {} is no example: they send what honest ones would",
                       scenario.batch_size);
  if (scenario.numbers == Numbers::none && (is_in_vectors(attack) || attack.acts_on_data()))
    return "vectors of a run without numbers are blank";
  return "";
}

bool asks_for_vectors(const Attackers& attackers, const Scenario& scenario) {
  return attackers.exist() && attackers.attack().uses_honest && scenario.numbers != Numbers::none;
}

// Whom the attackers of a role wait for, where there are fewer.
std::string too_many(const Attackers& attackers, const Rushing& rushing) {
  if (!attackers.exist() || rushing.honest.value_or(0) <= attackers.group.correct()) return "";
  return fmt::format("only {} {}s are honest, and the Byzantine ones wait for all of these",
                     attackers.group.correct(), attackers.role);
}

void suspect_knowledge(const Scenario& scenario, const Attackers& workers, const Attackers& servers,
                       UnusedSettings& suspects) {
  // Who is blind does not see its own vector either.
  const bool own_counts = scenario.knowledge == Knowledge::blind &&
                          (workers.exist() || servers.exist()) && scenario.numbers != Numbers::none;
  if (!own_counts && !asks_for_vectors(workers, scenario) && !asks_for_vectors(servers, scenario))
    suspects.push_back({"/adversary/knowledge", "no attack here looks at the vectors of others"});
}

}  // namespace

UnusedSettings attacks_without_effect(const Scenario& scenario) {
  const std::string at_servers = place_of_attack(scenario, Role::server);
  const std::string at_workers = place_of_attack(scenario, Role::worker);
  const bool nodes = scenario.one_role;
  const Attackers servers = {at_servers.c_str(), nodes ? "node" : "server", scenario.servers,
                             scenario.server_attack};
  // On a graph the nodes alone send, which are the servers here.
  const Attackers workers = scenario.on_graph
                                ? servers
                                : Attackers{at_workers.c_str(), nodes ? "node" : "worker",
                                            scenario.workers, scenario.worker_attack};
  UnusedSettings suspects;
  for (const Attackers* each : {&workers, &servers})
    if (const std::string why = idle_because(*each, scenario); !why.empty())
      suspects.push_back({each->where, why});
  // A script may bring attacks of its own, which know and rush as these do.
  if (!scenario.script.empty()) return suspects;
  suspect_knowledge(scenario, workers, servers, suspects);
  if (!workers.exist() && !servers.exist())
    suspects.push_back({"/adversary/rushing", "no node is Byzantine"});
  else if (scenario.rushing)
    for (const Attackers* each : {&workers, &servers})
      if (const std::string why = too_many(*each, *scenario.rushing); !why.empty())
        suspects.push_back({"/adversary/rushing", why});
  return suspects;
}

}  // namespace byzsim
