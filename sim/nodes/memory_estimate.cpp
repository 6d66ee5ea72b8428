#include "sim/nodes/memory_estimate.h"

#include <algorithm>

#include "core/rules/rule.h"
#include "core/worker_algorithms/worker_algorithm.h"
#include "sim/scenario/compression_checks.h"
#include "sim/scenario/node_graph.h"
#include "sim/scenario/participants.h"

namespace byzsim {
namespace {

// Vectors alive at once: a few for every server (model, quorum, momentum) and every worker
// (gradient, median, momentum).
double bytes_of_vectors(const Scenario& scenario, std::size_t dimension) {
  const double nodes = double(scenario.servers.count) + double(most_ever_asked(scenario));
  return 4.0 * nodes * double(dimension) * sizeof(float);
}

// What rules keep of senders: servers aggregate gradients and models, workers models.
double bytes_of_memory(const Scenario& scenario, std::size_t dimension) {
  const auto servers = double(scenario.servers.count), workers = double(scenario.workers.count);
  const auto kept = [&](const Group& group) {
    const Rule& rule = rules().at(group.aggregator.name);
    const double of_sender =
        double(rule.sender_vectors) * double(dimension) + double(rule.sender_values);
    return double(group.count) * (of_sender + (rule.keeps_norms ? double(scenario.steps) : 0.0));
  };
  return (servers * kept(scenario.workers) + (servers + workers) * kept(scenario.servers)) *
         sizeof(float);
}

// What workers keep for their algorithm, and the server's mirrors of them.
double bytes_of_algorithm(const Scenario& scenario, std::size_t dimension) {
  if (!follows_algorithm(scenario)) return 0;
  const double kept = 3.0 + double(worker_algorithms().at(scenario.algorithm.name).state_vectors);
  return kept * double(scenario.workers.count) * double(dimension) * sizeof(float);
}

// The examples of a gradient, on every thread that computes one.
double bytes_of_batches(const EstimatedRun& run) {
  return double(run.scenario.batch_size) * double(run.data.features) * sizeof(float) * run.threads;
}

// The test examples with a backdoor's trigger.
double bytes_of_triggered(const EstimatedRun& run) {
  if (!run.triggered) return 0;
  const DatasetSize& size = run.data;
  return double(size.test) * double(size.features) * double(size.bytes_of_feature);
}

// All training examples a second time, while some are held back.
double bytes_of_splitting(const EstimatedRun& run) {
  if (run.scenario.validation == 0) return 0;
  const DatasetSize& size = run.data;
  return double(size.train) * double(size.features) * double(size.bytes_of_feature);
}

}  // namespace

double bytes_of_run(const EstimatedRun& run) {
  const Scenario& scenario = run.scenario;
  return double(run.data.bytes()) + bytes_of_triggered(run) + bytes_of_splitting(run) +
         bytes_of_vectors(scenario, run.dimension) + bytes_of_memory(scenario, run.dimension) +
         bytes_of_algorithm(scenario, run.dimension) + bytes_of_batches(run);
}

double bytes_of_messages(const Scenario& scenario) {
  const auto servers = double(scenario.servers.count), workers = double(most_ever_asked(scenario));
  if (scenario.graphs) {
    std::size_t edges = 0;
    for (const auto& [step, graph] : scenario.graphs->all())
      edges = std::max(edges, edge_count(graph->graph()));
    return 150 * 2 * double(edges);
  }
  return 150 * servers * (servers + workers);
}

}  // namespace byzsim
