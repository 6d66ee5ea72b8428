// The event queue in the hold model: N events pend, and one hold removes the earliest and schedules
// another at its time plus an increment. Prints millions of holds a second of std::priority_queue
// and of EventQueue alone, with increments from a table, and of EventQueue with what a run adds to
// every event: its record in the digest and a delay drawn from a stream of its own.
//
//   byzsim_hold        exit code 1 when an aim is missed or two queues disagree
#include <fmt/format.h>
#include <sched.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <queue>
#include <vector>

#include "core/exact/digest.h"
#include "core/input/units.h"
#include "sim/network/delays/delay.h"
#include "sim/run/event_queue.h"

namespace {

using namespace byzsim;

constexpr std::size_t kIncrements = 1 << 16;
constexpr int kRepetitions = 5;
constexpr double kMeanIncrement = kMillisecond;

// Of content a target, as of one of 1024 nodes.
using Queue = EventQueue<std::uint32_t>;

struct Later {
  bool operator()(const Queue::Event& a, const Queue::Event& b) const { return b.key < a.key; }
};

// The standard queue under the names of ours.
struct StandardQueue {
  void push(EventKey key, std::uint32_t content) { heap.push({key, content}); }
  Queue::Event pop() {
    const Queue::Event event = heap.top();
    heap.pop();
    return event;
  }
  std::priority_queue<Queue::Event, std::vector<Queue::Event>, Later> heap;
};

std::vector<std::int64_t> increments() {
  std::vector<std::int64_t> spans(kIncrements);
  Stream stream(1, Purpose::delay, 0, 0);
  for (std::int64_t& span : spans)
    span = static_cast<std::int64_t>(kMeanIncrement * stream.exponential());
  return spans;
}

// The hold's next event: at the time of the last plus the next increment of the table.
struct FromTable {
  const std::vector<std::int64_t>& spans;
  std::uint64_t seen = 0;  // of the events, in their order

  std::int64_t span_after(const Queue::Event& event, std::uint64_t hold) {
    seen = seen * 0x9e3779b97f4a7c15 + (static_cast<std::uint64_t>(event.key.time) ^ event.content);
    return spans[hold % kIncrements];
  }
};

// The same with the digest's record of the event and a delay from a stream of its own.
struct DrawnAndDigested {
  Delay delay;
  Digest schedule = {};
  std::uint64_t seen = 0;

  std::int64_t span_after(const Queue::Event& event, std::uint64_t hold) {
    const EventKey& key = event.key;
    schedule.add({static_cast<std::uint64_t>(key.time), key.priority, key.source, key.sequence,
                  event.content});
    const std::uint64_t link = (key.source << 24) | event.content;
    const std::int64_t span =
        draw_delay(delay, {Stream(1, Purpose::delay, link, hold), 1, link, key.time});
    seen = schedule.value();
    return span;
  }
};

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Measured {
  double holds_a_second;
  std::uint64_t seen;
};

template <class AnyQueue, class Next>
Measured measure(std::size_t pending, Next next, const std::vector<std::int64_t>& first) {
  AnyQueue queue;
  std::uint64_t sequence = 0;
  const auto schedule = [&](SimTime time) {
    const auto node = static_cast<std::uint32_t>(sequence * 2654435761u >> 7) % 1024;
    queue.push({time, 1, node, sequence}, (node + 1) % 1024);
    ++sequence;
  };
  for (std::size_t i = 0; i < pending; ++i) schedule(first[i * 7 % kIncrements]);
  const auto hold = [&](std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) {
      const Queue::Event event = queue.pop();
      schedule(event.key.time + next.span_after(event, sequence));
    }
  };
  hold(std::max<std::uint64_t>(2 * pending, 100'000));
  constexpr std::uint64_t count = 2'000'000;
  const double start = cpu_seconds();
  hold(count);
  return {static_cast<double>(count) / (cpu_seconds() - start), next.seen};
}

template <class AnyQueue, class Next>
Measured median_of(std::size_t pending, const Next& next, const std::vector<std::int64_t>& first) {
  std::array<Measured, kRepetitions> all;
  for (Measured& each : all) each = measure<AnyQueue>(pending, next, first);
  std::sort(all.begin(), all.end(), [](const Measured& a, const Measured& b) {
    return a.holds_a_second < b.holds_a_second;
  });
  return all[kRepetitions / 2];
}

void stay_on_this_core() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(static_cast<std::size_t>(std::max(sched_getcpu(), 0)), &cores);
  sched_setaffinity(0, sizeof cores, &cores);
}

// Millions of holds a second wanted; 0: no aim.
struct Size {
  std::size_t pending;
  double alone;
  double digested;
};
constexpr std::array<Size, 4> kSizes = {
    {{1'000, 20, 10}, {10'000, 20, 5}, {100'000, 20, 0}, {1'000'000, 20, 0}}};

std::string against(double millions, double aim) {
  if (aim == 0) return fmt::format("{:.1f}", millions);
  return fmt::format("{:.1f} ({} {})", millions, millions >= aim ? "aim" : "BELOW", aim);
}

}  // namespace

int main() {
  stay_on_this_core();
  const std::vector<std::int64_t> spans = increments();
  const Delay delay =
      make_delay({"exponential", defaults(delays().at("exponential").declaration.parameters)}, "");
  bool fine = true;
  fmt::print("millions of holds a second; median of {}\n{:>9} {:>20} {:>20} {:>28}\n", kRepetitions,
             "pending", "std::priority_queue", "EventQueue", "with digest and draws");
  for (const auto& [pending, alone, digested] : kSizes) {
    const Measured standard = median_of<StandardQueue>(pending, FromTable{spans}, spans);
    const Measured ours = median_of<Queue>(pending, FromTable{spans}, spans);
    const Measured run = median_of<Queue>(pending, DrawnAndDigested{delay}, spans);
    const double ours_millions = ours.holds_a_second / 1e6, run_millions = run.holds_a_second / 1e6;
    fmt::print("{:>9} {:>20.1f} {:>20} {:>28}\n", pending, standard.holds_a_second / 1e6,
               against(ours_millions, alone), against(run_millions, digested));
    if (standard.seen != ours.seen) fmt::print("the queues disagree\n");
    fine = fine && standard.seen == ours.seen && ours_millions >= alone && run_millions >= digested;
  }
  return fine ? 0 : 1;
}
