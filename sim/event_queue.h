// The future, in one total order: (time, priority, source, the source's own sequence number). No
// two events compare equal, and an unrelated node cannot reorder others: a queue that broke ties by
// insertion order would let any new event shuffle its neighbours.
#pragma once

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include "core/check.h"
#include "sim/time.h"

namespace byzsim {

/// Where an event stands in time.
struct EventKey {
  SimTime time;
  std::uint32_t priority;  ///< kinds of events at the same instant; lower first
  std::uint64_t source;    ///< code of the node that caused it
  std::uint64_t sequence;  ///< counts the events that this source caused

  friend bool operator<(const EventKey& a, const EventKey& b) {
    return std::tie(a.time, a.priority, a.source, a.sequence) <
           std::tie(b.time, b.priority, b.source, b.sequence);
  }
};

/// A priority queue of events with a copyable `Content`. Copying it copies the future.
template <class Content>
class EventQueue {
 public:
  struct Event {
    EventKey key;
    Content content;
  };

  bool empty() const { return heap_.empty(); }
  /// When the least event happens.
  SimTime next_time() const {
    BYZ_CHECK(!heap_.empty(), "an empty queue has no next event");
    return heap_.front().key.time;
  }
  std::size_t size() const { return heap_.size(); }

  /// The event may not lie before the last one popped.
  void push(EventKey key, Content content) {
    BYZ_CHECK(key.time >= now_, "an event cannot be scheduled in the past");
    heap_.push_back({key, std::move(content)});
    std::push_heap(heap_.begin(), heap_.end(), later);
  }

  /// Removes and returns the least event.
  Event pop() {
    BYZ_CHECK(!heap_.empty(), "an empty queue has no next event");
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Event event = std::move(heap_.back());
    heap_.pop_back();
    now_ = event.key.time;
    return event;
  }

 private:
  static bool later(const Event& a, const Event& b) {
    BYZ_CHECK(a.key < b.key || b.key < a.key || &a == &b, "two events have no order");
    return b.key < a.key;
  }

  std::vector<Event> heap_;
  SimTime now_ = 0;
};

}  // namespace byzsim
