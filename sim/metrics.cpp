#include "sim/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/vector_kernels.h"

namespace byzsim {
namespace {

// Rows that may wait for their evaluation: enough to keep other threads busy, few enough to hold no
// models for long.
constexpr std::size_t kMostEvaluating = 2;

std::string csv_field(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : "";
}

std::uint64_t bits_of(const std::optional<double>& value) {
  return value ? std::bit_cast<std::uint64_t>(*value) : ~std::uint64_t{0};
}

double largest_distance(const std::vector<Payload>& models) {
  double largest = 0;
  for (std::size_t i = 0; i < models.size(); ++i) {
    for (std::size_t j = i + 1; j < models.size(); ++j) {
      const double between = distance(models[i].values(), models[j].values());
      if (!(between <= largest)) largest = between;  // NaN stays
      if (std::isnan(largest)) return largest;
    }
  }
  return largest;
}

std::optional<double> finite_or_nothing(double value) {
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

}  // namespace

std::string metrics_header() {
  return "step,simulated_seconds,accuracy,accuracy_worst,loss,drift,messages,bytes";
}

std::string to_csv(const MetricsRow& row) {
  return fmt::format("{},{},{},{},{},{},{},{}", row.step, row.simulated_seconds,
                     csv_field(row.accuracy), csv_field(row.accuracy_worst), csv_field(row.loss),
                     csv_field(row.drift), row.messages, row.bytes);
}

void add_to(Digest& digest, const MetricsRow& row) {
  digest.add({static_cast<std::uint64_t>(row.step),
              std::bit_cast<std::uint64_t>(row.simulated_seconds), bits_of(row.accuracy),
              bits_of(row.accuracy_worst), bits_of(row.loss), bits_of(row.drift), row.messages,
              row.bytes});
}

MetricsRecorder::MetricsRecorder(std::shared_ptr<const Workload> workload)
    : workload_(std::move(workload)) {}

bool MetricsRecorder::recorded(std::int64_t step) const {
  const Scenario& scenario = workload_->scenario();
  return step % scenario.metrics_every == 0 || step == scenario.steps;
}

void MetricsRecorder::adopt(std::int64_t step, std::uint32_t server, const Payload& model,
                            SimTime now, std::uint64_t messages, std::uint64_t bytes) {
  if (!recorded(step)) return;
  auto& models = adopted_[step];
  models.emplace(server, model);
  if (models.size() < static_cast<std::size_t>(workload_->scenario().servers.correct())) return;
  std::vector<Payload> in_order;
  for (const auto& [index, held] : models) in_order.push_back(held);
  adopted_.erase(step);
  MetricsRow counts;
  counts.step = step;
  counts.simulated_seconds = seconds(now);
  counts.messages = messages;
  counts.bytes = bytes;
  evaluate(counts, std::move(in_order));
}

void MetricsRecorder::evaluate(MetricsRow counts, std::vector<Payload> models) {
  if (!workload_->has_numbers()) {
    rows_.push_back(counts);
    return;
  }
  Evaluated row{counts, {}, {}};
  for (const Payload& model : models)
    row.servers.push_back(workload_->executor().launch<Evaluation>([workload = workload_, model] {
      return workload->model().evaluate(model.values(), workload->dataset().test);
    }));
  row.drift = workload_->executor().launch<double>(
      [models = std::move(models)] { return largest_distance(models); });
  evaluating_.push_back(std::move(row));
  while (evaluating_.size() > kMostEvaluating) finish_oldest();
}

void MetricsRecorder::finish_oldest() {
  const Evaluated& oldest = evaluating_.front();
  finish_all(oldest.servers);
  MetricsRow row = oldest.counts;
  double loss = 0, accuracy = 0, worst = 1;
  bool predicts = true;
  for (const Pending<Evaluation>& server : oldest.servers) {
    const Evaluation& evaluation = server.get();
    predicts = predicts && evaluation.total > 0;
    const double share = predicts ? double(evaluation.correct) / double(evaluation.total) : 0;
    loss += evaluation.loss;
    accuracy += share;
    worst = std::min(worst, share);
  }
  const auto servers = double(oldest.servers.size());
  row.loss = finite_or_nothing(loss / servers);
  row.drift = finite_or_nothing(oldest.drift.get());
  if (row.loss && predicts) {  // a model without a loss predicts nothing
    row.accuracy = accuracy / servers;
    row.accuracy_worst = worst;
  }
  rows_.push_back(row);
  evaluating_.pop_front();
}

void MetricsRecorder::finish() {
  while (!evaluating_.empty()) finish_oldest();
}

}  // namespace byzsim
