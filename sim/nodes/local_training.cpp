#include "sim/nodes/local_training.h"

#include "core/check.h"
#include "core/local_works/local_work.h"
#include "core/rates/rate.h"

namespace byzsim {
namespace {

// What pulls a local model: weight decay, and FedProx's term towards where it began.
struct Pull {
  double weight_decay, proximal;
  double of(float model, float start) const {
    return weight_decay * double(model) + proximal * (double(model) - double(start));
  }
};

std::vector<float> difference(std::vector<float> a, const std::vector<float>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] -= b[i];
  return a;
}

}  // namespace

std::int64_t local_steps_of(const Workload& workload, std::int64_t worker, std::int64_t batches) {
  const Scenario& scenario = workload.scenario();
  const auto examples = static_cast<std::int64_t>(workload.examples_claimed_by(worker));
  const std::int64_t steps =
      local_works()
          .at(scenario.local_steps.name)
          .steps(scenario.local_steps.parameters,
                 {examples, scenario.batch_size,
                  Stream(scenario.seed, Purpose::local_work, static_cast<std::uint64_t>(worker),
                         static_cast<std::uint64_t>(batches))});
  BYZ_CHECK(steps >= 1, "a worker makes a local step");
  return steps;
}

std::vector<float> trained_from(const Workload& workload, const LocalRound& round,
                                const std::vector<float>& start, Contribution sent) {
  // The gradient of SGD, to the bit.
  if (sent == Contribution::gradients && round.steps == 1)
    return workload.gradient(round.worker, round.first_batch, start);
  const Scenario& scenario = workload.scenario();
  const Pull pull{scenario.weight_decay, scenario.proximal};
  const double rate = learning_rate(scenario.rate, round.step);
  std::vector<float> model = start;
  std::vector<double> sum(start.size());
  for (std::int64_t k = 0; k < round.steps; ++k) {
    const std::vector<float> gradient =
        workload.gradient(round.worker, round.first_batch + k, model);
    const bool moves = sent != Contribution::gradients || k + 1 < round.steps;
    for (std::size_t i = 0; i < model.size(); ++i) {
      const double pulled = pull.of(model[i], start[i]);
      // The descent from the first model adds that model's decay.
      sum[i] += double(gradient[i]) + (k == 0 ? 0 : pulled);
      if (moves) model[i] = static_cast<float>(model[i] - rate * (double(gradient[i]) + pulled));
    }
  }
  if (sent == Contribution::models) return model;
  if (sent == Contribution::updates) return difference(std::move(model), start);
  return {sum.begin(), sum.end()};
}

}  // namespace byzsim
