// Rows are made when the last server adopts a step and evaluated on other threads; they are read
// in the order in which they were made, so that no thread decides an order.

#include "sim/observe/metrics.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "core/check.h"
#include "core/input/archive.h"
#include "sim/observe/metrics_columns.h"

namespace byzsim {
namespace {

// Rows that may wait for their evaluation: enough to keep other threads busy, few enough to hold no
// models for long.
constexpr std::size_t kMostEvaluating = 2;

// The sign of a NaN depends on the processor that made it.
double settled(double value) {
  return std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : value;
}

std::string csv_field(const std::optional<double>& value) {
  return value ? fmt::format("{}", settled(*value)) : "";
}

std::uint64_t bits_of(const std::optional<double>& value) {
  // All ones are a NaN, but not the one that settled() leaves: no value digests like an absent
  // one.
  return value ? std::bit_cast<std::uint64_t>(settled(*value)) : ~std::uint64_t{0};
}

constexpr std::array kGatherColumns = {
    "step",       "simulated_seconds",        "drift_before",
    "drift",      "drift_coordinates_before", "drift_coordinates",
    "contraction"};

std::vector<Payload> in_order(const std::map<std::uint32_t, Payload>& by_server) {
  std::vector<Payload> vectors;
  for (const auto& [server, vector] : by_server) vectors.push_back(vector);
  return vectors;
}

std::optional<double> finite_or_nothing(double value) {
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::vector<Evaluation> all_of(const std::vector<Pending<Evaluation>>& pending) {
  std::vector<Evaluation> evaluations;
  for (const Pending<Evaluation>& each : pending) evaluations.push_back(each.get());
  return evaluations;
}

void set_drift(MetricsRow& row, const Spread& after, const Spread* before) {
  row.drift = finite_or_nothing(after.diameter);
  row.drift_coordinates = finite_or_nothing(after.coordinates);
  if (before == nullptr) return;
  row.drift_before = finite_or_nothing(before->diameter);
  row.drift_coordinates_before = finite_or_nothing(before->coordinates);
  // Servers that agreed before have nothing to contract.
  if (row.drift_coordinates && row.drift_coordinates_before.value_or(0) > 0)
    row.contraction = *row.drift_coordinates / *row.drift_coordinates_before;
}

}  // namespace

void RuleTotals::add(const RuleCounts& counts) {
  clipped += counts.clipped.value_or(0);
  clippings += counts.clipped.has_value();
  removed += counts.removed.value_or(0);
  removals += counts.removed.has_value();
}

Predictions predictions_of(const std::vector<Evaluation>& evaluations) {
  BYZ_CHECK(!evaluations.empty(), "a mean is over at least one server");
  // No share exceeds 1.
  double loss = 0, accuracy = 0, worst = 1;
  bool predicts = true;
  for (const Evaluation& evaluation : evaluations) {
    // A regression counts no correct examples: it has a loss and no accuracy.
    predicts = predicts && evaluation.total > 0;
    const double share = predicts ? double(evaluation.correct) / double(evaluation.total) : 0;
    loss += evaluation.loss;
    accuracy += share;
    worst = std::min(worst, share);
  }
  const auto count = static_cast<double>(evaluations.size());
  Predictions predictions{finite_or_nothing(loss / count), {}, {}};
  if (!predictions.loss || !predicts) return predictions;  // without a loss nothing is predicted
  predictions.accuracy = accuracy / count;
  predictions.accuracy_worst = worst;
  return predictions;
}

bool is_recorded(const Scenario& scenario, std::int64_t step) {
  BYZ_CHECK(scenario.metrics_every > 0, "rows are a positive number of steps apart");
  return step % scenario.metrics_every == 0 || step == scenario.steps;
}

std::vector<std::string> metric_names() {
  std::vector<std::string> names;
  for (const Column& column : columns_of({})) names.emplace_back(column.name);
  return names;
}

std::vector<MetricDescription> metric_descriptions() {
  std::vector<MetricDescription> descriptions;
  for (const Column& column : columns_of({}))
    descriptions.push_back({column.name, column.unit, column.summary});
  return descriptions;
}

std::optional<double> metric_of(const MetricsRow& row, const std::string& name) {
  for (const Column& column : columns_of(row))
    if (column.name == name) return column.value;
  return std::nullopt;
}

std::vector<std::string> gather_metric_names() {
  return {kGatherColumns.begin(), kGatherColumns.end()};
}

std::string gathers_header() { return fmt::format("{}", fmt::join(kGatherColumns, ",")); }

std::string gather_to_csv(const MetricsRow& row) {
  std::string line;
  for (const char* name : kGatherColumns)
    line += (line.empty() ? "" : ",") + csv_field(metric_of(row, name));
  return line;
}

std::string metrics_header() { return fmt::format("{}", fmt::join(metric_names(), ",")); }

std::string to_csv(const MetricsRow& row) {
  std::string line;
  for (const Column& column : columns_of(row))
    line += (line.empty() ? "" : ",") + csv_field(column.value);
  return line;
}

Digest digest_of(const std::vector<MetricsRow>& rows) {
  Digest digest;
  for (const MetricsRow& row : rows) {
    std::vector<std::uint64_t> words;
    for (const Column& column : columns_of(row))
      if (column.value || !is_later(column)) words.push_back(bits_of(column.value));
    digest.add(words);
  }
  return digest;
}

MetricsRecorder::MetricsRecorder(std::shared_ptr<const Workload> workload)
    : workload_(std::move(workload)) {}

void MetricsRecorder::adopt(std::int64_t step, std::uint32_t server, const Payload& model,
                            SimTime now, std::uint64_t messages, std::uint64_t bytes) {
  BYZ_CHECK(step >= 0 && step <= workload_->scenario().steps, "a server adopts a step of the run");
  BYZ_CHECK(model.dimension() == workload_->dimension(), "a server adopts a model");
  // Of every step, recorded or not: it is what the next step starts from.
  const Payload before = std::exchange(latest_[server], model);
  // Steps between rows are kept where a gather must be compared with what came of it.
  if (!recorded(step) && !gathering_.contains(step)) return;
  Adopted& adopted = adopted_[step];
  adopted.models.emplace(server, model);
  if (before && recorded(step)) adopted.before.emplace(server, before);
  adopted.counts.step = step;
  adopted.counts.simulated_seconds = seconds(now);
  adopted.counts.messages = messages;
  adopted.counts.bytes = bytes;
}

void MetricsRecorder::complete(const std::vector<std::uint32_t>& servers) {
  BYZ_CHECK(!servers.empty(), "a row is of at least one server");
  const auto is_complete = [&](const Adopted& adopted) {
    return std::all_of(servers.begin(), servers.end(),
                       [&](std::uint32_t server) { return adopted.models.contains(server); });
  };
  // In the order of steps: a later one cannot be complete before an earlier one.
  while (!adopted_.empty() && is_complete(adopted_.begin()->second)) {
    const Adopted adopted = std::move(adopted_.extract(adopted_.begin()).mapped());
    evaluate(adopted);
  }
}

void MetricsRecorder::before_gather(std::int64_t step, std::uint32_t server, const Payload& model) {
  BYZ_CHECK(step >= 1, "a gather makes the model of a step after the first");
  if (workload_->has_numbers()) gathering_[step].emplace(server, model);
}

void MetricsRecorder::gradient(std::int64_t step, const Payload& gradient) {
  if (recorded(step + 1)) gradients_[step].push_back(gradient);
}

void MetricsRecorder::used(std::int64_t age) {
  BYZ_CHECK(age >= 0, "a gradient was computed before it is used");
  ages_ += static_cast<double>(age);
  ++used_;
}

void MetricsRecorder::combined(const RuleCount& counts) {
  if (counts.count && recorded(counts.step))
    counting_[counts.step].push_back(workload_->executor().launch<RuleCounts>(counts.count));
}

void MetricsRecorder::take_counts(std::int64_t step, Evaluated& row) {
  if (const auto counted = counted_.find(step); counted != counted_.end())
    row.counted = counted->second;
  if (const auto counting = counting_.find(step); counting != counting_.end())
    row.counting = std::move(counting->second);
  // Older ones, too: rows are made in the order of steps.
  counted_.erase(counted_.begin(), counted_.upper_bound(step));
  counting_.erase(counting_.begin(), counting_.upper_bound(step));
}

std::vector<Pending<Evaluation>> MetricsRecorder::evaluations_on(
    const Examples* examples, const std::vector<Payload>& models) const {
  std::vector<Pending<Evaluation>> all;
  for (std::size_t i = 0; examples != nullptr && i < models.size(); ++i)
    // The workload owns the examples.
    all.push_back(workload_->executor().launch<Evaluation>(
        [workload = workload_, examples, model = models[i]] {
          return workload->model().evaluate(model.values(), *examples);
        }));
  return all;
}

void MetricsRecorder::evaluate(const Adopted& adopted) {
  const std::int64_t step = adopted.counts.step;
  const std::vector<Payload> models = in_order(adopted.models);
  const std::vector<Payload> gathering = in_order(gathering_[step]);
  // Older ones, too: rows are made in the order of steps.
  gathering_.erase(gathering_.begin(), gathering_.upper_bound(step));
  const Executor& executor = workload_->executor();
  Evaluated row{adopted.counts, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}};
  if (recorded(step)) {
    if (used_ > 0) row.counts.staleness = ages_ / used_;
    ages_ = used_ = 0;
    // Taken out: no other row is of the gradients of this step.
    const std::vector<Payload> gradients = std::move(gradients_[step - 1]);
    gradients_.erase(gradients_.begin(), gradients_.lower_bound(step));
    if (!workload_->has_numbers()) return rows_.push_back(row.counts);
    row.servers = evaluations_on(&workload_->dataset().test, models);
    row.triggered = evaluations_on(workload_->triggered_test(), models);
    row.held_back = evaluations_on(workload_->validation(), models);
    // One gradient has no variance.
    if (gradients.size() > 1)
      row.variance_to_norm =
          executor.launch<double>([gradients] { return variance_to_norm(gradients); });
    if (!gradients.empty() && !adopted.before.empty()) {
      const Payload mean =
          Payload::deferred(workload_->dimension(), [gradients] { return mean_of(gradients); });
      for (const auto& [server, before] : adopted.before)
        row.descent_cosines.push_back(
            executor.launch<double>([before = before, after = adopted.models.at(server), mean] {
              return descent_cosine(before, after, mean);
            }));
    }
  }
  if (recorded(step) && workload_->scenario().on_graph) {
    evaluate_graph(adopted.models, row);
    take_counts(step, row);
  }
  // Of gathers between recorded steps, too.
  row.after = executor.launch<Spread>([models] { return spread_of(models); });
  if (!gathering.empty())
    row.before = executor.launch<Spread>([gathering] { return spread_of(gathering); });
  evaluating_.push_back(std::move(row));
  while (evaluating_.size() > kMostEvaluating) finish_oldest();
}

void MetricsRecorder::evaluate_graph(const ByServer& by_node, Evaluated& row) const {
  const Executor& executor = workload_->executor();
  const std::vector<Payload> models = in_order(by_node);
  row.disagreement = executor.launch<double>([models] {
    double sum = 0;
    for (const double distance : distances_from_mean(models)) sum += distance * distance;
    return std::sqrt(sum / static_cast<double>(models.size()));
  });
  row.of_mean = executor.launch<Evaluation>([workload = workload_, models] {
    return workload->model().evaluate(mean_of(models), workload->dataset().test);
  });
  std::vector<std::uint32_t> nodes;
  for (const auto& [node, model] : by_node) nodes.push_back(node);
  row.cut = executor.launch<std::optional<CutSpread>>([workload = workload_, nodes, models] {
    std::vector<int> sides;
    for (const std::uint32_t node : nodes) sides.push_back(workload->graph_at(0).side(node));
    return cut_spread(models, sides);
  });
}

void MetricsRecorder::finish_graph(const Evaluated& finished, MetricsRow& row) {
  if (!finished.disagreement) return;
  row.disagreement = finite_or_nothing(finished.disagreement.get());
  row.accuracy_of_mean = predictions_of({finished.of_mean.get()}).accuracy;
  if (const std::optional<CutSpread>& cut = finished.cut.get()) {
    row.disagreement_across_cut = finite_or_nothing(cut->across);
    row.disagreement_within_cut = finite_or_nothing(cut->within);
  }
  RuleTotals totals = finished.counted;
  for (const Pending<RuleCounts>& each : finished.counting) totals.add(each.get());
  if (totals.clippings > 0)
    row.clipped_per_node = double(totals.clipped) / double(totals.clippings);
  if (totals.removals > 0) row.removed_per_node = double(totals.removed) / double(totals.removals);
}

void MetricsRecorder::finish_oldest() {
  BYZ_CHECK(!evaluating_.empty(), "there is a row to finish");
  const Evaluated oldest = std::move(evaluating_.front());
  evaluating_.pop_front();
  MetricsRow row = oldest.counts;
  set_drift(row, oldest.after.get(), oldest.before ? &oldest.before.get() : nullptr);
  if (oldest.before) gathers_.push_back(row);
  // A gather between two recorded steps has a row of drift only.
  if (oldest.servers.empty()) return;
  const Spread& after = oldest.after.get();
  if (after.alignment) row.alignment = finite_or_nothing(*after.alignment);
  if (oldest.variance_to_norm)
    row.variance_to_norm = finite_or_nothing(oldest.variance_to_norm.get());
  for (const Pending<double>& each : oldest.descent_cosines)
    if (const auto cosine = finite_or_nothing(each.get()))
      row.descent_cosine = std::min(row.descent_cosine.value_or(*cosine), *cosine);
  // All before the first is read: a thread that waits for one computes others meanwhile.
  finish_all(oldest.servers);
  finish_all(oldest.triggered);
  finish_all(oldest.held_back);
  const Predictions predictions = predictions_of(all_of(oldest.servers));
  if (!oldest.triggered.empty())
    row.attack_success = predictions_of(all_of(oldest.triggered)).accuracy;
  if (!oldest.held_back.empty())
    row.validation_accuracy = predictions_of(all_of(oldest.held_back)).accuracy;
  row.loss = predictions.loss;
  row.accuracy = predictions.accuracy;
  row.accuracy_worst = predictions.accuracy_worst;
  finish_graph(oldest, row);
  rows_.push_back(row);
}

void MetricsRecorder::each_waiting(const PayloadVisit& visit) {
  for (auto& [step, adopted] : adopted_) {
    for (auto& [server, model] : adopted.models) visit(model);
    for (auto& [server, model] : adopted.before) visit(model);
  }
  for (auto& [step, models] : gathering_)
    for (auto& [server, model] : models) visit(model);
  for (auto& [step, gradients] : gradients_)
    for (Payload& gradient : gradients) visit(gradient);
}

void MetricsRecorder::finish() {
  while (!evaluating_.empty()) finish_oldest();
}

bool MetricsRecorder::all_finite(const std::vector<std::uint32_t>& servers) const {
  return std::all_of(servers.begin(), servers.end(), [&](std::uint32_t server) {
    const auto held = latest_.find(server);
    if (held == latest_.end() || !held->second.has_values()) return true;
    const std::vector<float>& values = held->second.values();
    return std::all_of(values.begin(), values.end(),
                       [](float value) { return std::isfinite(value); });
  });
}

void MetricsRecorder::walk(Archive& archive) {
  // Rows that are being evaluated are waited for.
  while (!evaluating_.empty()) finish_oldest();
  for (const auto& [step, counting] : counting_)
    for (const Pending<RuleCounts>& each : counting) counted_[step].add(each.get());
  counting_.clear();
  archive.all(*this, unchanged(workload_), adopted_, latest_, gathering_, gradients_, ages_, used_,
              counted_, unchanged(counting_), unchanged(evaluating_), rows_, gathers_);
}

}  // namespace byzsim
