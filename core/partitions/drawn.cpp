// Every worker has examples of its own, drawn for it alone from all training examples: two workers
// may share some, and the share of one does not depend on how many others there are. With alpha a
// worker's classes are distributed by its own draw from a Dirichlet distribution (Hsu, Qi, Brown,
// 2019, as we understand them).
//
// Worker w draws its distribution over the classes from the stream (w, 0) and the example at place
// p of its share from (w, 1 + p).
#include <algorithm>
#include <memory>
#include <vector>

#include "core/exact/gamma_draw.h"
#include "core/partitions/partition.h"

namespace byzsim {
namespace {

using ByClass = std::vector<std::vector<std::uint32_t>>;

// The classes that have examples: of the others nothing can be drawn.
ByClass classes_with_examples(const Dataset& dataset) {
  ByClass examples(std::max<std::size_t>(dataset.classes, 1));
  for (std::size_t i = 0; i < dataset.train.count(); ++i)
    examples[static_cast<std::size_t>(dataset.train.labels[i])].push_back(
        static_cast<std::uint32_t>(i));
  std::erase_if(examples, [](const auto& of_class) { return of_class.empty(); });
  return examples;
}

std::size_t class_at(const std::vector<double>& parts, double position) {
  std::size_t at = 0;
  for (; at + 1 < parts.size() && position >= parts[at]; ++at) position -= parts[at];
  return at;
}

SharesOnDemand draw_on_demand(const PartitionInput& input) {
  const auto each = static_cast<std::size_t>(input.parameters.integer("examples"));
  const std::uint64_t seed = input.seed, count = input.dataset.train.count();
  if (input.parameters.is_word("alpha"))
    return {each, [seed, count](std::uint64_t worker, std::size_t place) {
              Stream stream(seed, Purpose::partition, worker, 1 + place);
              return static_cast<std::uint32_t>(stream.below(count));
            }};
  const double alpha = input.parameters.real("alpha");
  const auto by_class = std::make_shared<const ByClass>(classes_with_examples(input.dataset));
  return {each, [seed, alpha, by_class](std::uint64_t worker, std::size_t place) {
            Stream of_worker(seed, Purpose::partition, worker, 0);
            const std::vector<double> parts = draw_dirichlet(alpha, by_class->size(), of_worker);
            Stream stream(seed, Purpose::partition, worker, 1 + place);
            const std::vector<std::uint32_t>& examples =
                (*by_class)[class_at(parts, stream.uniform())];
            return examples[stream.below(examples.size())];
          }};
}

Shares draw_all_shares(const PartitionInput& input) {
  const SharesOnDemand drawn = draw_on_demand(input);
  Shares shares(input.workers);
  for (std::size_t worker = 0; worker < shares.size(); ++worker)
    for (std::size_t place = 0; place < drawn.examples; ++place)
      shares[worker].push_back(drawn.example(worker, place));
  return shares;
}

}  // namespace

namespace partitions_list {

PartitionEntry drawn() {
  return {{.name = "drawn",
           .summary = "every worker has examples drawn for it alone, with replacement, from all "
                      "training examples; for any number of workers",
           .source = "the definition; with alpha after Hsu, Qi, Brown (2019)",
           .parameters = {integer("examples", 100, 1, 1e9, "of every worker"),
                          real("alpha", 1, 0, 1e9,
                               "concentration of the Dirichlet distribution from which a worker's "
                               "distribution over the classes is drawn; even: all examples alike")
                              .above_low()
                              .or_default_word("even")}},
          draw_all_shares,
          draw_on_demand};
}

}  // namespace partitions_list
}  // namespace byzsim
