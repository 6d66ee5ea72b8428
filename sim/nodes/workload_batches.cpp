// The examples of workers, and the gradients of their batches.
#include <algorithm>
#include <variant>

#include "core/check.h"
#include "core/local_works/batch_order.h"
#include "sim/nodes/workload.h"

namespace byzsim {

std::size_t Workload::examples_of(std::int64_t worker) const {
  if (!has_numbers()) return 1;
  if (scenario_.is_byzantine({Role::worker, static_cast<std::uint32_t>(worker)}))
    return dataset().train.count();
  return shares_on_demand_ ? shares_on_demand_->examples
                           : shares_[static_cast<std::size_t>(worker)].size();
}

std::size_t Workload::examples_claimed_by(std::int64_t worker) const {
  const NodeId id{Role::worker, static_cast<std::uint32_t>(worker)};
  return scenario_.is_byzantine(id) ? largest_share_ : examples_of(worker);
}

std::uint32_t Workload::example_of(std::int64_t worker, std::size_t place) const {
  if (scenario_.is_byzantine({Role::worker, static_cast<std::uint32_t>(worker)}))
    return static_cast<std::uint32_t>(place);
  return shares_on_demand_ ? shares_on_demand_->example(static_cast<std::uint64_t>(worker), place)
                           : shares_[static_cast<std::size_t>(worker)][place];
}

std::vector<std::uint32_t> Workload::examples_of_batch(std::int64_t worker, std::int64_t number,
                                                       Stream& stream) const {
  const auto rows = static_cast<std::size_t>(scenario_.batch_size);
  std::vector<std::uint32_t> examples;
  if (scenario_.batches == Batches::with_replacement) {
    for (std::size_t row = 0; row < rows; ++row) examples.push_back(draw_example(worker, stream));
    return examples;
  }
  const PassOwner owner{scenario_.seed, static_cast<std::uint64_t>(worker)};
  for (const std::uint32_t place :
       places_of_batch(examples_of(worker), rows, static_cast<std::uint64_t>(number), owner))
    examples.push_back(example_of(worker, place));
  return examples;
}

void Workload::add_example(std::size_t example, std::size_t row, Batch<float>& batch) const {
  const std::size_t features = dataset().features;
  dataset().train.features.copy(example * features,
                                std::span(batch.features).subspan(row * features, features));
  batch.labels.push_back(dataset().train.labels[example]);
  if (!dataset().train.targets.empty()) batch.targets.push_back(dataset().train.targets[example]);
}

Batch<float> Workload::batch_of(std::int64_t worker, std::int64_t number) const {
  BYZ_CHECK(worker >= 0 && worker < scenario_.workers.count, "a batch is of a worker");
  // One stream for all examples of a batch: a larger batch begins with those of a smaller one.
  Stream stream(scenario_.seed, Purpose::batch, static_cast<std::uint64_t>(worker),
                static_cast<std::uint64_t>(number));
  Batch<float> batch;
  const std::vector<std::uint32_t> examples = examples_of_batch(worker, number, stream);
  batch.features.resize(examples.size() * dataset().features);
  for (std::size_t row = 0; row < examples.size(); ++row) {
    const std::size_t example = examples[row];
    add_example(example, row, batch);
  }
  batch.asker = Asker{worker, number, stream};
  if (!augmentations_.empty()) augment_batch(worker, number, batch);
  // After the draws: a Byzantine worker draws the same examples with and without the attack.
  if (scenario_.is_byzantine({Role::worker, static_cast<std::uint32_t>(worker)}))
    poison_batch(batch);
  return batch;
}

void Workload::augment_batch(std::int64_t worker, std::int64_t number, Batch<float>& batch) const {
  const ImageShape& image = dataset().image;
  std::vector<float> zeros;
  for (std::size_t channel = 0; channel < image.channels; ++channel)
    zeros.push_back(dataset().train.features.shown(channel * image.height * image.width, 0));
  // Apart from the examples' stream: the same ones are drawn with and without augmentation.
  Stream stream(scenario_.seed, Purpose::augmentation, static_cast<std::uint64_t>(worker),
                static_cast<std::uint64_t>(number));
  for (std::size_t row = 0; row < batch.rows(); ++row)
    augment(augmentations_, image, zeros, stream,
            std::span(batch.features).subspan(row * dataset().features, dataset().features));
}

void Workload::poison_batch(Batch<float>& batch) const {
  if (std::holds_alternative<FlippedLabels>(poisoning_))
    for (std::int32_t& label : batch.labels)
      label = static_cast<std::int32_t>(dataset().classes) - 1 - label;
  const auto* trigger = std::get_if<PixelTrigger>(&poisoning_);
  if (trigger == nullptr) return;
  const std::vector<std::size_t> places = trigger_places(*trigger, dataset().image);
  for (std::size_t row = 0; row < trigger->rows_of(batch.rows()); ++row) {
    batch.labels[row] = trigger->target;
    for (const std::size_t place : places)
      batch.features[row * dataset().features + place] =
          dataset().train.features.shown(place, trigger->value);
  }
}

std::vector<float> Workload::gradient(std::int64_t worker, std::int64_t batch,
                                      const std::vector<float>& parameters) const {
  BYZ_CHECK(parameters.size() == dimension(), "a gradient is taken at a model");
  std::vector<float> gradient = spare_vector();
  model_->gradient(std::span<const float>(parameters), batch_of(worker, batch),
                   std::span<float>(gradient));
  return gradient;
}

std::vector<float> Workload::full_gradient(std::int64_t worker,
                                           const std::vector<float>& parameters) const {
  BYZ_CHECK(parameters.size() == dimension(), "a gradient is taken at a model");
  // In pieces, so that no share is copied whole.
  constexpr std::size_t kPiece = 256;
  const std::size_t all = examples_of(worker);
  std::vector<double> sum(dimension());
  std::vector<float> gradient(dimension());
  for (std::size_t first = 0; first < all; first += kPiece) {
    const std::size_t rows = std::min(kPiece, all - first);
    Batch<float> batch;
    batch.features.resize(rows * dataset().features);
    for (std::size_t row = 0; row < rows; ++row)
      add_example(example_of(worker, first + row), row, batch);
    batch.asker = Asker{
        worker, static_cast<std::int64_t>(first / kPiece),
        Stream(scenario_.seed, Purpose::batch, static_cast<std::uint64_t>(worker), first / kPiece)};
    if (scenario_.is_byzantine({Role::worker, static_cast<std::uint32_t>(worker)}))
      poison_batch(batch);
    model_->gradient(std::span<const float>(parameters), batch, std::span<float>(gradient));
    for (std::size_t i = 0; i < sum.size(); ++i)
      sum[i] += double(rows) / double(all) * double(gradient[i]);
  }
  return {sum.begin(), sum.end()};
}

double Workload::loss(std::int64_t worker, std::int64_t batch, const float* parameters) const {
  // Comes with the gradient, which has no other use here.
  std::vector<float> gradient(dimension());
  return model_->gradient(std::span<const float>(parameters, dimension()), batch_of(worker, batch),
                          std::span<float>(gradient));
}

}  // namespace byzsim
