#include "sim/nodes/inbox.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/check.h"
#include "core/input/archive.h"

namespace byzsim {
namespace {

// A quorum may be as large as all clients, of which few answer.
constexpr std::size_t kReserved = 1024;

}  // namespace

Inbox::Inbox(std::vector<QuorumFrom> quorums, std::size_t dimension)
    : quorums_(std::move(quorums)), dimension_(dimension) {
  BYZ_CHECK(!quorums_.empty(), "every step has a quorum");
  for (const QuorumFrom& each : quorums_) BYZ_CHECK(each.quorum > 0, "a quorum has a vector");
  BYZ_CHECK(dimension > 0, "vectors have a coordinate");
}

std::size_t Inbox::quorum_of(const QuorumKey& key) const {
  const auto later =
      std::upper_bound(quorums_.begin() + 1, quorums_.end(), key.step,
                       [](std::int64_t step, const QuorumFrom& each) { return step < each.step; });
  return std::prev(later)->quorum;
}

Verdict Inbox::accept(const Message& message, const QuorumKey& current) {
  // Before anything is kept: rules read this number of coordinates, whatever a Byzantine node
  // sent.
  if (message.vector.dimension() != dimension_) return Verdict::malformed;
  const QuorumKey key(message.step, message.round);
  if (key < current) return Verdict::stale;
  if (key <= taken_) return Verdict::late;
  std::vector<Heard>& heard = heard_[key];
  // One place a sender: a Byzantine node that repeats itself could else fill a quorum alone.
  const bool repeated = std::any_of(
      heard.begin(), heard.end(), [&](const Heard& each) { return each.sender == message.sender; });
  if (repeated) return Verdict::duplicate;
  // The first q stay: a later vector that took the place of one would let the last sender
  // choose.
  const std::size_t quorum = quorum_of(key);
  if (heard.size() >= quorum) return Verdict::late;
  if (heard.empty()) heard.reserve(std::min(quorum, kReserved));
  heard.push_back({message.sender, message.vector});
  return key == current ? Verdict::counted : Verdict::buffered;
}

std::size_t Inbox::room_for(const Message& message, const QuorumKey& current) const {
  const QuorumKey key(message.step, message.round);
  if (message.vector.dimension() != dimension_ || key < current || key <= taken_) return 0;
  const auto found = heard_.find(key);
  const std::size_t quorum = quorum_of(key);
  if (found == heard_.end()) return quorum;
  if (place_of(message.sender, found->second)) return 0;
  return quorum - std::min(quorum, found->second.size());
}

void Inbox::each_later(const QuorumKey& current, const PayloadVisit& visit) {
  for (auto later = heard_.upper_bound(current); later != heard_.end(); ++later)
    for (Heard& heard : later->second) visit(heard.vector);
}

bool Inbox::complete(const QuorumKey& key) const {
  const auto it = heard_.find(key);
  return it != heard_.end() && it->second.size() >= quorum_of(key);
}

std::size_t Inbox::count(const QuorumKey& key) const {
  const auto it = heard_.find(key);
  return it == heard_.end() ? 0 : it->second.size();
}

Awaited Inbox::awaited(Phase phase, const QuorumKey& key) const {
  const auto it = heard_.find(key);
  std::vector<Heard> heard = it == heard_.end() ? std::vector<Heard>() : it->second;
  const std::size_t there = heard.size();
  return {phase, key.step, key.round, quorum_of(key), there, std::move(heard)};
}

std::vector<Heard> Inbox::take(const QuorumKey& key) {
  BYZ_CHECK(complete(key), "only a complete quorum can be taken");
  return take_what_is_there(key);
}

std::vector<Heard> Inbox::take_what_is_there(const QuorumKey& key) {
  BYZ_CHECK(taken_ < key, "quorums are taken in their order, each once");
  std::vector<Heard> taken = std::move(heard_[key]);
  BYZ_CHECK(taken.size() <= quorum_of(key), "a quorum holds no vector beyond its size");
  // What is left of earlier keys can complete no quorum that anybody waits for.
  heard_.erase(heard_.begin(), heard_.upper_bound(key));
  taken_ = key;
  // Aggregation sees vectors by sender, not by arrival: ties go to the lowest index.
  std::sort(taken.begin(), taken.end(),
            [](const Heard& a, const Heard& b) { return a.sender < b.sender; });
  return taken;
}

std::vector<Payload> vectors_of(const std::vector<Heard>& heard) {
  std::vector<Payload> vectors;
  vectors.reserve(heard.size());
  for (const Heard& each : heard) vectors.push_back(each.vector);
  return vectors;
}

std::vector<std::int32_t> senders_of(const std::vector<Heard>& heard) {
  std::vector<std::int32_t> senders;
  for (const Heard& each : heard) senders.push_back(static_cast<std::int32_t>(each.sender.index));
  return senders;
}

std::optional<std::size_t> place_of(NodeId sender, const std::vector<Heard>& heard) {
  for (std::size_t i = 0; i < heard.size(); ++i)
    if (heard[i].sender == sender) return i;
  return std::nullopt;
}

void Inbox::walk(Archive& archive) {
  archive.all(*this, unchanged(quorums_), unchanged(dimension_), taken_, heard_);
}

}  // namespace byzsim
