// The way of a message from a Send to its delivery where messages have a price: serialization at
// the sender, a transfer that occupies the sender's card outwards and the receiver's inwards, the
// link's delay, and deserialization at the receiver. A value; the Simulation owns the events.
//
// A transfer gets an equal share of each of the two cards and ends when both have passed all of it
// (an upper bound of max-min fairness, exact while one of the two is the bottleneck).
//
// Units: bandwidths are bits a second in scenarios and bytes a nanosecond here; times are
// nanoseconds. Defaults cost nothing: a message then takes its link's delay alone.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "sim/network/shared_link.h"
#include "sim/world/message.h"

namespace byzsim {

class Archive;

/// What messages cost on the way; by default nothing.
struct NetworkPlan {
  std::optional<std::int64_t> server_bandwidth;  ///< bits a second each way; empty: unlimited
  std::optional<std::int64_t> worker_bandwidth;
  std::optional<std::int64_t> serialization;  ///< bits a second on one thread; empty: takes no time
  std::int64_t server_threads = 1;            ///< that (de)serialise
  std::int64_t worker_threads = 1;
};

/// A message on its way.
struct Flight {
  static constexpr std::size_t kFields = 5;  // of an archive
  std::shared_ptr<const Message> message;
  NodeId receiver;
  std::int64_t delay;  ///< of the link, after the transfer
  SimTime sent;
  int cards_left = 0;  ///< that have not passed all of it
};

/// A card that must be looked at again at a time.
struct Wake {
  SimTime time;
  std::int64_t card;
};

/// The cards and serializing threads of all nodes, and the transfers under way.
class Network {
 public:
  explicit Network(const NetworkPlan& plan);

  /// Whether messages have a price at all; without one they only take their delay.
  bool has_price() const { return serialization_ || server_bandwidth_ || worker_bandwidth_; }
  /// When a thread of the node has turned that many bytes into a message, or back: first come,
  /// first served.
  SimTime serialized(NodeId node, std::uint64_t bytes, SimTime now);
  /// The transfer begins; the cards to wake.
  std::vector<Wake> depart(Flight flight, SimTime now);
  /// The transfers under way, by the order of their departures.
  const std::map<std::int64_t, Flight>& flights() const { return flights_; }
  /// Looks at a card: the flights that have ended with it, and when to look again.
  std::pair<std::vector<Flight>, std::optional<Wake>> wake(std::int64_t card, SimTime now);
  /// Writes it, or reads it back (core/input/archive.h).
  void walk(Archive& archive);

 private:
  std::optional<double> bytes_per_ns(NodeId node) const;
  void occupy(std::int64_t card, NodeId node, std::int64_t number, Flight& flight, SimTime now,
              std::vector<Wake>& wakes);
  std::optional<Wake> next_wake(std::int64_t card, SimTime now);

  struct Card {
    static constexpr std::size_t kFields = 2;  // of an archive
    SharedLink link{1};
    SimTime wakes_at = -1;  // the earliest wake under way; -1: none
  };
  std::optional<double> server_bandwidth_, worker_bandwidth_, serialization_;  // bytes a nanosecond
  std::size_t server_threads_, worker_threads_;
  std::map<NodeId, std::vector<SimTime>> threads_;  // when each (de)serialising thread is free
  std::map<std::int64_t, Card> cards_;
  std::map<std::int64_t, Flight> flights_;  // by the order of their departures
  std::int64_t departed_ = 0;
};

}  // namespace byzsim
