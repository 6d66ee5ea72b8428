// The examples that servers hold themselves, and what they compute of them: a server trusts its own
// gradient where no worker's is sure to be honest.

#include <fmt/format.h>

#include "core/exact/permutation.h"
#include "sim/nodes/workload.h"

namespace byzsim {

void Workload::make_root_shares() {
  const std::int64_t wanted = scenario_.root_examples;
  const auto there = static_cast<std::int64_t>(dataset().train.count());
  if (wanted > there)
    throw InputError({"/servers/root_examples",
                      fmt::format("a server cannot hold {} of {} training examples", wanted, there),
                      fmt::format("use at most {}, or more data", there)});
  for (std::int64_t server = 0; wanted > 0 && server < scenario_.servers.count; ++server) {
    root_shares_.push_back(random_permutation(
        dataset().train.count(),
        Stream(scenario_.seed, Purpose::root_share, static_cast<std::uint64_t>(server), 0)));
    root_shares_.back().resize(static_cast<std::size_t>(wanted));
    root_shares_.back().shrink_to_fit();
  }
}

Batch<float> Workload::root_batch(std::uint32_t server, std::int64_t step) const {
  BYZ_CHECK(server < root_shares_.size(), "the server holds examples");
  const auto& share = root_shares_[server];
  Stream stream(scenario_.seed, Purpose::root_batch, server, static_cast<std::uint64_t>(step));
  Batch<float> batch;
  const auto rows = static_cast<std::size_t>(scenario_.batch_size);
  batch.features.resize(rows * dataset().features);
  for (std::size_t row = 0; row < rows; ++row)
    add_example(share[stream.below(share.size())], row, batch);
  // Among those who ask, servers come after the workers.
  batch.asker = Asker{scenario_.workers.count + static_cast<std::int64_t>(server), step, stream};
  return batch;
}

std::vector<float> Workload::root_gradient(std::uint32_t server, std::int64_t step,
                                           const std::vector<float>& parameters) const {
  BYZ_CHECK(parameters.size() == dimension(), "a gradient is taken at a model");
  std::vector<float> gradient(dimension());
  model_->gradient(std::span<const float>(parameters), root_batch(server, step),
                   std::span<float>(gradient));
  return gradient;
}

double Workload::root_loss(std::uint32_t server, std::int64_t step, const float* parameters) const {
  std::vector<float> gradient(dimension());
  return model_->gradient(std::span<const float>(parameters, dimension()), root_batch(server, step),
                          std::span<float>(gradient));
}

}  // namespace byzsim
