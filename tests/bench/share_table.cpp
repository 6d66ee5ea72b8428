#include "tests/bench/share_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "tests/bench/kernels.h"

namespace byzsim::bench {
namespace {

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Seconds of one call, of as many in a row as fill some milliseconds.
double seconds_of(const Kernel& kernel, const Workload& work) {
  using Clock = std::chrono::steady_clock;
  const int repeats =
      static_cast<int>(std::max<std::size_t>(1, (64u << 20) / work.vectors.bytes()));
  const auto start = Clock::now();
  for (int i = 0; i < repeats; ++i) kernel.run(work);
  return std::chrono::duration<double>(Clock::now() - start).count() / repeats;
}

}  // namespace

void print_shares(std::size_t n, std::size_t dimension, int rounds) {
  const StaggeredVectors vectors(n, dimension);
  const Executor executor(1);
  std::vector<float> out(dimension);
  const Workload work{vectors, executor, out.data()};
  std::vector<std::vector<double>> seconds(kernels().size());
  for (const Kernel& kernel : kernels()) kernel.run(work);
  for (int round = 0; round < rounds; ++round)
    for (std::size_t k = 0; k < kernels().size(); ++k)
      seconds[k].push_back(seconds_of(kernels()[k], work));

  double read = median_of(seconds[0]);
  for (std::size_t k = 1; k < kProbes; ++k) read = std::min(read, median_of(seconds[k]));
  fmt::print("n = {}, d = {}\n", n, dimension);
  for (std::size_t k = 0; k < kernels().size(); ++k) {
    const double median = median_of(seconds[k]);
    fmt::print("  {:16} {:9.3f} ms {:6.1f} GB/s {:5.0f} % of REF", kernels()[k].name, median * 1e3,
               static_cast<double>(vectors.bytes()) / median * 1e-9, read / median * 100);
    if (kernels()[k].name == "distances")
      fmt::print(" {:6.1f} G pair-coordinates/s", work.pair_coordinates() / median * 1e-9);
    fmt::print("\n");
  }
}

}  // namespace byzsim::bench
