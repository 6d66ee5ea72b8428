// The future of a run and its present: planned events in their total order, and the clock, which
// shows the time of the last one taken.
//
// Invariant: time never goes back. Each node counts the events that it causes, so that what one
// node does changes no key of another's events.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/check.h"
#include "sim/run/event_queue.h"
#include "sim/world/event.h"

namespace byzsim {

/// A planned event, and what planned it.
struct Planned {
  static constexpr std::size_t kFields = 3;  // of an archive
  NodeId target;
  std::uint64_t cause;  ///< number of the event that planned it; 0: the run's start
  Event event;
};

/// The queue with the clock.
class Future {
 public:
  Future(std::size_t servers, std::size_t workers)
      : sequences_({std::vector<std::uint64_t>(servers), std::vector<std::uint64_t>(workers)}) {}

  SimTime now() const { return now_; }
  bool empty() const { return queue_.empty(); }
  std::size_t size() const { return queue_.size(); }
  SimTime next_time() const { return queue_.next_time(); }
  /// `time` is not in the past; `source` caused the event.
  void plan(NodeId source, SimTime time, Planned&& planned) {
    BYZ_CHECK(source.index < sequences_[static_cast<std::size_t>(source.role)].size(),
              "an event is caused by a node of the run");
    std::uint64_t& sequence = sequences_[static_cast<std::size_t>(source.role)][source.index];
    const auto priority = static_cast<std::uint32_t>(planned.event.index());
    queue_.push({time, priority, source.code(), sequence++}, std::move(planned));
  }
  /// Takes the least event out; its time is the present from now on.
  EventQueue<Planned>::Event advance() {
    EventQueue<Planned>::Event event = queue_.pop();
    now_ = event.key.time;
    return event;
  }
  /// Every planned event, in no order: visit(const EventKey&, Planned&).
  template <class Visit>
  void for_each(const Visit& visit) {
    queue_.for_each(visit);
  }
  /// The same without changing any: visit(const EventKey&, const Planned&).
  template <class Visit>
  void for_each(const Visit& visit) const {
    queue_.for_each(visit);
  }
  /// For an archive (core/input/archive.h).
  template <class Archive>
  void walk(Archive& archive) {
    archive.all(*this, queue_, now_, sequences_);
  }

 private:
  EventQueue<Planned> queue_;
  SimTime now_ = 0;
  std::array<std::vector<std::uint64_t>, 2> sequences_;  // events caused so far, by role and index
};

}  // namespace byzsim
