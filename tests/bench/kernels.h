// The kernels under measurement, each as one call over whole vectors on one thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/machine/parallel.h"
#include "tests/bench/staggered_vectors.h"

namespace byzsim::bench {

/// What a kernel reads and where it writes.
struct Workload {
  const StaggeredVectors& vectors;
  const Executor& executor;
  float* out;  ///< dimension values

  std::size_t n() const { return vectors.pointers().size(); }
  /// A third of the vectors, as most rules tolerate at most.
  std::size_t f() const { return n() / 3; }
  double pair_coordinates() const {
    return static_cast<double>(n() * (n() - 1) / 2 * vectors.dimension());
  }
};

struct Kernel {
  std::string name;
  void (*run)(const Workload& workload);
};

/// The read probes come first: no one is the fastest for every number of vectors.
std::span<const Kernel> kernels();
constexpr std::size_t kProbes = 4;

}  // namespace byzsim::bench
