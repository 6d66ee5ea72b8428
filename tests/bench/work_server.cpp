// Does pieces of byzsim's work on request and says how long each took, so that peers.py can take
// turns with other libraries within one run. One JSON object a line in, one out:
//   {"work": "kernel", "kernel": "median", "n": 11, "d": 79510, ...}  one of kernels.h
//   {"work": "aggregate", "rule": "mda", "pre": [], "n": 11, "f": 5, "d": 79510, ...}
//   {"work": "gradient", "model": "mlp", "batch": 32, ...}
//   {"work": "round", "workers": 20, "f": 4, "steps": 100, "threads": 1}
//   {"work": "allocations", "workers": 20, "f": 4, "steps": 100}
// "..." stands for "seconds": 0.3 and, where there are vectors, "beside": ["read", "mean"], kernels
// that take turns with the work.
// -> {"ms": median of the repetitions, "beside": {"read": ms, "mean": ms}}
// "calls": 20 instead of "seconds" repeats a kernel, an aggregation or a gradient 20 times
// without a clock, for counting instructions (tests/bench/instructions): {"calls": 20} comes back.
// "allocations" answers what one step of the second half of such a round asks of the heap:
// {"calls": n, "bytes": n, "held_bytes": what the heap grew by}.
// One thread and processor time unless "threads" says more: wall-clock time then.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <functional>
#include <iostream>
#include <map>
#include <stdexcept>

#include "adversaries/attacks/attack.h"
#include "adversaries/coalition.h"
#include "adversaries/known_strategies.h"
#include "core/input/json.h"
#include "core/input/parameter_reader.h"
#include "core/machine/memory.h"
#include "core/models/model.h"
#include "core/pre_aggregators/aggregation.h"
#include "sim/run/simulation.h"
#include "sim/scenario/scenario_json.h"
#include "tests/bench/allocation_count.h"
#include "tests/bench/kernels.h"
#include "tests/bench/staggered_vectors.h"

namespace {

using namespace byzsim;
// What this process has taken of the processors, so that other processes do not count.
double processor_milliseconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

double wall_milliseconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::milli>(now).count();
}

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

using Work = std::function<void()>;

// How long calls in a row take at least: one reading of the clock takes a good part of what the
// shortest works do.
constexpr double kLeastMilliseconds = 0.2;

struct TimedWork {
  Work work;
  int calls = 1;  // in a row
  std::vector<double> times = {};

  void warm_up() {
    measure();
    calls = std::max(1, static_cast<int>(kLeastMilliseconds / times[0]));
    times.clear();
  }
  void measure() {
    const double begin = processor_milliseconds();
    for (int call = 0; call < calls; ++call) work();
    times.push_back((processor_milliseconds() - begin) / calls);
  }
};

// Repeats the work for about `seconds`, at least five times, each time with the works beside it.
Json median_time(double seconds, const Work& work, const std::map<std::string, Work>& beside = {}) {
  TimedWork timed{work};
  std::map<std::string, TimedWork> timed_beside;
  for (const auto& [name, each] : beside) timed_beside[name].work = each;
  timed.warm_up();
  for (auto& [name, each] : timed_beside) each.warm_up();
  const double start = processor_milliseconds();
  while (timed.times.size() < 5 || processor_milliseconds() - start < 1000 * seconds) {
    timed.measure();
    for (auto& [name, each] : timed_beside) each.measure();
  }
  Json result = {{"ms", median_of(timed.times)}, {"beside", Json::object()}};
  for (const auto& [name, each] : timed_beside) result["beside"][name] = median_of(each.times);
  return result;
}

// As often as "calls" of the request, or for its "seconds".
Json repeated(const Json& request, const Work& work, const std::map<std::string, Work>& beside) {
  if (!request.contains("calls")) return median_time(request["seconds"], work, beside);
  for (int call = 0; call < request["calls"]; ++call) work();
  return {{"calls", request["calls"]}};
}

const bench::StaggeredVectors& vectors_of(std::size_t n, std::size_t d) {
  static std::map<std::pair<std::size_t, std::size_t>, bench::StaggeredVectors> kept;
  if (kept.count({n, d}) == 0) kept.clear();  // one set at a time: the largest fill the memory
  return kept.try_emplace({n, d}, n, d).first->second;
}

Work kernel_work(const std::string& name, const bench::Workload& workload) {
  for (const bench::Kernel& kernel : bench::kernels())
    if (kernel.name == name) return [&] { kernel.run(workload); };
  throw std::invalid_argument("there is no kernel " + name);
}

