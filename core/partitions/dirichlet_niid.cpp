// For each class a draw from a Dirichlet distribution says which part of its examples goes to which
// worker. Small alphas give most of a class to few workers, and may leave a worker without any
// example, which is refused. A regression is shared as one class: workers then differ in how many
// examples they have alone.
//
// The class's examples are shuffled by the stream (class, 0) and cut by the draw of (class, 1).
#include <algorithm>
#include <cmath>

#include "core/gamma_draw.h"
#include "core/partition.h"
#include "core/permutation.h"

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

// Cuts at floor(cumulated part * count); the last worker gets the rest.
void append_parts(const ExampleIndices& examples, const std::vector<double>& parts,
                  Shares& shares) {
  double cumulated = 0;
  auto begin = examples.begin();
  for (std::size_t worker = 0; worker < shares.size(); ++worker) {
    cumulated += parts[worker];
    const bool last = worker + 1 == shares.size();
    // Rounding may carry the sum above 1.
    const double cut = std::floor(std::min(cumulated, 1.0) * static_cast<double>(examples.size()));
    const auto end = last ? examples.end() : examples.begin() + static_cast<std::ptrdiff_t>(cut);
    shares[worker].insert(shares[worker].end(), begin, end);
    begin = end;
  }
}

Shares share_by_dirichlet(const PartitionInput& input) {
  std::vector<ExampleIndices> examples = examples_by_class(input.dataset);
  Shares shares(input.workers);
  for (std::size_t label = 0; label < examples.size(); ++label) {
    shuffle(examples[label], Stream(input.seed, Purpose::partition, label, 0));
    Stream stream(input.seed, Purpose::partition, label, 1);
    append_parts(examples[label],
                 draw_dirichlet(input.parameters.real("alpha"), input.workers, stream), shares);
  }
  return shares;
}

}  // namespace

namespace partitions_list {

PartitionEntry dirichlet_niid() {
  return {{"dirichlet_niid",
           "splits every class in proportions drawn from a Dirichlet distribution; a smaller alpha "
           "is more heterogeneous; shares differ in size, and empty ones are refused",
           "ByzFL: dirichlet_niid; Hsu, Qi, Brown (2019)",
           {real("alpha", 0.5, 0, 1e9, "concentration of the Dirichlet distribution").above_low()}},
          share_by_dirichlet};
}

}  // namespace partitions_list
}  // namespace byzsim
