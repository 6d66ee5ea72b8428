#include "sim/observe/parallelism.h"

#include <algorithm>

#include "core/input/archive.h"
#include "core/rules/rule.h"

namespace byzsim {
namespace {

// Of older vectors the span of the oldest that is kept counts.
constexpr std::size_t kMostKeptSteps = 8;

double operations_of(const Workload& workload, const Begun& begun) {
  const Scenario& scenario = workload.scenario();
  if (begun.vectors == 0)
    return workload.model().operations() * double(scenario.batch_size) * double(begun.batches);
  const bool models = begun.heard == Phase::model || begun.heard == Phase::gather;
  const Group& group = models ? scenario.servers : scenario.workers;
  return operations(rules().at(group.aggregator.name).growth, begun.vectors, workload.dimension());
}

}  // namespace

Parallelism::Parallelism(std::shared_ptr<const Workload> workload)
    : workload_(std::move(workload)) {}

void Parallelism::see(const Begun& begun) {
  if (!workload_->has_numbers()) return;
  const double operations = operations_of(*workload_, begun);
  double& end = end_of(begun.node);
  end += operations;
  work_ += operations;
  span_ = std::max(span_, end);
}

void Parallelism::see(const Sent& sent) {
  if (!workload_->has_numbers() || !sent.vector) return;
  Latest& latest = sent_[{sent.node.code(), static_cast<std::uint64_t>(sent.key.phase)}];
  latest[sent.key.step] = end_of(sent.node);
  if (latest.size() > kMostKeptSteps) latest.erase(latest.begin());
}

void Parallelism::see(const Used& used) {
  if (!workload_->has_numbers()) return;
  double& end = end_of(used.node);
  for (const Heard& heard : used.consume.heard) {
    const auto found =
        sent_.find({heard.sender.code(), static_cast<std::uint64_t>(used.consume.phase)});
    if (found == sent_.end()) continue;
    auto next = found->second.upper_bound(used.consume.step);
    if (next != found->second.begin()) --next;
    end = std::max(end, next->second);
  }
}

void Parallelism::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), work_, span_, ends_, sent_);
}

}  // namespace byzsim
