// Federated averaging with one trusted server: rounds of drawn clients that train locally (FedAvg:
// McMahan et al., AISTATS 2017), aggregated by any rule. With one local step of all clients and
// `gradients` it is the protocol sgd.
#include <fmt/format.h>

#include <algorithm>

#include "core/input/units.h"
#include "core/rules/rule.h"
#include "sim/nodes/federated_client.h"
#include "sim/nodes/federated_server.h"
#include "sim/protocols/async_conditions.h"
#include "sim/protocols/protocol.h"
#include "sim/protocols/quorum_conditions.h"
#include "sim/scenario/participants.h"

namespace byzsim::protocols_list {
namespace {

constexpr const char* kParticipation = "/workers/participation";
constexpr const char* kPermit = "or set \"unsafe\": true to permit this";

std::int64_t tolerated_in_round(const Scenario& scenario) {
  return scenario.protocol.parameters.integer("tolerated");
}

// What the rule is given in the rounds of a run.
RoundBounds bounds_of(const Scenario& scenario) {
  const Group& workers = scenario.workers;
  if (scenario.protocol.parameters.word("absentees") == to_string(Absentees::cached))
    return {workers.byzantine.declared, workers.count, 0};
  RoundBounds bounds = bounds_of_rounds(scenario);
  bounds.fewest = std::min(bounds.fewest, *workers.quorum);
  return bounds;
}

void resolve_fedavg(Scenario& scenario) {
  Group& workers = scenario.workers;
  if (!scenario.servers.quorum) scenario.servers.quorum = 1;
  if (!workers.quorum)
    workers.quorum =
        std::min(workers.count, participations()
                                    .at(scenario.participation.name)
                                    .most(scenario.participation.parameters, workers.count));
  if (scenario.protocol.parameters.is_word("tolerated"))
    scenario.protocol.parameters.set("tolerated", bounds_of(scenario).most_byzantine);
}

void check_declared(const Scenario& scenario, const RoundBounds& bounds, Issues& issues) {
  const Group& workers = scenario.workers;
  if (scenario.unsafe) return;
  if (workers.byzantine.actual > workers.byzantine.declared)
    issues.push_back({"/workers/byzantine/actual",
                      fmt::format("{} workers are Byzantine but only f = {} are declared, and "
                                  "every guarantee assumes at most f",
                                  workers.byzantine.actual, workers.byzantine.declared),
                      fmt::format("declare them, {}", kPermit)});
  else if (tolerated_in_round(scenario) < bounds.most_byzantine)
    issues.push_back(
        {"/protocol/parameters/tolerated",
         fmt::format("a round may have {} vectors of Byzantine workers, and the rule assumes {}",
                     bounds.most_byzantine, tolerated_in_round(scenario)),
         fmt::format("use at least {}, {}", bounds.most_byzantine, kPermit)});
}

// Of the smallest round; a deadline may make rounds smaller still.
void check_rule_of_rounds(const Scenario& scenario, const RoundBounds& bounds, Issues& issues) {
  const Group& workers = scenario.workers;
  // A server's own gradient is comparable with gradients alone.
  const bool gradients =
      scenario.protocol.parameters.word("sends") == to_string(Contribution::gradients);
  if (rules().at(workers.aggregator.name).needs_reference && !gradients) {
    issues.push_back(
        {"/protocol/parameters/sends",
         fmt::format("{} compares gradients with the server's own, and clients send {}",
                     workers.aggregator.name, scenario.protocol.parameters.word("sends")),
         "use \"gradients\", or another rule"});
    return;
  }
  const Offered offered = gradients ? offered_for_gradients(scenario) : Offered{};
  if (check_needs_of_rule("/workers", workers, offered, issues)) return;
  Aggregation aggregation = aggregation_of(workers);
  aggregation.f = static_cast<int>(tolerated_in_round(scenario));
  const std::int64_t n = bounds.fewest, most = rules().at(workers.aggregator.name).most_vectors;
  if (*workers.quorum > most)
    issues.push_back({"/workers/quorum",
                      fmt::format("{} takes at most {} vectors, and a round has {}",
                                  workers.aggregator.name, most, *workers.quorum),
                      "have fewer clients take part, or use another rule"});
  else if (n == 0 && !scenario.unsafe)
    issues.push_back({kParticipation,
                      fmt::format("no client takes part in round {}", bounds.fewest_at),
                      fmt::format("have more clients take part, {}", kPermit)});
  else if (const auto broken =
               n > 0 ? broken_condition(aggregation, n, scenario.unsafe, offered) : std::nullopt)
    issues.push_back(
        {"/workers/aggregator",
         fmt::format("{}, which is the number of vectors in round {}", *broken, bounds.fewest_at),
         "have more clients take part, tolerate fewer Byzantine ones, or use another "
         "rule"});
}

void check_fedavg(const Scenario& scenario, Issues& issues) {
  const std::size_t before = issues.size();
  check_trusted_server("fedavg", scenario.servers, issues);
  const Group& workers = scenario.workers;
  if (*workers.quorum > workers.count)
    issues.push_back({"/workers/quorum",
                      fmt::format("a quorum of {} can never complete: there are {} workers",
                                  *workers.quorum, workers.count),
                      fmt::format("use at most {}", workers.count)});
  if (scenario.momentum_at == MomentumAt::worker && scenario.momentum > 0 &&
      scenario.protocol.parameters.word("sends") == "models")
    issues.push_back({"/optimizer/momentum_at", "a client that sends its model has no momentum",
                      "set \"momentum_at\": \"server\", or have clients send updates"});
  if (scenario.compresses() && scenario.protocol.parameters.word("sends") == "models")
    issues.push_back({"/workers/compressor", "a client that sends its model sends all of it",
                      "leave it out, or have clients send updates"});
  if (issues.size() > before) return;
  const RoundBounds bounds = bounds_of(scenario);
  check_declared(scenario, bounds, issues);
  check_rule_of_rounds(scenario, bounds, issues);
}

FederatedSettings settings_of_fedavg(const Parameters& parameters) {
  FederatedSettings settings;
  settings.sent = *from_word<Contribution>(parameters.word("sends"));
  settings.weights = *from_word<ClientWeights>(parameters.word("weights"));
  settings.absentees = *from_word<Absentees>(parameters.word("absentees"));
  settings.tolerated = parameters.integer("tolerated");
  if (!parameters.is_word("deadline")) settings.deadline = parameters.duration_ns("deadline");
  return settings;
}

std::unique_ptr<Node> make_node_fedavg(const std::shared_ptr<const Workload>& workload, NodeId id) {
  const FederatedSettings settings = settings_of_fedavg(workload->scenario().protocol.parameters);
  if (id.role == Role::worker)
    return std::make_unique<FederatedClient>(workload, id, settings.sent);
  return std::make_unique<FederatedServer>(workload, id, settings);
}

std::vector<Parameter> parameters_of_fedavg() {
  // Updates first, as the field has it; the words are those of Contribution.
  return {word("sends", {"updates", "models", "gradients"},
               "what a client sends: its model minus the one that it was given, its model, or the "
               "sum of the gradients of its local steps, along which the server descends"),
          word("weights", words_of<ClientWeights>(),
               "how much the vectors of clients count for rules that take weights: alike, or by "
               "the number of their examples, of which a Byzantine one claims the most that an "
               "honest one has"),
          word("absentees", words_of<Absentees>(),
               "what counts of clients that take no part in a round: nothing, or the latest vector "
               "that each has sent, 0 before the first"),
          integer("tolerated", 0, 0, double(kMostNodes),
                  "Byzantine vectors that the rule assumes in a round; auto: the most that come of "
                  "the declared number of Byzantine workers in a round of this run")
              .or_default_word("auto"),
          duration("deadline", kSecond, 1, kLongestDuration,
                   "how long a round lasts at most: the server goes on with the answers that came "
                   "by then")
              .or_default_word("none")};
}

}  // namespace

Protocol fedavg() {
  return {
      .declaration =
          {"fedavg",
           "federated, one trusted server: in every round some clients train locally, and a "
           "rule aggregates what they send",
           "FedAvg (McMahan et al., AISTATS 2017), as we understand it", parameters_of_fedavg()},
      .resolve = resolve_fedavg,
      .check = check_fedavg,
      .make_node = make_node_fedavg,
      .fixed_quorums = false,
      .draws_workers = true,
      .optimizes_at_server = true,
      .compresses = true};
}

}  // namespace byzsim::protocols_list
