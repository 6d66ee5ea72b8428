// What the adversary knows. Vectors of one key stand in the order of senders, so that what a
// strategy computes of them does not depend on who was first.

#include "sim/run/transcript.h"

#include <algorithm>
#include <iterator>

#include "core/check.h"
#include "core/input/archive.h"

namespace byzsim {
namespace {

void insert_by_sender(std::vector<Heard>& heard, NodeId source, const Payload& vector) {
  const auto place =
      std::lower_bound(heard.begin(), heard.end(), source,
                       [](const Heard& each, NodeId id) { return each.sender < id; });
  // The first stays: a node begins and then sends the same, and a twin is no second sender.
  if (place == heard.end() || place->sender != source) heard.insert(place, {source, vector});
}

}  // namespace

bool Transcript::watched(const Payload& vector) const {
  const Scenario& scenario = workload_->scenario();
  return vector && scenario.servers.byzantine.actual + scenario.workers.byzantine.actual > 0;
}

void Transcript::begin(NodeId source, const MessageKey& key, const Payload& vector) {
  // Who has sent counts even without numbers; vectors do not.
  if (!watched(vector) || !vector.has_values()) return;
  StepView& view = views_[key];
  const bool byzantine = workload_->scenario().is_byzantine(source);
  insert_by_sender(byzantine ? view.corrupted : view.honest, source, vector);
}

void Transcript::send(NodeId source, const MessageKey& key, const Payload& vector) {
  if (!watched(vector)) return;
  begin(source, key, vector);
  const bool byzantine = workload_->scenario().is_byzantine(source);
  if (!byzantine) views_[key].sent.insert(source);
  if (key.phase != Phase::gradient) return;
  Latest& latest = latest_[source];
  // A worker counts once, by its latest gradient.
  if (!byzantine) honest_.erase(latest.number);
  latest = {++gradients_, vector};
  if (!byzantine) honest_.insert(latest.number);
}

std::uint64_t Transcript::latest_but(std::size_t others) const {
  if (honest_.size() <= others) return 0;
  return *std::next(honest_.rbegin(), static_cast<std::ptrdiff_t>(others));
}

const StepView& Transcript::of(const MessageKey& key) const {
  static const StepView nothing;
  const auto found = views_.find(key);
  return found == views_.end() ? nothing : found->second;
}

StepView Transcript::since(std::uint64_t gradients) const {
  BYZ_CHECK(gradients <= gradients_, "a send saw no more gradients than were sent");
  StepView view;
  for (const auto& [worker, latest] : latest_) {
    const bool byzantine = workload_->scenario().is_byzantine(worker);
    // A rushing node sees what came since its model; what Byzantine nodes sent is the
    // adversary's own.
    if (latest.number <= gradients && !byzantine) continue;
    (byzantine ? view.corrupted : view.honest).push_back({worker, latest.vector});
    if (!byzantine) view.sent.insert(worker);
  }
  return view;
}

void Transcript::each_before(std::int64_t step, const PayloadVisit& visit) {
  const auto end = views_.lower_bound({step, Phase::model, 0});
  for (auto each = views_.begin(); each != end; ++each)
    for (std::vector<Heard>* heard : {&each->second.honest, &each->second.corrupted})
      for (Heard& sent : *heard) visit(sent.vector);
}

void Transcript::forget_before(std::int64_t step) {
  BYZ_CHECK(step >= 0, "steps are counted from 0");
  // A model is the least phase of a step, in the order of keys.
  views_.erase(views_.begin(), views_.lower_bound({step, Phase::model, 0}));
}

void Transcript::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), views_, gradients_, latest_, honest_);
}

}  // namespace byzsim
