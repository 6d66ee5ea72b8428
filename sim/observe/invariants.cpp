// Checks cost little enough to be on in every run: each looks only at what the event brings.

#include "sim/observe/invariants.h"

#include <algorithm>

#include "core/check.h"
#include "core/input/archive.h"

namespace byzsim {
namespace {

// A median is looked at in so many coordinates: all of a small model, a sample of a large one.
constexpr std::size_t kMostCoordinates = 256;

}  // namespace

Invariants::Invariants(std::shared_ptr<const Scenario> scenario, bool fixed_quorums)
    : scenario_(std::move(scenario)),
      fixed_quorums_(fixed_quorums),
      servers_take_medians_(scenario_->servers.aggregator.name == "median" &&
                            scenario_->servers.pre.empty()) {}

void Invariants::check(bool holds, const char* sentence) {
  if (!holds) ++broken_[sentence];
}

void Invariants::sent(NodeId sender, Phase phase, std::int64_t step, std::int64_t round,
                      const Payload& vector) {
  const auto [last, first_time] = sent_.try_emplace({sender, phase}, Sent{step, round, vector});
  // Only the latest key of a phase is kept: an honest node leaves a step for good.
  if (first_time) return;
  Sent& before = last->second;
  // Where nodes pull, who asks late for an old step's model before a gather gets a newer one.
  const bool newer = phase == Phase::gather && !fixed_quorums_;
  check(newer || before.step != step || before.round != round || before.vector.same_as(vector),
        "an honest node sent two vectors for one step and phase");
  before = {step, round, vector};
}

void Invariants::delivered(SimTime sent, SimTime now) {
  check(sent <= now, "a message was delivered before it was sent");
}

void Invariants::consumed(NodeId node, const Consume& consume) {
  std::vector<NodeId> senders;
  for (const Heard& heard : consume.heard) senders.push_back(heard.sender);
  std::sort(senders.begin(), senders.end());
  check(std::adjacent_find(senders.begin(), senders.end()) == senders.end(),
        "a quorum held two vectors of one sender");
  BYZ_CHECK(scenario_->servers.quorum && scenario_->workers.quorum, "a run has resolved quorums");
  const Role role = consume.phase == Phase::gradient ? Role::worker : Role::server;
  const auto expected = static_cast<std::size_t>(*scenario_->group_of(role).quorum);
  check(!fixed_quorums_ || senders.size() == expected, "a quorum was not of its size");
  // Kept until the model is adopted, which is what the median of this quorum becomes.
  if (consume.phase == Phase::gather && node.role == Role::server) gathered_[node] = consume.heard;
}

void Invariants::adopted(NodeId server, const Payload& model) {
  const auto heard = gathered_.find(server);
  if (heard == gathered_.end()) return;
  check(in_box_of_correct(heard->second, model), "a median left the box of honest models");
  gathered_.erase(heard);
}

// Where less than half of the quorum is Byzantine, each coordinate of the median lies between two
// honest values.
bool Invariants::in_box_of_correct(const std::vector<Heard>& heard, const Payload& median) const {
  std::vector<const float*> correct;
  for (const Heard& each : heard)
    BYZ_CHECK(each.vector.dimension() == median.dimension(), "a median is of vectors like itself");
  for (const Heard& each : heard)
    if (!scenario_->is_byzantine(each.sender) && each.vector.has_values())
      correct.push_back(each.vector.values().data());
  const std::size_t byzantine = heard.size() - correct.size();
  if (!servers_take_medians_ || !median.has_values() || 2 * byzantine + 1 > heard.size())
    return true;
  // Evenly spaced: no draw, and the same coordinates in every run.
  const std::size_t stride = std::max<std::size_t>(1, median.dimension() / kMostCoordinates);
  for (std::size_t c = 0; c < median.dimension(); c += stride) {
    // There is one: more than half of the quorum is honest.
    float low = correct[0][c], high = low;
    for (const float* vector : correct) {
      if (!(vector[c] == vector[c])) return true;  // a diverged model has no box
      low = std::min(low, vector[c]);
      high = std::max(high, vector[c]);
    }
    if (!(low <= median.values()[c] && median.values()[c] <= high)) return false;
  }
  return true;
}

void Invariants::walk(Archive& archive) {
  archive.all(*this, unchanged(scenario_), unchanged(fixed_quorums_),
              unchanged(servers_take_medians_), sent_, gathered_, broken_);
}

}  // namespace byzsim
