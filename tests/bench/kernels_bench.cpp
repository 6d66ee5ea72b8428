// Benchmarks of the vector kernels. Without arguments a table of shares of the read speed, measured
// in turns; with --benchmark_... options Google Benchmark runs the same kernels one by one.
#include <benchmark/benchmark.h>

#include <memory>
#include <string_view>

#include "tests/bench/kernels.h"
#include "tests/bench/share_table.h"

namespace byzsim::bench {
namespace {

constexpr std::size_t kVectors[] = {5, 11, 25, 51};
constexpr std::size_t kDimensions[] = {79'510, 1'756'426};  // the MLP's and CifarNet's parameters

void run_kernel(benchmark::State& state, const Kernel& kernel, std::size_t n,
                std::size_t dimension) {
  const StaggeredVectors vectors(n, dimension);
  const Executor executor(1);
  std::vector<float> out(dimension);
  const Workload work{vectors, executor, out.data()};
  for (auto _ : state) {
    kernel.run(work);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(vectors.bytes()) * state.iterations());
  if (kernel.name == "distances")
    state.counters["pair_coordinates"] =
        benchmark::Counter(work.pair_coordinates(), benchmark::Counter::kIsIterationInvariantRate);
}

void register_all() {
  for (const Kernel& kernel : kernels())
    for (const std::size_t dimension : kDimensions)
      for (const std::size_t n : kVectors)
        benchmark::RegisterBenchmark(
            (kernel.name + "/" + std::to_string(n) + "/" + std::to_string(dimension)).c_str(),
            [&kernel, n, dimension](benchmark::State& state) {
              run_kernel(state, kernel, n, dimension);
            });
}

}  // namespace
}  // namespace byzsim::bench

int main(int argc, char** argv) {
  if (argc > 1) {
    byzsim::bench::register_all();
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
  }
  for (const std::size_t dimension : byzsim::bench::kDimensions)
    for (const std::size_t n : byzsim::bench::kVectors)
      byzsim::bench::print_shares(n, dimension, 15);
}
