#include "tools/atlas/cell_search.h"

#include <algorithm>
#include <limits>
#include <set>

#include "adversaries/attacks/attack.h"
#include "adversaries/known_strategies.h"
#include "adversaries/schedulers/scheduler.h"
#include "core/input/issue.h"
#include "sim/scenario/scenario_json.h"

namespace byzsim {
namespace {

constexpr std::size_t kSearched = 2;     // attacks whose numbers are searched
constexpr std::size_t kSwitched = 3;     // attacks of which one follows another within a run
constexpr std::size_t kRescheduled = 2;  // attacks that are tried under other schedulers
constexpr std::int64_t kFewest = 4;      // evaluations that are worth a search

Objective atlas_objective() { return read_objective("accuracy"); }

// What is known of one cell while it is searched.
struct CellWork {
  const Scenario& cell;
  Json adversary;  // of the cell, as it is written
  MadeBefore& made;
  const SearchWatch& watch;
  std::vector<FoundAttack> found = {};
  std::int64_t runs = 0;
  bool interrupted = false;
};

// Whether it could run.
bool try_adversary(CellWork& work, const Json& adversary, const std::string& finder) {
  const auto scenario = attacked(work.cell, adversary);
  if (!scenario || work.interrupted) return false;
  try {
    auto trial = run_for_atlas(*scenario, work.made, work.watch);
    ++work.runs;
    work.interrupted = !trial;
    // A run that stalls measures an untrained model, and no rule.
    if (!trial || trial->ended_early) return false;
    work.found.push_back({std::move(*trial), name_of_attack(*scenario), finder});
    return true;
  } catch (const InputError&) {
    // What only a run finds out: the attack does not fit the data.
    return false;
  }
}

const char* key_of_attack(const CellWork& work) { return work.cell.one_role ? "nodes" : "workers"; }

bool has_byzantine_servers(const Scenario& cell) {
  return !cell.one_role && cell.servers.byzantine.actual > 0;
}

// An attack of all Byzantine nodes, or of the workers alone where servers cannot make it.
bool try_attack(CellWork& work, const Json& attack, const std::string& finder) {
  Json adversary = work.adversary;
  adversary[key_of_attack(work)] = attack;
  if (has_byzantine_servers(work.cell)) {
    Json of_all = adversary;
    of_all["servers"] = attack;
    if (try_adversary(work, of_all, finder)) return true;
  }
  return try_adversary(work, adversary, finder);
}

// Where all workers are waited for, a silent one ends the run before any rule is asked.
bool waits_for_all(const Scenario& cell) {
  return !cell.on_graph && cell.workers.quorum.value_or(cell.workers.count) == cell.workers.count;
}

void try_hand_written(CellWork& work) {
  for (const Attack& attack : attacks())
    if (!attack.silent() || !waits_for_all(work.cell))
      try_attack(work, attack.declaration.name, kHandWritten);
}

// The other keywords of each parameter that has some; not of attacks that search themselves.
void try_variants(CellWork& work, std::int64_t runs) {
  for (const Attack& attack : attacks()) {
    if (attack.searches || attack.silent()) continue;
    for (const Parameter& each : attack.declaration.parameters) {
      if (each.type != ParameterType::word) continue;
      for (const std::string& word : each.words)
        if (work.runs < runs && Value(word) != each.fallback)
          try_attack(work, {{"name", attack.declaration.name}, {"parameters", {{each.name, word}}}},
                     "variant");
    }
  }
}

// By damage, the earliest of equals first.
std::vector<FoundAttack> by_damage(std::vector<FoundAttack> found) {
  std::stable_sort(found.begin(), found.end(), [](const FoundAttack& a, const FoundAttack& b) {
    return a.trial.harm > b.trial.harm;
  });
  return found;
}

void try_schedulers(CellWork& work, std::int64_t runs) {
  if (waits_for_all(work.cell) || work.cell.on_graph) return;
  const std::vector<FoundAttack> ranked = by_damage(work.found);
  for (std::size_t i = 0; i < std::min(kRescheduled, ranked.size()); ++i)
    for (const Declaration& each : schedulers().declarations()) {
      if (each.name == "random" || work.runs >= runs) continue;
      Json adversary = adversary_of(ranked[i].trial.candidate.scenario);
      adversary["scheduler"] = each.name;
      try_adversary(work, adversary, "scheduler");
    }
}

// The most damaging attacks, each name once.
std::vector<FoundAttack> first_of_each(const std::vector<FoundAttack>& ranked, std::size_t most) {
  std::vector<FoundAttack> chosen;
  std::set<std::string> names;
  for (const FoundAttack& each : ranked)
    if (chosen.size() < most && names.insert(each.attack).second) chosen.push_back(each);
  return chosen;
}

// Byzantine nodes make one attack, and from a step on another.
void try_switch(CellWork& work, const FoundAttack& first, const FoundAttack& second,
                std::int64_t step) {
  const char* key = key_of_attack(work);
  const Json later = adversary_of(second.trial.candidate.scenario);
  Json move = {{"step", step}, {key, later.at(key)}};
  if (has_byzantine_servers(work.cell)) move["servers"] = later.at("servers");
  Json adversary = adversary_of(first.trial.candidate.scenario);
  adversary["script"] = {{"moves", Json::array({move})}};
  try_adversary(work, adversary, "switch");
}

// Between each two of the most damaging attacks in the middle of the run; the best of these
// switches also earlier and later.
void try_switches(CellWork& work, std::int64_t runs) {
  const std::int64_t steps = work.cell.steps;
  const std::vector<FoundAttack> among = first_of_each(by_damage(work.found), kSwitched);
  const FoundAttack *first = nullptr, *second = nullptr;
  double most = -std::numeric_limits<double>::infinity();
  for (const FoundAttack& a : among)
    for (const FoundAttack& b : among) {
      if (&a == &b || work.runs >= runs || work.interrupted) continue;
      const std::size_t before = work.found.size();
      try_switch(work, a, b, steps / 2);
      if (work.found.size() == before || work.found.back().trial.harm <= most) continue;
      most = work.found.back().trial.harm;
      first = &a, second = &b;
    }
  if (first == nullptr || work.runs + 2 > runs) return;
  try_switch(work, *first, *second, steps / 4);
  try_switch(work, *first, *second, steps * 3 / 4);
}

bool has_numbers(const Scenario& scenario) {
  const Role role = scenario.one_role ? Role::server : Role::worker;
  const Choice& attack = role == Role::server ? scenario.server_attack : scenario.worker_attack;
  return !attacks().at(attack.name).searches && !numbers_of_adversary(scenario).empty();
}

void search_numbers(CellWork& work, const Scenario& scenario, std::int64_t evaluations) {
  SearchRequest request = request_of({.scenario = scenario,
                                      .strategy = "nlopt",
                                      .objective = atlas_objective(),
                                      .over = {},
                                      .evaluations = evaluations});
  request.made = work.made;
  const SearchOutcome outcome = run_search(request, 1, work.watch);
  work.interrupted = work.interrupted || outcome.interrupted;
  work.runs += std::ssize(outcome.trials);
  if (outcome.trials.empty()) return;
  std::vector<Trial> whole = outcome.trials;
  std::erase_if(whole, [](const Trial& each) { return each.ended_early; });
  if (whole.empty()) return;
  const Trial& worst = whole[worst_of(whole)];
  work.found.push_back({worst, name_of_attack(worst.candidate.scenario), "nlopt"});
}

void search_most_damaging(CellWork& work, std::int64_t runs) {
  std::vector<FoundAttack> ranked = by_damage(work.found);
  std::erase_if(
      ranked, [](const FoundAttack& each) { return !has_numbers(each.trial.candidate.scenario); });
  const std::vector<FoundAttack> begun = first_of_each(ranked, kSearched);
  for (std::size_t i = 0; i < begun.size() && !work.interrupted; ++i) {
    // What one of them leaves is for the next.
    const auto share = (runs - work.runs) / static_cast<std::int64_t>(begun.size() - i);
    if (share >= kFewest) search_numbers(work, begun[i].trial.candidate.scenario, share);
  }
}

}  // namespace

std::string name_of_attack(const Scenario& scenario) {
  std::string name = scenario.worker_attack.name;
  const std::string& servers = scenario.server_attack.name;
  if (scenario.one_role) name = servers;
  if (!scenario.one_role && scenario.servers.byzantine.actual > 0 && servers != name)
    name += "+" + servers;
  for (const Move& move : scenario.script.moves) {
    const auto& next = scenario.one_role ? move.servers : move.workers;
    if (next) name += " then " + next->name;
  }
  if (scenario.scheduler.name != "random") name += "+" + scenario.scheduler.name;
  return name;
}

std::optional<double> accuracy_without_attack(const Scenario& cell, MadeBefore& made,
                                              const SearchWatch& watch) {
  const auto known = known_objective(read_objective("accuracy_lost"), cell, 1, made, watch);
  return known ? known->without_enemy : std::nullopt;
}

std::optional<FoundAttack> hand_written_again(const Scenario& cell, const std::string& name,
                                              MadeBefore& made, const SearchWatch& watch) {
  CellWork work{cell, adversary_of(cell), made, watch};
  try_attack(work, name.substr(0, name.find('+')), kHandWritten);
  if (work.interrupted || work.found.empty()) return std::nullopt;
  return std::move(work.found.front());
}

Json adversary_of(const Scenario& scenario) {
  return write_scenario(scenario, scenario_tables()).at("adversary");
}

std::optional<Scenario> attacked(const Scenario& cell, const Json& adversary) {
  const ScenarioTables tables = scenario_tables();
  Json json = write_scenario(cell, tables);
  json["adversary"] = adversary;
  try {
    Scenario scenario = read_scenario(json, tables);
    scenario.inputs = cell.inputs;
    return scenario;
  } catch (const InputError&) {
    // Most attacks do not fit every protocol: that is an answer.
    return std::nullopt;
  }
}

std::optional<Trial> run_for_atlas(const Scenario& scenario, MadeBefore& made,
                                   const SearchWatch& watch) {
  return run_candidate(atlas_objective(), {scenario, {}}, 1, made, watch);
}

std::optional<FoundAttack> worst_of_adversaries(const Scenario& cell,
                                                const std::vector<Json>& adversaries,
                                                MadeBefore& made, const SearchWatch& watch) {
  CellWork work{cell, {}, made, watch};
  for (const Json& each : adversaries) try_adversary(work, each, "exchange");
  if (work.interrupted || work.found.empty()) return std::nullopt;
  return by_damage(std::move(work.found)).front();
}

std::optional<CellFindings> search_cell(const Scenario& cell, std::int64_t evaluations,
                                        MadeBefore& made, const SearchWatch& watch) {
  CellWork work{cell, adversary_of(cell), made, watch};
  const auto without_attack = accuracy_without_attack(cell, made, watch);
  if (!without_attack) return std::nullopt;
  try_hand_written(work);
  if (work.interrupted) return std::nullopt;
  if (work.found.empty())
    throw InputError(
        {cell.name, "no attack can run in this setting", "declare Byzantine nodes, and have some"});
  CellFindings findings{*without_attack, by_damage(work.found).front(), {}};
  const std::int64_t runs = work.runs + evaluations;
  try_variants(work, runs);
  try_schedulers(work, runs);
  try_switches(work, runs);
  search_most_damaging(work, runs);
  if (work.interrupted) return std::nullopt;
  findings.worst = by_damage(std::move(work.found)).front();
  return findings;
}

}  // namespace byzsim
