#include "sim/run/event_queue.h"

#include <limits>
#include <queue>
#include <vector>

#include "core/exact/random.h"
#include "tests/catch.h"

namespace byzsim::event_queue_test {
namespace {

using Queue = EventQueue<int>;

std::vector<int> drain(Queue& queue) {
  std::vector<int> contents;
  while (!queue.empty()) contents.push_back(queue.pop().content);
  return contents;
}

/// All 3 * 3 * 3 * 3 keys over {0, 1, 2}, in the order in which they must be popped.
std::vector<EventKey> keys_in_order() {
  std::vector<EventKey> keys;
  for (SimTime time = 0; time < 3; ++time)
    for (std::uint32_t priority = 0; priority < 3; ++priority)
      for (std::uint64_t source = 0; source < 3; ++source)
        for (std::uint64_t sequence = 0; sequence < 3; ++sequence)
          keys.push_back({time, priority, source, sequence});
  return keys;
}

std::vector<int> numbers_up_to(std::size_t count) {
  std::vector<int> numbers;
  for (std::size_t i = 0; i < count; ++i) numbers.push_back(static_cast<int>(i));
  return numbers;
}

void shuffle(std::vector<int>& numbers, Stream stream) {
  for (std::size_t i = numbers.size(); i > 1; --i)
    std::swap(numbers[i - 1], numbers[stream.below(i)]);
}

}  // namespace

TEST_CASE("an earlier event comes first whatever the rest of its key") {
  Queue queue;
  queue.push({2, 0, 0, 0}, 2);
  queue.push({1, 9, 9, 9}, 1);
  CHECK(drain(queue) == std::vector<int>{1, 2});
}

TEST_CASE("at one instant the lower priority number comes first") {
  Queue queue;
  queue.push({5, 2, 0, 0}, 2);
  queue.push({5, 1, 9, 9}, 1);
  CHECK(drain(queue) == std::vector<int>{1, 2});
}

TEST_CASE("at one instant and priority the lower source comes first") {
  Queue queue;
  queue.push({5, 1, 4, 0}, 2);
  queue.push({5, 1, 3, 9}, 1);
  CHECK(drain(queue) == std::vector<int>{1, 2});
}

TEST_CASE("events of one source at one instant keep the order of their causes") {
  Queue queue;
  queue.push({5, 1, 4, 8}, 2);
  queue.push({5, 1, 4, 7}, 1);
  CHECK(drain(queue) == std::vector<int>{1, 2});
}

TEST_CASE("the order of pushes never matters") {
  const std::vector<EventKey> keys = keys_in_order();
  const std::vector<int> in_order = numbers_up_to(keys.size());
  for (std::uint64_t attempt = 0; attempt < 50; ++attempt) {
    std::vector<int> pushed = in_order;
    shuffle(pushed, Stream(1, Purpose::attack, 0, attempt));
    Queue queue;
    for (const int i : pushed) queue.push(keys[static_cast<std::size_t>(i)], int{i});
    CAPTURE(attempt);
    CHECK(drain(queue) == in_order);
  }
}

TEST_CASE("two events with the same key are refused") {
  Queue queue;
  queue.push({5, 1, 4, 7}, 1);
  CHECK_THROWS_AS(queue.push({5, 1, 4, 7}, 2), InternalError);
}

TEST_CASE("two equal keys far apart in the heap are found by the time they are popped") {
  const std::vector<EventKey> keys = keys_in_order();
  const auto push_all_and_drain = [&](std::size_t twice) {
    Queue queue;
    for (const EventKey& key : keys) queue.push(key, 0);
    queue.push(keys[twice], 1);
    drain(queue);
  };
  for (std::size_t twice = 0; twice < keys.size(); ++twice) {
    CAPTURE(twice);
    CHECK_THROWS_AS(push_all_and_drain(twice), InternalError);
  }
}

TEST_CASE("events are popped as a standard queue would, from nanoseconds to centuries ahead") {
  const auto later = [](const EventKey& a, const EventKey& b) { return b < a; };
  std::priority_queue<EventKey, std::vector<EventKey>, decltype(later)> expected(later);
  Queue queue;
  Stream stream(1, Purpose::delay, 0, 0);
  SimTime now = 0;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    // Spans of 0 to 60 bits; a third of all events lies at the present instant.
    const std::uint64_t bits = stream.below(3) == 0 ? 0 : stream.below(61);
    const auto span = static_cast<SimTime>(stream.bits() & ((std::uint64_t{1} << bits) - 1));
    const bool fits = span < std::numeric_limits<SimTime>::max() - now;
    const EventKey key{now + (fits ? span : 0), static_cast<std::uint32_t>(stream.below(3)),
                       stream.below(3), i};
    queue.push(key, static_cast<int>(i));
    expected.push(key);
    REQUIRE(queue.next_time() == expected.top().time);
    if (stream.below(2) == 0) continue;
    const Queue::Event event = queue.pop();
    REQUIRE(event.key.sequence == expected.top().sequence);
    REQUIRE(event.content == static_cast<int>(event.key.sequence));
    expected.pop();
    now = event.key.time;
  }
  CHECK(queue.size() == expected.size());
  for (; !expected.empty(); expected.pop())
    REQUIRE(queue.pop().key.sequence == expected.top().sequence);
  CHECK(queue.empty());
}

