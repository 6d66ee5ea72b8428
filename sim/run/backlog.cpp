// An estimate, not a simulation: the steps that the others make while a node lags, times the
// vectors that it needs of each.

#include "sim/run/backlog.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "core/machine/memory.h"
#include "sim/protocols/protocol.h"
#include "sim/run/vector_store.h"
#include "sim/world/node_set.h"

namespace byzsim {
namespace {

// Vectors that wait for nodes take a share of the memory at most, and seldom have to.
constexpr std::uint64_t kShareOfWaiting = 8;
constexpr std::uint64_t kMostWaiting = std::uint64_t{256} << 20;

// The middle of 31 draws: a heavy tail has no mean.
double typical(const Delay& delay, std::uint64_t seed) {
  std::vector<double> spans;
  for (std::uint64_t i = 0; i < 31; ++i)
    spans.push_back(delay({Stream(seed, Purpose::delay, 0, i), seed, 0, 0}));
  std::nth_element(spans.begin(), spans.begin() + 15, spans.end());
  return spans[15];
}

std::int64_t named(const NodeSet& nodes, Role role, std::int64_t count) {
  if (nodes.role && *nodes.role != role) return 0;
  return std::max<std::int64_t>(0, std::min(nodes.last, count - 1) - nodes.first + 1);
}

class LagEstimate {
 public:
  explicit LagEstimate(const Workload& workload)
      : scenario_(workload.scenario()),
        vector_(4.0 * double(workload.dimension())),
        gradient_(typical(workload.gradient_time(), scenario_.seed) +
                  double(scenario_.sample_time) * double(scenario_.batch_size)),
        aggregation_(typical(workload.aggregation_time(), scenario_.seed)),
        step_(
            std::max(1.0, 2 * typical(workload.delay_between({Role::server, 0}, {Role::worker, 0}),
                                      scenario_.seed) +
                              gradient_ + aggregation_)) {}

  double bytes(const Choice& fault) const {
    const Parameters& parameters = fault.parameters;
    if (fault.name == "loss") return bytes_of_loss(parameters);
    // A copy shares the vector of its original.
    if (fault.name == "duplication") return 0;
    const auto nodes = parse_node_set(parameters.text("nodes"));
    if (!nodes) return 0;
    const std::int64_t servers = named(*nodes, Role::server, scenario_.servers.count);
    const std::int64_t workers = named(*nodes, Role::worker, scenario_.workers.count);
    if (fault.name == "straggler")
      return bytes_of_straggler(parameters.real("factor"), servers, workers);
    if (parameters.is_word("end")) return 0;  // for good
    const double span = double(parameters.duration_ns("end") - parameters.duration_ns("start"));
    const bool sides = fault.name == "partition";
    // Of a partition the smaller side lags.
    const std::int64_t lagging =
        sides ? std::min(servers, scenario_.servers.count - servers) : servers;
    const std::int64_t lagging_workers =
        sides ? std::min(workers, scenario_.workers.count - workers) : workers;
    return bytes_of_lag(span / step_, lagging, lagging_workers);
  }

 private:
  // Nobody lags behind others that cannot go on.
  double bytes_of_lag(double steps, std::int64_t servers, std::int64_t workers) const {
    const auto &s = scenario_.servers, &w = scenario_.workers;
    // Where a quorum needs a node that lags, the others wait for it, and nothing piles up.
    const bool others_go_on = s.count - servers >= s.quorum.value_or(s.count) &&
                              w.count - workers >= w.quorum.value_or(w.count);
    if (!others_go_on || servers + workers == 0) return 0;
    double vectors = 0;  // a step
    if (servers > 0) vectors += double(w.quorum.value_or(w.count) + s.quorum.value_or(s.count));
    if (workers > 0) vectors += double(s.count);
    // It cannot lag by more than the whole run.
    return std::min(steps, double(scenario_.steps)) * vectors * vector_;
  }

  // A node that lags waits for nobody: it only computes. If that is faster than a step of the
  // others, it lags by a few steps at most.
  double bytes_of_straggler(double factor, std::int64_t servers, std::int64_t workers) const {
    const double own =
        factor * std::max(servers > 0 ? aggregation_ : 0, workers > 0 ? gradient_ : 0);
    if (own <= step_) return 0;
    return bytes_of_lag(double(scenario_.steps) * (1 - step_ / own), servers, workers);
  }

  double bytes_of_loss(const Parameters& parameters) const {
    if (parameters.is_word("retransmission")) return 0;
    const double steps =
        std::min(double(scenario_.steps), double(parameters.duration_ns("retransmission")) / step_);
    const double late =
        std::min(1.0, parameters.real("probability") * double(scenario_.servers.count));
    return late * steps * double(scenario_.servers.count + scenario_.workers.count) * vector_;
  }

  const Scenario& scenario_;
  double vector_, gradient_, aggregation_, step_;  // bytes; nanoseconds
};

}  // namespace

Backlog backlog_of(const Workload& workload) {
  const Scenario& scenario = workload.scenario();
  Backlog all;
  // Asynchronous workers answer the step that they were given: nothing is kept for a later one.
  if (!workload.has_numbers() || !protocols().at(scenario.protocol.name).in_step) return all;
  const LagEstimate estimate(workload);
  double most = 0;
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    const double bytes = estimate.bytes(scenario.faults[i]);
    all.bytes += bytes;
    // The fault that is named to the user is the one that holds up the most.
    if (bytes <= most) continue;
    most = bytes;
    all.where = fmt::format("/network/faults/{}", i);
  }
  return all;
}

std::uint64_t waiting_limit(const Workload& workload) {
  const std::uint64_t memory = workload.memory();
  return memory == 0 ? kMostWaiting : std::min(memory / kShareOfWaiting, kMostWaiting);
}

Notes foresee_backlog(const Workload& workload) {
  const Backlog backlog = backlog_of(workload);
  const auto limit = double(waiting_limit(workload));
  if (backlog.bytes <= limit) return {};
  const std::filesystem::path folder = folder_of_stores();
  std::error_code unknown;
  // Where the file system does not say, the run begins, and stops when the disk is full.
  const auto space = std::filesystem::space(folder, unknown);
  if (!unknown && backlog.bytes - limit > double(space.available))
    throw InputError(
        {backlog.where,
         fmt::format(
             "about {:.1f} GiB of vectors may wait for nodes that lag, and {} has {:.1f} GiB",
             backlog.bytes / kGiB, folder.string(), double(space.available) / kGiB),
         "have nodes lag less, use a smaller model, or set TMPDIR to a folder with more space"});
  return {
      fmt::format("{}: about {:.1f} GiB of vectors may wait for nodes that lag; above {:.2f} "
                  "GiB of memory they go to a file in {}",
                  backlog.where, backlog.bytes / kGiB, limit / kGiB, folder.string())};
}

}  // namespace byzsim
