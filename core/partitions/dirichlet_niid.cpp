// For each class a draw from a Dirichlet distribution says which part of its examples goes to which
// worker. Small alphas give most of a class to few workers, and may leave a worker without any
// example, which is refused, unless `least` asks for another draw. A regression is shared as one
// class: workers then differ in how many examples they have alone.
//
// The class's examples are shuffled by the stream (class, 0) and cut by the draw of (class, 1); the
// k-th draw again, of all classes, is that of (class, 1 + k).
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/exact/gamma_draw.h"
#include "core/exact/permutation.h"
#include "core/partitions/partition.h"

namespace byzsim {
namespace {

using ExampleIndices = std::vector<std::uint32_t>;

std::vector<ExampleIndices> examples_by_class(const Dataset& dataset) {
  std::vector<ExampleIndices> examples(std::max<std::size_t>(dataset.classes, 1));
  for (std::size_t i = 0; i < dataset.train.count(); ++i)
    examples[static_cast<std::size_t>(dataset.train.labels[i])].push_back(
        static_cast<std::uint32_t>(i));
  return examples;
}

// Draws before a `least` counts as out of reach.
constexpr std::uint64_t kMostDraws = 1000;

// Where every worker's part of one class ends.
using Ends = std::vector<std::size_t>;

// Cuts at floor(cumulated part * count); the last worker gets the rest.
Ends ends_of(const std::vector<double>& parts, std::size_t count) {
  Ends ends;
  double cumulated = 0;
  for (const double part : parts) {
    cumulated += part;
    // Rounding may carry the sum above 1.
    ends.push_back(static_cast<std::size_t>(
        std::floor(std::min(cumulated, 1.0) * static_cast<double>(count))));
  }
  ends.back() = count;
  return ends;
}

std::vector<Ends> draw_ends(const PartitionInput& input,
                            const std::vector<ExampleIndices>& examples, std::uint64_t draw) {
  std::vector<Ends> ends;
  for (std::size_t label = 0; label < examples.size(); ++label) {
    // Named by class and draw: more classes or draws move no other one.
    Stream stream(input.seed, Purpose::partition, label, 1 + draw);
    ends.push_back(ends_of(draw_dirichlet(input.parameters.real("alpha"), input.workers, stream),
                           examples[label].size()));
  }
  return ends;
}

std::size_t smallest_share(const std::vector<Ends>& ends, std::size_t workers) {
  std::vector<std::size_t> sizes(workers, 0);
  for (const Ends& of_class : ends)
    for (std::size_t worker = 0; worker < workers; ++worker)
      sizes[worker] += of_class[worker] - (worker == 0 ? 0 : of_class[worker - 1]);
  return *std::min_element(sizes.begin(), sizes.end());
}

// The first draw that leaves every worker at least `least` examples.
std::vector<Ends> draw_with_least(const PartitionInput& input,
                                  const std::vector<ExampleIndices>& examples) {
  const auto least = static_cast<std::size_t>(input.parameters.integer("least"));
  const std::size_t count = input.dataset.train.count();
  const char* const where = "/partition/parameters/least";
  if (least > count / input.workers)
    throw InputError({where,
                      fmt::format("{} workers cannot have {} each of {} training examples",
                                  input.workers, least, count),
                      fmt::format("must be at most {} here", count / input.workers)});
  for (std::uint64_t draw = 0; draw < kMostDraws; ++draw) {
    std::vector<Ends> ends = draw_ends(input, examples, draw);
    if (smallest_share(ends, input.workers) >= least) return ends;
  }
  throw InputError({where,
                    fmt::format("none of {} draws left each of {} workers {} of the {} training "
                                "examples",
                                kMostDraws, input.workers, least, count),
                    "lower it, or choose a larger alpha, fewer workers or more examples"});
}

Shares share_by_dirichlet(const PartitionInput& input) {
  std::vector<ExampleIndices> examples = examples_by_class(input.dataset);
  const std::vector<Ends> ends = draw_with_least(input, examples);
  Shares shares(input.workers);
  for (std::size_t label = 0; label < examples.size(); ++label) {
    // A stream of its own: drawing shares again leaves the order of the examples as it was.
    shuffle(examples[label], Stream(input.seed, Purpose::partition, label, 0));
    std::size_t begin = 0;
    for (std::size_t worker = 0; worker < input.workers; ++worker) {
      const auto first = examples[label].begin();
      const std::size_t end = ends[label][worker];
      shares[worker].insert(shares[worker].end(), first + static_cast<std::ptrdiff_t>(begin),
                            first + static_cast<std::ptrdiff_t>(end));
      begin = end;
    }
  }
  return shares;
}

}  // namespace

namespace partitions_list {

PartitionEntry dirichlet_niid() {
  return {
      {"dirichlet_niid",
       "splits every class in proportions drawn from a Dirichlet distribution; a smaller alpha "
       "is more heterogeneous; shares differ in size, and empty ones are refused unless least asks "
       "for another draw",
       "ByzFL: dirichlet_niid, which takes the first draw; after Hsu, Qi, Brown (2019), who draw "
       "for each worker a distribution over the classes",
       {real("alpha", 0.5, 0, 1e9, "concentration of the Dirichlet distribution").above_low(),
        integer("least", 0, 0, 1e9,
                "examples that every worker has at least: all proportions are drawn again "
                "until it holds, at most 1,000 times; 0: the first draw counts")
            .omitted_at_default()}},
      share_by_dirichlet};
}

}  // namespace partitions_list
}  // namespace byzsim
