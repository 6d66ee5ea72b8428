// Does pieces of byzsim's work on request and says how long each took, so that peers.py can take
// turns with other libraries within one run. One JSON object a line in, one out:
//   {"work": "aggregate", "rule": "mda", "pre": [], "n": 11, "f": 5, "d": 79510, "seconds": 0.3}
//   {"work": "read", "n": 11, "d": 79510, "seconds": 0.3}            all bytes of n streams, once
//   {"work": "gradient", "model": "mlp", "batch": 32, "seconds": 0.3}
//   {"work": "round", "workers": 20, "f": 4, "steps": 100, "threads": 1}
// -> {"ms": median of the repetitions, "repetitions": how many}. One thread unless "threads" says
// more.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <iostream>
#include <map>

#include "adversaries/attack.h"
#include "adversaries/coalition.h"
#include "adversaries/scheduler.h"
#include "core/aggregation.h"
#include "core/floating_point.h"
#include "core/json.h"
#include "core/memory.h"
#include "core/model.h"
#include "core/parameter_reader.h"
#include "sim/scenario_json.h"
#include "sim/simulation.h"
#include "tests/bench/read_probe.h"
#include "tests/bench/staggered_vectors.h"

namespace {

using namespace byzsim;
using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// Repeats the work for about `seconds`, at least five times after one that warms up.
Json median_time(double seconds, const std::function<void()>& work) {
  work();
  std::vector<double> times;
  const Clock::time_point start = Clock::now();
  while (times.size() < 5 || milliseconds_since(start) < 1000 * seconds) {
    const Clock::time_point begin = Clock::now();
    work();
    times.push_back(milliseconds_since(begin));
  }
  std::nth_element(times.begin(), times.begin() + static_cast<long>(times.size() / 2), times.end());
  return {{"ms", times[times.size() / 2]}, {"repetitions", times.size()}};
}

const bench::StaggeredVectors& vectors_of(std::size_t n, std::size_t d) {
  static std::map<std::pair<std::size_t, std::size_t>, bench::StaggeredVectors> kept;
  return kept.try_emplace({n, d}, n, d).first->second;
}

Json time_aggregate(const Json& request) {
  const auto& vectors = vectors_of(request["n"], request["d"]);
  Aggregation aggregation;
  aggregation.f = request["f"];
  aggregation.rule = default_choice(rules().declarations(), request["rule"]);
  for (const Json& name : request["pre"])
    aggregation.pre.push_back(default_choice(pre_aggregators().declarations(), name));
  const Executor executor(1);
  const AggregationInput<float> input{vectors.pointers(), vectors.dimension()};
  return median_time(request["seconds"], [&] { aggregate(aggregation, input, executor); });
}

Json time_read(const Json& request) {
  const auto& vectors = vectors_of(request["n"], request["d"]);
  volatile std::uint64_t sink = 0;
  Json best;
  for (const std::size_t ahead : {0, 512}) {  // the faster of both ways of reading is the limit
    const Json timed = median_time(request["seconds"].get<double>() / 2, [&] {
      sink = bench::or_of_all(vectors.pointers(), vectors.dimension(), ahead);
    });
    if (best.is_null() || timed["ms"] < best["ms"]) best = timed;
  }
  return best;
}

Json time_gradient(const Json& request) {
  const std::string name = request["model"];
  const DataShape shape =
      name == "cifarnet" ? DataShape{3072, 10, {3, 32, 32}} : DataShape{784, 10, {1, 28, 28}};
  const ModelEntry& entry = models().at(name);
  const auto model = entry.make(defaults(entry.declaration.parameters), shape);
  Stream stream(1, Purpose::dataset, 0, 0);
  std::vector<float> parameters(model->dimension()), gradient(model->dimension());
  model->initialize(stream, parameters);
  Batch<float> batch;
  for (int row = 0; row < request["batch"]; ++row) {
    for (std::size_t c = 0; c < shape.features; ++c)
      batch.features.push_back(static_cast<float>(stream.uniform()));
    batch.labels.push_back(static_cast<std::int32_t>(stream.below(10)));
  }
  return median_time(request["seconds"], [&] {
    model->gradient(std::span<const float>(parameters), batch, std::span<float>(gradient));
  });
}

// Milliseconds a step of ByzSGD with 5 servers (f = 1), MDA, median, a gather every step, MLP,
// batch 32, with everything that a run does: events, copies, digests.
Json time_round(const Json& request) {
  const Json scenario = {
      {"steps", request["steps"]},
      {"protocol", {{"name", "byzsgd"}, {"parameters", {{"gather_period", 1}}}}},
      {"servers", {{"count", 5}, {"byzantine", {{"declared", 1}}}}},
      {"workers", {{"count", request["workers"]}, {"byzantine", {{"declared", request["f"]}}}}},
      {"data", {{"name", "glyphs"}, {"parameters", {{"train", 2000}, {"test", 1}}}}},
      {"metrics", {{"every", 1000000}}}};
  const Executor executor(request.value("threads", 1));
  const auto workload = std::make_shared<const Workload>(
      read_scenario(scenario, adversary_declarations()), executor, "");
  Simulation simulation(workload, make_adversary(workload->scenario()));
  const Clock::time_point start = Clock::now();
  while (simulation.advance()) continue;
  simulation.finish();
  return {{"ms", milliseconds_since(start) / request["steps"].get<double>()},
          {"repetitions", request["steps"]}};
}

Json answer(const Json& request) {
  static const std::map<std::string, Json (*)(const Json&)> works = {{"aggregate", time_aggregate},
                                                                     {"read", time_read},
                                                                     {"gradient", time_gradient},
                                                                     {"round", time_round}};
  return works.at(request["work"])(request);
}

}  // namespace

int main() {
  fix_matrix_blocking();
  keep_freed_memory();
  for (std::string line; std::getline(std::cin, line);) {
    fmt::print("{}\n", answer(Json::parse(line)).dump());
    std::fflush(stdout);
  }
}
