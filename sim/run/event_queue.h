// The pending events, in one total order: (time, priority, source, the source's own sequence
// number). No two events compare equal, and an unrelated node cannot reorder others: a queue that
// broke ties by insertion order would let any new event shuffle its neighbours.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
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
/// scheduled in the past, an event waits in the bucket of the highest digit, to base 64, in which
/// its time differs from the present, and moves to lower buckets as the present comes near. Events
/// move in sequence, once or twice each, where a binary heap jumps through memory at every level.
/// A bucket of a few events, or of one instant, is put in order at once: it is the near future, and
/// what is pushed into it later waits in a heap beside it. What moves is a key in 20 bytes and the
/// place of its content, which stays where it is.
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
    for_each_entry([&](const Entry& entry) { visit(key_of(entry), contents_[entry.place]); });
  }
  /// The same without changing any: visit(const EventKey&, const Content&).
  template <class Visit>
  void for_each(const Visit& visit) const {
    for_each_entry([&](const Entry& entry) { visit(key_of(entry), contents_[entry.place]); });
  }
  /// When the least event happens.
  SimTime next_time() const {
    BYZ_CHECK(size_ != 0, "an empty queue has no next event");
    if (near_.empty() && joined_.empty()) return buckets_[lowest()].least;
    return next_is_near() ? near_.back().time : joined_.front().time;
  }

  /// The event may not lie before the last one popped. Its priority has 8 bits and its source 24.
  /// Of two with one key the second is refused here when they are pushed in a row, else the first
  /// when it is popped: an internal error.
  void push(const EventKey& key, Content&& content) {
    BYZ_CHECK(key.time >= now_, "an event cannot be scheduled in the past");
    BYZ_CHECK(fits(key), "an event's priority has 8 bits and its source 24");
    if (key.time == pushed_.time) check_order(key, pushed_);
    pushed_ = key;
    place(entry_of(key, keep(std::move(content))));
    ++size_;
  }

  /// Removes and returns the least event.
  Event pop() {
    BYZ_CHECK(size_ != 0, "an empty queue has no next event");
    if (near_.empty() && joined_.empty()) advance();
    const Entry least = take();
    now_ = least.time;
    --size_;
    if (!near_.empty()) check_order(least, near_.back());
    if (!joined_.empty()) check_order(least, joined_.front());
    free_.push_back(least.place);
    return {key_of(least), std::move(contents_[least.place])};
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
    read.base_ = now_;
    read.limit_ = now_;
    for (std::uint64_t i = 0; i < count; ++i) {
      EventKey key{};
      Content content{};
      archive(key, content);
      Archive::expect(key.time >= now_ && fits(key));
      read.place(entry_of(key, read.keep(std::move(content))));
      ++read.size_;
    }
    read.pushed_ = pushed_;
    *this = std::move(read);
  }

 private:
  static constexpr std::size_t kDigitBits = 6;
  static constexpr std::size_t kValues = 1 << kDigitBits;  // of a digit
  static constexpr std::size_t kDigits = (63 + kDigitBits - 1) / kDigitBits;
  static constexpr std::size_t kFew = 12;  // events that are put in order rather than shared out
  static constexpr std::size_t kSourceBits = 24;

  struct Entry {
    SimTime time;
    std::uint64_t sequence;
    std::uint32_t origin;  // priority, then source
    std::uint32_t place;   // of the content
  };
  struct Bucket {
    SimTime least = std::numeric_limits<SimTime>::max();
    std::vector<Entry> entries = {};
  };

  static bool fits(const EventKey& key) {
    return key.priority >> (32 - kSourceBits) == 0 && key.source >> kSourceBits == 0;
  }
  static Entry entry_of(const EventKey& key, std::uint32_t place) {
    const auto source = static_cast<std::uint32_t>(key.source);
    return {key.time, key.sequence, key.priority << kSourceBits | source, place};
  }
  static EventKey key_of(const Entry& entry) {
    constexpr std::uint32_t kSources = (std::uint32_t{1} << kSourceBits) - 1;
    return {entry.time, entry.origin >> kSourceBits, entry.origin & kSources, entry.sequence};
  }

  static bool later(const Entry& a, const Entry& b) {
    if (a.time != b.time) return a.time > b.time;
    if (a.origin != b.origin) return a.origin > b.origin;
    return a.sequence > b.sequence;
  }

  static void check_order(const EventKey& a, const EventKey& b) {
    BYZ_CHECK(a < b || b < a, "two events have no order");
  }
  static void check_order(const Entry& a, const Entry& b) {
    BYZ_CHECK(a.time != b.time || a.sequence != b.sequence || a.origin != b.origin,
              "two events have no order");
  }

  template <class Visit>
  void for_each_entry(const Visit& visit) const {
    for (const Entry& entry : near_) visit(entry);
    for (const Entry& entry : joined_) visit(entry);
    for (const Bucket& bucket : buckets_)
      for (const Entry& entry : bucket.entries) visit(entry);
  }

  // Where the content is from now on.
  std::uint32_t keep(Content&& content) {
    if (free_.empty()) {
      BYZ_CHECK(contents_.size() < std::numeric_limits<std::uint32_t>::max(),
                "fewer than 2^32 events wait");
      contents_.push_back(std::move(content));
      return static_cast<std::uint32_t>(contents_.size() - 1);
    }
    const std::uint32_t place = free_.back();
    free_.pop_back();
    contents_[place] = std::move(content);
    return place;
  }

  void place(const Entry& entry) {
    if (entry.time > limit_) return place_far(entry);
    joined_.push_back(entry);
    // Most instants have one event.
    if (joined_.size() > 1) std::push_heap(joined_.begin(), joined_.end(), later);
  }

  // Of an event after the near future; of digit 0, where it is at base_.
  void place_far(const Entry& entry) {
    const auto ahead = static_cast<std::uint64_t>(entry.time ^ base_) | 1;
    const auto digit = static_cast<std::size_t>(std::bit_width(ahead) - 1) / kDigitBits;
    const auto value = static_cast<std::size_t>(entry.time >> (kDigitBits * digit)) % kValues;
    Bucket& bucket = buckets_[kValues * digit + value];
    bucket.least = std::min(bucket.least, entry.time);
    bucket.entries.push_back(entry);
    occupied_[digit] |= std::uint64_t{1} << value;
    digits_ |= std::uint32_t{1} << digit;
  }

  // The first bucket that holds something.
  std::size_t lowest() const {
    const auto digit = static_cast<std::size_t>(std::countr_zero(digits_));
    return kValues * digit + static_cast<std::size_t>(std::countr_zero(occupied_[digit]));
  }

  bool next_is_near() const {
    return joined_.empty() || (!near_.empty() && later(joined_.front(), near_.back()));
  }

  // The least of the near future, which is not empty.
  Entry take() {
    if (next_is_near()) {
      const Entry least = near_.back();
      near_.pop_back();
      return least;
    }
    std::pop_heap(joined_.begin(), joined_.end(), later);
    const Entry least = joined_.back();
    joined_.pop_back();
    return least;
  }

  // Finds the near future: the lowest bucket, once it holds few events or one instant alone.
  void advance() {
    for (;;) {
      const std::size_t index = lowest(), digit = index / kValues;
      Bucket& bucket = buckets_[index];
      occupied_[digit] &= occupied_[digit] - 1;
      if (occupied_[digit] == 0) digits_ &= digits_ - 1;
      base_ = bucket.least;
      bucket.least = std::numeric_limits<SimTime>::max();
      if (bucket.entries.size() <= kFew || digit == 0) {
        limit_ = base_ | ((SimTime{1} << (kDigitBits * digit)) - 1);
        near_.swap(bucket.entries);
        if (near_.size() > 1) put_in_order();
        return;
      }
      // Its least event is the near future, and the others are shared out among those below it.
      limit_ = base_ - 1;
      for (const Entry& entry : bucket.entries) place_far(entry);
      bucket.entries.clear();
    }
  }

  void put_in_order() {
    if (near_.size() > kFew) return std::sort(near_.begin(), near_.end(), later);
    for (std::size_t i = 1; i < near_.size(); ++i) {
      const Entry entry = near_[i];
      std::size_t to = i;
      for (; to > 0 && later(entry, near_[to - 1]); --to) near_[to] = near_[to - 1];
      near_[to] = entry;
    }
  }

  std::vector<Content> contents_;    // of the events that wait, and spare ones
  std::vector<std::uint32_t> free_;  // the places of the spare ones
  std::vector<Entry> near_;          // the near future, the least event last
  std::vector<Entry> joined_;        // events not after limit_ that came since, a heap
  std::array<Bucket, kDigits * kValues> buckets_;     // by digit, the lowest first, and its value
  std::array<std::uint64_t, kDigits> occupied_ = {};  // by digit: the buckets that hold something
  std::uint32_t digits_ = 0;                          // with such buckets
  EventKey pushed_ = {-1, 0, 0, 0};                   // the last
  std::size_t size_ = 0;
  SimTime now_ = 0;    // of the last event popped
  SimTime base_ = 0;   // the buckets' digits are compared with it
  SimTime limit_ = 0;  // the end of the near future
};

}  // namespace byzsim
