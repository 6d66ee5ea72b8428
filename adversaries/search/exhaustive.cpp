// Explores everything that quorums and forged vectors can do to tiny models, gather by gather. Real
// simulations are forked at every choice and tell where it leads; since receivers of one gather
// decide independently, one fork shows a choice of each of them at once. States in which the
// honest servers hold the same models after the same gather are one.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "adversaries/coalition.h"
#include "adversaries/search/gather_choices.h"
#include "adversaries/search/search.h"
#include "core/check.h"
#include "core/input/issue.h"
#include "sim/protocols/protocol.h"

namespace byzsim::searches_list {
namespace {

constexpr double kMostHearings = 10'000;   // of one receiver
constexpr double kMostCombinations = 1e6;  // of all receivers, from one state

using Models = std::vector<float>;          // of the honest servers
using Outcomes = std::map<float, Hearing>;  // of one receiver: a way to every model it can adopt

struct State {
  Models models;
  std::size_t parent;  // in the level before
};

struct Level {
  std::vector<State> states;
  std::vector<Simulation> simulations;          // of those that are gone on from
  std::vector<std::vector<Outcomes>> outcomes;  // of the same: what the next gather can do
};

// What became of all that can happen.
struct Exploration {
  std::vector<Level> levels;
  std::int64_t gathers_run = 0;
  std::int64_t transitions = 0;
  std::int64_t merged = 0;
  bool complete = true;
};

double diameter(const Models& models) {
  BYZ_CHECK(!models.empty(), "a diameter is of at least one model");
  const auto [low, high] = std::minmax_element(models.begin(), models.end());
  return double(*high) - double(*low);
}

// What promises most: the diameter, then how far the servers are from each other in sum, which is
// most where as many stand at one end as at the other.
std::pair<double, double> width(const Models& models) {
  double sum = 0;
  for (const float a : models)
    for (const float b : models) sum += std::fabs(double(a) - double(b));
  return {diameter(models), sum};
}

// Whether every step ends with a gather of one-parameter models, of servers or on a graph.
bool gathers_in_every_step(const Choice& protocol) {
  const Parameters& parameters = protocol.parameters;
  if (protocol.name == "gossip") return parameters.word("exchange") == "half_steps";
  return protocols().at(protocol.name).gathers && !parameters.is_word("gather_period") &&
         parameters.integer("gather_period") == 1;
}

void check(const SearchTask& task) {
  const Scenario& scenario = task.scenario;
  const std::string group = scenario.on_graph ? "node" : "server";
  Issues issues;
  if (!gathers_in_every_step(scenario.protocol))
    issues.push_back({"/protocol", "exhaustive explores gathers, one in every step",
                      "use byzsgd with \"gather_period\": 1, or gossip of half-steps"});
  if (task.objective.name != "drift" || task.objective.function)
    issues.push_back(
        {"--objective", "exhaustive has one objective, the drift at the end", "leave it at drift"});
  if (scenario.servers.correct() < 2)
    issues.push_back({fmt::format("/{}s/count", group),
                      fmt::format("one honest {} has no diameter", group),
                      fmt::format("use at least two honest {}s", group)});
  const auto& plan = scenario.on_graph;
  if (plan && (plan->every || !plan->changes.empty()))
    issues.push_back({plan->every ? "/topology/every" : "/topology_changes",
                      "exhaustive explores gathers on one graph", "leave it out"});
  throw_if_any(issues);
}

const char* place_of_group(const Scenario& scenario) {
  return scenario.on_graph ? "/nodes" : "/servers";
}

// What Byzantine servers may send: the values given, or every model of an honest server and one far
// out on either side.
std::vector<float> forged_for(const Models& models, const Parameters& parameters) {
  std::vector<float> forged;
  for (const auto& [name, value] : parameters.values())
    if (name == "lies")
      for (const double each : std::get<std::vector<double>>(value))
        forged.push_back(static_cast<float>(each));
  if (!forged.empty()) return forged;
  forged = models;
  std::sort(forged.begin(), forged.end());
  forged.erase(std::unique(forged.begin(), forged.end()), forged.end());
  // As far out as the models are wide, and further where all are equal: a rule that lets extreme
  // values in shows it.
  const float reach = forged.back() - forged.front() + 1;
  forged.insert(forged.begin(), forged.front() - reach);
  forged.push_back(forged.back() + reach);
  return forged;
}

// Lets the simulation follow the script until every honest server has adopted its model of `step`.
Models explore_to(Simulation& simulation, Script script, std::int64_t step) {
  const Scenario& scenario = simulation.workload().scenario();
  put_in_order(script);
  simulation.follow(std::make_shared<const Script>(std::move(script)));
  Models models(static_cast<std::size_t>(scenario.servers.correct()));
  for (std::size_t adopted = 0; adopted < models.size();) {
    const auto event = simulation.advance();
    if (!event)
      throw InputError({"exhaustive", fmt::format("step {} is never reached", step),
                        "leave out faults and time limits"});
    if (scenario.is_byzantine(event->target)) continue;
    for (const Adopt& adopt : adopted_in(*event)) {
      if (adopt.step != step) continue;
      models[event->target.index] = adopt.model.values().front();
      ++adopted;
    }
  }
  // Messages of a later gather are under way already, which the next script could not redirect.
  if (simulation.furthest() > step)
    throw InputError({"/network/delay",
                      "some servers are a gather ahead of others, so that gathers "
                      "cannot be explored one after the other",
                      "use the delay \"constant\""});
  return models;
}

Script script_to(const GatherRules& rules, const std::vector<Outcomes>& outcomes,
                 const Models& models, std::int64_t step) {
  BYZ_CHECK(outcomes.size() == models.size(), "every honest server has its outcomes");
  Script script;
  for (std::uint32_t i = 0; i < models.size(); ++i)
    add_to(script, rules, i, step, outcomes[i].at(models[i]));
  return script;
}

// Every model that each server can be made to adopt next; nothing when it was interrupted.
std::optional<std::vector<Outcomes>> outcomes_of(const Simulation& simulation, const Models& models,
                                                 const SearchTask& task, const GatherRules& rules,
                                                 std::int64_t step) {
  const std::vector<float> forged = forged_for(models, task.parameters);
  std::vector<std::vector<Hearing>> hearings;
  for (std::uint32_t i = 0; i < models.size(); ++i)
    hearings.push_back(hearings_of(rules, i, forged));
  std::size_t most = 0;
  for (const std::vector<Hearing>& each : hearings) most = std::max(most, each.size());
  std::vector<Outcomes> outcomes(models.size());
  // Fork k shows choice k of all receivers, and again the last one of those that have fewer.
  const auto shown = [&](std::uint32_t receiver, std::size_t choice) -> const Hearing& {
    return hearings[receiver][std::min(choice, hearings[receiver].size() - 1)];
  };
  for (std::size_t choice = 0; choice < most; ++choice) {
    if (task.interrupted()) return std::nullopt;
    Script script;
    for (std::uint32_t i = 0; i < models.size(); ++i)
      add_to(script, rules, i, step, shown(i, choice));
    Simulation fork = simulation;
    const Models next = explore_to(fork, std::move(script), step);
    for (std::uint32_t i = 0; i < models.size(); ++i)
      // The first way to a model is kept: the same one, whatever the number of threads.
      outcomes[i].try_emplace(next[i], shown(i, choice));
  }
  return outcomes;
}

// How many gathers a state takes: its choices, and the one that led to it.
std::int64_t cost_of(const Models& models, const SearchTask& task, const GatherRules& rules) {
  const double hearings = count_of_hearings(rules, forged_for(models, task.parameters).size());
  if (hearings > kMostHearings)
    throw InputError({place_of_group(rules.scenario),
                      fmt::format("a receiver can receive {:.0f} different sets of values in one "
                                  "gather, and exhaustive tries at most {:.0f}",
                                  hearings, kMostHearings),
                      "use fewer nodes, fewer Byzantine nodes or fewer \"lies\""});
  return static_cast<std::int64_t>(hearings) + 1;
}

// Puts the widest states first and drops those for which the evaluations do not suffice, one state
// for each later gather set aside. What the others take.
std::int64_t keep_affordable(Level& level, const SearchTask& task, const GatherRules& rules,
                             std::int64_t later, Exploration& exploration) {
  // Equally wide states stay in the order in which they were found, which is always the same.
  std::stable_sort(level.states.begin(), level.states.end(), [](const State& a, const State& b) {
    return width(a.models) > width(b.models);
  });
  std::int64_t left = task.evaluations - exploration.gathers_run, taken = 0;
  std::size_t kept = 0;
  for (; kept < level.states.size(); ++kept) {
    const std::int64_t cost = cost_of(level.states[kept].models, task, rules);
    // Each later gather needs at least one state, and that costs about as much as this one.
    if (cost * (later + 1) > left) break;
    left -= cost;
    taken += cost;
  }
  if (kept == 0)
    throw InputError(
        {"--evaluations",
         fmt::format("exhaustive simulates {} gathers for each state, and {} are too "
                     "few to reach the end",
                     cost_of(level.states.front().models, task, rules), task.evaluations),
         "allow more evaluations"});
  exploration.complete &= kept == level.states.size();
  level.states.resize(kept);
  return taken;
}

// Every combination of what the servers can adopt, each new one once.
void add_combinations(const std::vector<Outcomes>& outcomes, const GatherRules& rules,
                      std::size_t parent, std::map<Models, std::size_t>& known, Level& next,
                      Exploration& exploration) {
  double combinations = 1;
  for (const Outcomes& each : outcomes) combinations *= double(each.size());
  if (combinations > kMostCombinations)
    throw InputError(
        {place_of_group(rules.scenario),
         fmt::format("a state has {:.0f} successors, and exhaustive follows at most {:.0f}",
                     combinations, kMostCombinations),
         "use fewer nodes or fewer \"lies\""});
  BYZ_CHECK(combinations >= 1, "every server can adopt something");
  std::vector<Outcomes::const_iterator> chosen;
  for (const Outcomes& each : outcomes) chosen.push_back(each.begin());
  for (std::size_t digit = 0; digit < outcomes.size();) {
    Models models;
    for (const auto& each : chosen) models.push_back(each->first);
    ++exploration.transitions;
    // Bit-equal models after the same gather have the same future: one state stands for all ways to
    // it.
    if (known.try_emplace(models, next.states.size()).second)
      next.states.push_back({std::move(models), parent});
    else
      ++exploration.merged;
    for (digit = 0; digit < outcomes.size() && ++chosen[digit] == outcomes[digit].end(); ++digit)
      chosen[digit] = outcomes[digit].begin();
  }
}

// Forks the simulations of the level before into those of this one, and looks at what can follow.
// False when it was interrupted.
bool simulate(Level& level, const Level& before, const SearchTask& task, const GatherRules& rules,
              std::int64_t step) {
  const auto count = level.states.size();
  level.outcomes.resize(count);
  std::vector<std::optional<Simulation>> simulations(count);
  task.executor.for_each(count, [&](std::size_t i) {
    if (task.interrupted()) return;
    const State& state = level.states[i];
    BYZ_CHECK(state.parent < before.simulations.size(), "a state follows one that was simulated");
    Simulation fork = before.simulations[state.parent];
    if (step > 0) {
      const Models models = explore_to(
          fork, script_to(rules, before.outcomes[state.parent], state.models, step), step);
      BYZ_CHECK(models == state.models, "receivers of one gather decide independently");
    }
    auto outcomes = outcomes_of(fork, state.models, task, rules, step + 1);
    if (!outcomes) return;
    // Each task writes its own places: the result does not depend on which thread is faster.
    level.outcomes[i] = std::move(*outcomes);
    simulations[i] = std::move(fork);
  });
  for (auto& each : simulations) {
    if (!each) return false;
    level.simulations.push_back(std::move(*each));
  }
  return true;
}

// Every level, or those until it was interrupted, the last perhaps not whole.
Exploration explore(const SearchTask& task, const GatherRules& rules, Simulation start) {
  const std::int64_t gathers = task.scenario.steps;
  Exploration exploration;
  Level first;
  first.states.push_back({explore_to(start, {}, 0), 0});
  Level before;
  before.simulations.push_back(std::move(start));
  exploration.levels.push_back(std::move(first));
  for (std::int64_t step = 0; step < gathers; ++step) {
    Level& level = exploration.levels.back();
    const std::int64_t gathers_of_level =
        keep_affordable(level, task, rules, gathers - step - 1, exploration);
    if (!simulate(level, step == 0 ? before : exploration.levels[exploration.levels.size() - 2],
                  task, rules, step))
      break;
    exploration.gathers_run += gathers_of_level;
    // Simulations are large, and only the last level is forked from again.
    if (step > 0) exploration.levels[exploration.levels.size() - 2].simulations.clear();
    Level next;
    std::map<Models, std::size_t> known;
    // The first state is always followed, so that an interrupted level still has a worst state.
    for (std::size_t i = 0; i < level.states.size() && (i == 0 || !task.interrupted()); ++i)
      add_combinations(level.outcomes[i], rules, i, known, next, exploration);
    exploration.levels.push_back(std::move(next));
  }
  exploration.complete &= !task.interrupted();
  return exploration;
}

// What led to a state of the last level.
Script script_of(const Exploration& exploration, std::size_t state, const GatherRules& rules) {
  Script script;
  for (std::size_t step = exploration.levels.size(); --step > 0;) {
    BYZ_CHECK(state < exploration.levels[step].states.size(), "a state is one of its level");
    const State& reached = exploration.levels[step].states[state];
    const Script gather = script_to(rules, exploration.levels[step - 1].outcomes[reached.parent],
                                    reached.models, static_cast<std::int64_t>(step));
    script.deliveries.insert(script.deliveries.end(), gather.deliveries.begin(),
                             gather.deliveries.end());
    script.forgeries.insert(script.forgeries.end(), gather.forgeries.begin(),
                            gather.forgeries.end());
    state = reached.parent;
  }
  put_in_order(script);
  return script;
}

Json summary_of(const Exploration& exploration) {
  std::size_t states = 0;
  for (const Level& level : exploration.levels) states += level.states.size();
  return {{"complete", exploration.complete},
          {"gathers", exploration.levels.size() - 1},
          {"states", states},
          {"transitions", exploration.transitions},
          {"merged", exploration.merged},
          {"gathers_simulated", exploration.gathers_run}};
}

// Of an interrupted search: the worst after as many gathers as were explored, if any, which is not
// run as a whole.
std::vector<Trial> explored_so_far(const Exploration& exploration, Scenario worst,
                                   double diameter) {
  worst.steps = std::ssize(exploration.levels) - 1;
  if (worst.steps == 0) return {};
  return {{{std::move(worst), summary_of(exploration)}, diameter, diameter, ""}};
}

std::vector<Trial> search_exhaustive(const SearchTask& task) {
  check(task);
  Scenario scenario = task.scenario;
  if (scenario.origin)
    throw InputError({"/origin", "exhaustive explores a run from its beginning",
                      "search a scenario that is no branch"});
  // The search writes the whole script: decisions of the scenario's own would hide some of it.
  scenario.script = {};
  // A model of one parameter has no work for a second thread; states have (task.executor).
  const Executor alone(1);
  const auto workload = task.make_workload(scenario, alone);
  if (workload->dimension() != 1)
    throw InputError({"/model",
                      fmt::format("has {} parameters, and exhaustive explores models of one",
                                  workload->dimension()),
                      "use the model \"quadratic\" on data of one dimension"});
  const GatherRules rules{task.scenario,
                          task.scenario.on_graph ? &workload->graphs().first() : nullptr};
  const Exploration exploration =
      explore(task, rules, Simulation(workload, make_adversary(scenario)));
  const std::vector<State>& reached = exploration.levels.back().states;
  const auto worst = std::max_element(
      reached.begin(), reached.end(),
      [](const State& a, const State& b) { return diameter(a.models) < diameter(b.models); });
  scenario.script =
      script_of(exploration, static_cast<std::size_t>(worst - reached.begin()), rules);
  const double explored = diameter(worst->models);
  std::vector<Trial> trials;
  if (!task.interrupted()) trials = task.evaluate({{scenario, summary_of(exploration)}});
  if (trials.empty()) return explored_so_far(exploration, scenario, explored);
  // States hold models alone. Whatever else of the path changes a run shows here.
  if (std::fabs(trials.front().value.value_or(-1) - explored) > 1e-6 * explored)
    throw InputError({"exhaustive",
                      fmt::format("the worst case measures {} in a single run instead of {}: what "
                                  "servers receive changes more than their models",
                                  trials.front().value.value_or(NAN), explored),
                      "use a smaller learning rate, and constant delays"});
  return trials;
}

}  // namespace

SearchStrategy exhaustive() {
  return {{"exhaustive",
           "tries every quorum and every forged value of a small set, in every gather or, on a "
           "graph, in every combine of gossip, for a model of one parameter; an evaluation is one "
           "simulated gather",
           "explicit-state model checking (Clarke, Emerson and Sifakis, 1981)",
           {reals("lies", -1e30, 1e30,
                  "values that Byzantine servers may send; empty: the models of the honest "
                  "servers, and one far out on either side")}},
          search_exhaustive,
          false};
}

}  // namespace byzsim::searches_list