Json time_on_vectors(const Json& request, const bench::Workload& workload, const Work& work) {
  std::map<std::string, Work> beside;
  for (const Json& name : request.value("beside", Json::array()))
    beside[name] = kernel_work(name, workload);
  return repeated(request, work, beside);
}

Json time_kernel(const Json& request) {
  const auto& vectors = vectors_of(request["n"], request["d"]);
  const Executor executor(1);
  std::vector<float> out(vectors.dimension());
  const bench::Workload workload{vectors, executor, out.data()};
  return time_on_vectors(request, workload, kernel_work(request["kernel"], workload));
}

Json time_aggregate(const Json& request) {
  const auto& vectors = vectors_of(request["n"], request["d"]);
  Aggregation aggregation;
  aggregation.f = request["f"];
  aggregation.rule = default_choice(rules().declarations(), request["rule"]);
  for (const Json& name : request.value("pre", Json::array()))
    aggregation.pre.push_back(default_choice(pre_aggregators().declarations(), name));
  const Executor executor(1);
  std::vector<float> out(vectors.dimension());
  const bench::Workload workload{vectors, executor, out.data()};
  const AggregationInput<float> input{vectors.pointers(), vectors.dimension()};
  return time_on_vectors(request, workload, [&] { aggregate(aggregation, input, executor); });
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
  const Work work = [&] {
    model->gradient(std::span<const float>(parameters), batch, std::span<float>(gradient));
  };
  return repeated(request, work, {});
}

// ByzSGD with 5 servers (f = 1), MDA, median, a gather every step, MLP, batch 32, with everything
// that a run does: events, copies, digests.
Simulation round_of(const Json& request, const Executor& executor) {
  const Json scenario = {
      {"steps", request["steps"]},
      {"protocol", {{"name", "byzsgd"}, {"parameters", {{"gather_period", 1}}}}},
      {"servers", {{"count", 5}, {"byzantine", {{"declared", 1}}}}},
      {"workers", {{"count", request["workers"]}, {"byzantine", {{"declared", request["f"]}}}}},
      {"model", {{"name", "mlp"}, {"parameters", {{"hidden", {100}}}}}},
      {"data", {{"name", "glyphs"}, {"parameters", {{"train", 2000}, {"test", 1}}}}},
      {"metrics", {{"every", 1000000}}}};
  const auto workload =
      std::make_shared<const Workload>(read_scenario(scenario, scenario_tables()), executor, "");
  return Simulation(workload, make_adversary(workload->scenario()));
}

double milliseconds_a_step(const Json& request, int threads, double (*milliseconds)()) {
  const Executor executor(threads);
  Simulation simulation = round_of(request, executor);
  const double start = milliseconds();
  while (simulation.advance()) continue;
  simulation.finish();
  return (milliseconds() - start) / request["steps"].get<double>();
}

Json count_allocations(const Json& request) {
  const Executor executor(1);
  const auto steps = request["steps"].get<std::int64_t>();
  Simulation simulation = round_of(request, executor);
  while (simulation.step() < steps / 2 && simulation.advance()) continue;
  const bench::Allocations before = bench::allocations_so_far();
  while (simulation.advance()) continue;
  const bench::Allocations after = bench::allocations_so_far();
  const auto counted = static_cast<std::uint64_t>(steps - steps / 2);
  return {{"calls", (after.calls - before.calls) / counted},
          {"bytes", (after.bytes - before.bytes) / counted},
          {"held_bytes", after.held_bytes - before.held_bytes}};
}

// On several threads wall-clock time, and beside it what one thread takes.
Json time_round(const Json& request) {
  const int threads = request.value("threads", 1);
  if (threads == 1) return {{"ms", milliseconds_a_step(request, 1, processor_milliseconds)}};
  return {{"ms", milliseconds_a_step(request, threads, wall_milliseconds)},
          {"beside", {{"one thread", milliseconds_a_step(request, 1, wall_milliseconds)}}}};
}

Json answer(const Json& request) {
  static const std::map<std::string, Json (*)(const Json&)> works = {
      {"kernel", time_kernel},
      {"aggregate", time_aggregate},
      {"gradient", time_gradient},
      {"round", time_round},
      {"allocations", count_allocations}};
  return works.at(request["work"])(request);
}

}  // namespace

int main() {
  keep_freed_memory();
  for (std::string line; std::getline(std::cin, line);) {
    fmt::print("{}\n", answer(Json::parse(line)).dump());
    std::fflush(stdout);
  }
}
