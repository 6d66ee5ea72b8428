// The pending events, in one total order: (time, priority, source, the source's own sequence
// number). No two events compare equal, and an unrelated node cannot reorder others: a queue that
// broke ties by insertion order would let any new event shuffle its neighbours.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "core/check.h"
#include "sim/world/event.h"

namespace byzsim {

/// A priority queue of events with a `Content` that can be copied and made without arguments.
/// Copying the queue copies the future.
///
/// A radix heap over time (Ahuja, Mehlhorn, Orlin and Tarjan, JACM 1990): since nothing is
/// scheduled in the past, an event waits in the bucket of the highest hexadecimal digit in which
/// its time differs from the present, and moves to lower buckets as the present comes near. Events
/// move in sequence, a few times each, where a binary heap jumps through memory at every level.
/// Those of the present instant wait in a small heap ordered by the rest of their keys. What moves
/// is a key and the place of its content, which stays where it is.
template <class Content>
class EventQueue {
 public:
  struct Event {
    EventKey key;
    Content content;
  };

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  /// Every event, in no order: visit(const EventKey&, Content&).
  template <class Visit>
  void for_each(const Visit& visit) {
    for_each_entry([&](const Entry& entry) { visit(entry.key, contents_[entry.place]); });
  }
  /// The same without changing any: visit(const EventKey&, const Content&).
  template <class Visit>
  void for_each(const Visit& visit) const {
    for_each_entry([&](const Entry& entry) { visit(entry.key, contents_[entry.place]); });
  }
  /// When the least event happens.
  SimTime next_time() const {
    BYZ_CHECK(size_ != 0, "an empty queue has no next event");
    return present_.empty() ? buckets_[lowest()].least : now_;
  }

  /// The event may not lie before the last one popped. Of two with one key the second is refused
  /// here when they are pushed in a row, else the first when it is popped: an internal error.
  void push(const EventKey& key, Content&& content) {
    BYZ_CHECK(key.time >= now_, "an event cannot be scheduled in the past");
    if (key.time == pushed_.time) check_order(key, pushed_);
    pushed_ = key;
    place({key, keep(std::move(content))});
    ++size_;
  }

  /// Removes and returns the least event.
  Event pop() {
    BYZ_CHECK(size_ != 0, "an empty queue has no next event");
    if (present_.empty()) advance();
    std::pop_heap(present_.begin(), present_.end(), later);
    const Entry least = present_.back();
    present_.pop_back();
    --size_;
    if (!present_.empty()) check_order(least.key, present_.front().key);
    free_.push_back(least.place);
    return {least.key, std::move(contents_[least.place])};
  }

  /// For an archive (core/input/archive.h): the events in no order, each at its place in time.
  template <class Archive>
  void walk(Archive& archive) {
    std::uint64_t count = size_;
    archive(count, pushed_, now_);
    if (!archive.reads()) {
      for_each([&](const EventKey& key, Content& content) {
        EventKey copy = key;
        archive(copy, content);
      });
      return;
    }
    EventQueue read;
    read.now_ = now_;
    for (std::uint64_t i = 0; i < count; ++i) {
      EventKey key{};
      Content content{};
      archive(key, content);
      Archive::expect(key.time >= now_);
      read.place({key, read.keep(std::move(content))});
      ++read.size_;
    }
    read.pushed_ = pushed_;
    *this = std::move(read);
  }

 private:
  static constexpr std::size_t kDigitBits = 4;
  static constexpr std::size_t kDigits = 1 << kDigitBits;
  static constexpr std::size_t kBuckets = 64 / kDigitBits * kDigits;

  struct Entry {
    EventKey key;
    std::size_t place;  // of the content
  };
  struct Bucket {
    SimTime least = std::numeric_limits<SimTime>::max();
    std::vector<Entry> entries = {};
  };

  static bool later(const Entry& a, const Entry& b) { return b.key < a.key; }

  static void check_order(const EventKey& a, const EventKey& b) {
    BYZ_CHECK(a < b || b < a, "two events have no order");
  }

  template <class Visit>
  void for_each_entry(const Visit& visit) const {
    for (const Entry& entry : present_) visit(entry);
    for (const Bucket& bucket : buckets_)
      for (const Entry& entry : bucket.entries) visit(entry);
  }

  // Where the content is from now on.
  std::size_t keep(Content&& content) {
    if (free_.empty()) {
      contents_.push_back(std::move(content));
      return contents_.size() - 1;
    }
    const std::size_t place = free_.back();
    free_.pop_back();
    contents_[place] = std::move(content);
    return place;
  }

  void place(const Entry& entry) {
    const SimTime time = entry.key.time;
    const auto ahead = static_cast<std::uint64_t>(time ^ now_);
    if (ahead == 0) {
      present_.push_back(entry);
      // Most instants have one event.
      if (present_.size() > 1) std::push_heap(present_.begin(), present_.end(), later);
      return;
    }
    const auto digit = static_cast<std::size_t>(std::bit_width(ahead) - 1) / kDigitBits;
    const auto value = static_cast<std::size_t>(time >> (kDigitBits * digit)) % kDigits;
    const std::size_t index = kDigits * digit + value;
    Bucket& bucket = buckets_[index];
    bucket.least = std::min(bucket.least, time);
    bucket.entries.push_back(entry);
    occupied_[index / 64] |= std::uint64_t{1} << index % 64;
  }

  // The first bucket that holds something.
  std::size_t lowest() const {
    std::size_t word = 0;
    while (occupied_[word] == 0) ++word;
    return 64 * word + static_cast<std::size_t>(std::countr_zero(occupied_[word]));
  }

  // The least time becomes the present, and its bucket is shared out among those below it.
  void advance() {
    const std::size_t index = lowest();
    Bucket& bucket = buckets_[index];
    now_ = bucket.least;
    occupied_[index / 64] &= occupied_[index / 64] - 1;
    for (const Entry& entry : bucket.entries) place(entry);
    bucket.entries.clear();
    bucket.least = std::numeric_limits<SimTime>::max();
  }

  std::vector<Content> contents_;         // of the events that wait, and spare ones
  std::vector<std::size_t> free_;         // the places of the spare ones
  std::vector<Entry> present_;            // events at now_, a heap
  std::array<Bucket, kBuckets> buckets_;  // by digit, the lowest first, and its value
  std::array<std::uint64_t, kBuckets / 64> occupied_{};  // the buckets that hold something
  EventKey pushed_ = {-1, 0, 0, 0};                      // the last
  std::size_t size_ = 0;
  SimTime now_ = 0;
};

}  // namespace byzsim
