// Cards and threads. Maps are ordered by node and number, so that no address decides an order.

#include "sim/network/network.h"

#include <algorithm>
#include <cmath>

#include "core/check.h"
#include "core/input/archive.h"

namespace byzsim {
namespace {

std::optional<double> bytes_per_ns_of(const std::optional<std::int64_t>& bits_per_second) {
  if (!bits_per_second) return std::nullopt;
  BYZ_CHECK(*bits_per_second > 0, "a rate of data is above 0");
  return static_cast<double>(*bits_per_second) / 8e9;
}

// Even numbers send and odd ones receive: a card has two directions that do not share.
std::int64_t outward(NodeId node) { return static_cast<std::int64_t>(node.code() * 2); }
std::int64_t inward(NodeId node) { return static_cast<std::int64_t>(node.code() * 2 + 1); }

}  // namespace

Network::Network(const NetworkPlan& plan)
    : server_bandwidth_(bytes_per_ns_of(plan.server_bandwidth)),
      worker_bandwidth_(bytes_per_ns_of(plan.worker_bandwidth)),
      serialization_(bytes_per_ns_of(plan.serialization)),
      server_threads_(static_cast<std::size_t>(plan.server_threads)),
      worker_threads_(static_cast<std::size_t>(plan.worker_threads)) {
  BYZ_CHECK(plan.server_threads > 0 && plan.worker_threads > 0,
            "a node has a thread that serializes");
}

std::optional<double> Network::bytes_per_ns(NodeId node) const {
  return node.role == Role::server ? server_bandwidth_ : worker_bandwidth_;
}

SimTime Network::serialized(NodeId node, std::uint64_t bytes, SimTime now) {
  if (!serialization_) return now;
  std::vector<SimTime>& free_at = threads_[node];
  free_at.resize(node.role == Role::server ? server_threads_ : worker_threads_, 0);
  // The first of threads that are free at once; which of them it is changes no time.
  SimTime& earliest = *std::min_element(free_at.begin(), free_at.end());
  // Up: no message is ready before all of its bytes are.
  const double span = std::ceil(static_cast<double>(bytes) / *serialization_);
  earliest = after(std::max(now, earliest), span_of(span));
  return earliest;
}

std::vector<Wake> Network::depart(Flight flight, SimTime now) {
  BYZ_CHECK(flight.message != nullptr, "a transfer carries a message");
  BYZ_CHECK(flight.delay >= 0 && flight.sent <= now, "a transfer begins after it was sent");
  const std::int64_t number = departed_++;
  std::vector<Wake> wakes;
  const NodeId sender = flight.message->sender, receiver = flight.receiver;
  occupy(outward(sender), sender, number, flight, now, wakes);
  occupy(inward(receiver), receiver, number, flight, now, wakes);
  flights_.emplace(number, std::move(flight));
  return wakes;
}

void Network::occupy(std::int64_t card, NodeId node, std::int64_t number, Flight& flight,
                     SimTime now, std::vector<Wake>& wakes) {
  const std::optional<double> speed = bytes_per_ns(node);
  Card& held = cards_.try_emplace(card, Card{SharedLink(speed.value_or(1))}).first->second;
  // A card without limit has nothing to pass: a transfer ends with it as it begins.
  held.link.begin(now, speed ? wire_bytes(*flight.message) : 0, number);
  ++flight.cards_left;
  if (const auto wake = next_wake(card, now)) wakes.push_back(*wake);
}

std::optional<Wake> Network::next_wake(std::int64_t card, SimTime now) {
  Card& held = cards_.at(card);
  const std::optional<SimTime> end = held.link.next_end();
  // A wake that comes earlier will look again, and ask for this one.
  if (!end || (held.wakes_at >= now && held.wakes_at <= *end)) return std::nullopt;
  held.wakes_at = *end;
  return Wake{*end, card};
}

std::pair<std::vector<Flight>, std::optional<Wake>> Network::wake(std::int64_t card, SimTime now) {
  BYZ_CHECK(cards_.contains(card), "a card that wakes has begun a transfer");
  Card& held = cards_.at(card);
  // A wake that an earlier one has overtaken finds another time here and clears nothing.
  if (held.wakes_at == now) held.wakes_at = -1;
  std::vector<Flight> through;
  for (const std::int64_t number : held.link.ended(now)) {
    const auto flight = flights_.find(number);
    BYZ_CHECK(flight != flights_.end(), "a transfer ends once at each of its two cards");
    // Through only when both cards have passed all of it.
    if (--flight->second.cards_left > 0) continue;
    through.push_back(std::move(flight->second));
    flights_.erase(flight);
  }
  return {std::move(through), next_wake(card, now)};
}

void Network::walk(Archive& archive) {
  archive.all(*this, unchanged(server_bandwidth_), unchanged(worker_bandwidth_),
              unchanged(serialization_), unchanged(server_threads_), unchanged(worker_threads_),
              threads_, cards_, flights_, departed_);
}

}  // namespace byzsim
