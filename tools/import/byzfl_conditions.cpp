#include "tools/import/byzfl_conditions.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/input/parameter_reader.h"
#include "core/pre_aggregators/aggregation.h"
#include "core/pre_aggregators/pre_aggregator.h"
#include "tools/import/byzfl_notes.h"
#include "tools/import/byzfl_strategies.h"

namespace byzsim {
namespace {

Aggregation aggregation_of_choice(const ByzflChoice& rule, const ByzflChain& chain,
                                  const ByzflClients& clients, Issues& issues) {
  Aggregation aggregation;
  Notes notes;  // of names that are preferred here
  aggregation.rule = read_choice(rules().declarations(), "rule", byzfl_strategy_json(rule),
                                 "/aggregator", issues, notes);
  for (const ByzflChoice& each : chain)
    aggregation.pre.push_back(read_choice(pre_aggregators().declarations(), "pre-aggregator",
                                          byzfl_strategy_json(each), "/pre_aggregators", issues,
                                          notes));
  aggregation.f = static_cast<int>(clients.tolerated);
  return aggregation;
}

// What was found of one rule.
struct Findings {
  std::size_t points = 0, refused = 0;
  bool permitted = false;
  std::string first;  // why the first of them is refused
};

void look_at(const ByzflChoice& rule, const ByzflChain& chain, const ByzflClients& clients,
             Findings& findings) {
  ++findings.points;
  Issues unreadable;  // reported with the scenario, or where the configuration was read
  const Aggregation aggregation = aggregation_of_choice(rule, chain, clients, unreadable);
  if (!unreadable.empty()) return;
  const auto broken = broken_condition(aggregation, clients.n(), false);
  if (!broken) return;
  const auto impossible = broken_condition(aggregation, clients.n(), true);
  if (!impossible && clients.n() > 2 * clients.tolerated) {
    findings.permitted = true;
    return;
  }
  if (findings.refused++ > 0) return;
  findings.first =
      fmt::format("{} honest and {} Byzantine clients{}: {}", clients.honest, clients.f,
                  chain.empty() ? "" : " and " + label_of_choice(chain, false),
                  impossible ? *impossible : *broken);
}

Issue refusal_of(const ByzflConfig& config, std::size_t place, const Findings& findings) {
  const bool is_list = config.aggregators.size() > 1;
  const std::string f = config.states("/benchmark_config/tolerated_f")
                            ? "/benchmark_config/tolerated_f"
                            : "/benchmark_config/f";
  const std::string share = findings.refused == findings.points
                                ? ""
                                : fmt::format(" at {} of {} points, which would stop the others",
                                              findings.refused, findings.points);
  return {is_list ? fmt::format("/aggregator/{}", place) : "/aggregator",
          fmt::format("{} cannot aggregate{}; with {}", config.aggregators[place].name->theirs,
                      share, findings.first),
          fmt::format("use a smaller {} or a larger /benchmark_config/nb_honest_clients, or leave "
                      "{} out and import it from a file of its own",
                      f, config.aggregators[place].name->theirs)};
}

}  // namespace

ByzflConditions conditions_of(const ByzflConfig& config, const std::vector<ByzflClients>& clients) {
  ByzflConditions conditions;
  const std::vector<ByzflChain> chains =
      config.chains.empty() ? std::vector<ByzflChain>{{}} : config.chains;
  for (std::size_t i = 0; i < config.aggregators.size(); ++i) {
    Findings findings;
    for (const ByzflChain& chain : chains)
      for (const ByzflClients& each : clients)
        look_at(config.aggregators[i], chain, each, findings);
    if (findings.permitted) conditions.permitted.push_back(config.aggregators[i].name->theirs);
    if (findings.refused > 0 && !is_federated(config))
      conditions.issues.push_back(refusal_of(config, i, findings));
  }
  return conditions;
}

}  // namespace byzsim