TEST_CASE("crowds of one instant and of near ones are popped in order") {
  // 40 instants with 1 to 40 events each, of which the later ones are pushed in between.
  Queue queue;
  int pushed = 0, popped = 0;
  const auto push = [&](SimTime time) {
    queue.push({time, 1, 1, static_cast<std::uint64_t>(pushed)}, 0);
    ++pushed;
  };
  for (SimTime time = 0; time < 40; ++time)
    for (SimTime i = 0; i < time + 1; ++i) push(1000 + time);
  EventKey last{0, 0, 0, 0};
  while (!queue.empty()) {
    const EventKey key = queue.pop().key;
    ++popped;
    REQUIRE(last < key);
    last = key;
    if (pushed < 2000) push(key.time + pushed % 3);
  }
  CHECK(popped == 2000);
}

TEST_CASE("the priority of an event has 8 bits and its source 24") {
  Queue queue;
  CHECK_THROWS_AS(queue.push({1, 256, 0, 0}, 0), InternalError);
  CHECK_THROWS_AS(queue.push({1, 0, 1 << 24, 0}, 0), InternalError);
  queue.push({1, 255, (1 << 24) - 1, 7}, 0);
  const EventKey key = queue.pop().key;
  CHECK(key.priority == 255);
  CHECK(key.source == (1 << 24) - 1);
  CHECK(key.sequence == 7);
}

TEST_CASE("nothing can be scheduled before the last event popped") {
  Queue queue;
  queue.push({5, 0, 0, 0}, 0);
  queue.pop();
  CHECK_THROWS_AS(queue.push({4, 0, 0, 1}, 0), InternalError);
  CHECK_NOTHROW(queue.push({5, 0, 0, 1}, 0));
}

TEST_CASE("an empty queue has no next event") {
  Queue queue;
  CHECK_THROWS_AS(queue.next_time(), InternalError);
  CHECK_THROWS_AS(queue.pop(), InternalError);
}

TEST_CASE("a copied queue continues as the original does") {
  Queue queue;
  for (const EventKey& key : keys_in_order()) queue.push(key, static_cast<int>(queue.size()));
  for (int i = 0; i < 20; ++i) queue.pop();
  Queue copy = queue;
  const std::vector<int> rest = drain(copy);
  REQUIRE(rest.size() == 61);  // 81 keys less 20
  CHECK(queue.size() == 61);
  CHECK(drain(queue) == rest);
}

TEST_CASE("a copied queue keeps the present") {
  Queue queue;
  queue.push({5, 0, 0, 0}, 0);
  queue.pop();
  Queue copy = queue;
  CHECK_THROWS_AS(copy.push({4, 0, 0, 0}, 0), InternalError);
}

TEST_CASE("simulated time neither runs backwards nor passes its end") {
  constexpr SimTime last = std::numeric_limits<SimTime>::max();
  CHECK(after(3, 4) == 7);
  CHECK(after(last, 0) == last);
  CHECK_THROWS_AS(after(3, -1), InternalError);
  CHECK(after(last, 1) == kEndOfTime);
  CHECK(after(last - 5, 4) == last - 1);
  CHECK(times(last / 2, 3) == kEndOfTime);
  CHECK(span_of(1e30) == kEndOfTime);
}

}  // namespace byzsim::event_queue_test
