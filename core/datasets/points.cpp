// Points: a toy set to think with. Its examples are the given places on a line, each a class of its
// own, in training and test part alike. With the model `quadratic` a worker that holds one place
// pulls towards it.
#include "core/datasets/dataset.h"

namespace byzsim {
namespace {

const std::vector<std::int64_t>& places_of(const DatasetInput& input) {
  const std::vector<std::int64_t>& places = input.parameters.integers("places");
  if (places.size() < 2)
    throw InputError({"/data/parameters/places",
                      "must be at least two places, not " + std::to_string(places.size()),
                      "for example [-1, 0, 1]"});
  return places;
}

DatasetSize points_size(const DatasetInput& input) {
  const std::size_t count = places_of(input).size();
  return {1, count, count, count};
}

Dataset make_points(const DatasetInput& input) {
  std::vector<float> features;
  std::vector<std::int32_t> labels;
  for (const std::int64_t place : places_of(input)) {
    labels.push_back(static_cast<std::int32_t>(labels.size()));
    features.push_back(static_cast<float>(place));
  }
  const Examples examples{std::move(features), std::move(labels)};
  return {1, examples.count(), examples, examples};
}

}  // namespace

namespace datasets_list {

DatasetEntry points() {
  return {{"points",
           "the given places on a line, each a class of its own, to train and to test with",
           "byzsim's own toy",
           {integers("places", {-1, 0, 1}, -1e7, 1e7, "positions of the examples")}},
          points_size,
          make_points};
}

}  // namespace datasets_list
}  // namespace byzsim
