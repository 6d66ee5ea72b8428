#include "tests/bench/kernels.h"

#include "core/kernels/distances.h"
#include "core/kernels/order_statistics.h"
#include "core/kernels/vector_kernels.h"
#include "core/machine/shards.h"
#include "tests/bench/read_probe.h"

namespace byzsim::bench {
namespace {

// Where results go that nobody needs, so that they are computed all the same.
volatile double sink;

template <std::size_t lines, std::size_t ahead>
void probe(const Workload& work) {
  sink = static_cast<double>(
      or_of_all(work.vectors.pointers(), work.vectors.dimension(), lines, ahead));
}

// As the rules do it: shard by shard.
template <class Body>
void over_shards(const Workload& work, const Body& body) {
  for_each_shard(work.executor, work.vectors.dimension(),
                 [&](Shard shard, std::size_t) { body(shard.begin, shard.end); });
}

void median(const Workload& work) {
  over_shards(work, [&](std::size_t begin, std::size_t end) {
    coordinatewise_median(work.vectors.pointers(), begin, end, Middle::mean, work.out);
  });
}

void trimmed_mean(const Workload& work) {
  over_shards(work, [&](std::size_t begin, std::size_t end) {
    coordinatewise_trimmed_mean(work.vectors.pointers(), begin, end, work.f(), work.out);
  });
}

void nearest(const Workload& work, const Centre& centre) {
  over_shards(work, [&](std::size_t begin, std::size_t end) {
    coordinatewise_mean_nearest(work.vectors.pointers(), begin, end, work.n() - work.f(), centre,
                                work.out);
  });
}

void meamed(const Workload& work) { nearest(work, MedianCentre{Middle::mean}); }
void phocas(const Workload& work) { nearest(work, TrimmedMeanCentre{work.f()}); }

void distances(const Workload& work) {
  const DistanceMatrix matrix =
      squared_distances(work.vectors.pointers(), work.vectors.dimension(), work.executor);
  sink = matrix(0, work.n() - 1);
}

void mean(const Workload& work) {
  over_shards(work, [&](std::size_t begin, std::size_t end) {
    mean_of(work.vectors.pointers(), begin, end, work.out);
  });
}

const Kernel kKernels[] = {{"read", probe<1, 0>},
                           {"read_prefetched", probe<1, 512>},
                           {"read_4_lines", probe<4, 1024>},
                           {"read_8_lines", probe<8, 1024>},
                           {"median", median},
                           {"trimmed_mean", trimmed_mean},
                           {"meamed", meamed},
                           {"phocas", phocas},
                           {"distances", distances},
                           {"mean", mean}};

}  // namespace

std::span<const Kernel> kernels() { return kKernels; }

}  // namespace byzsim::bench
