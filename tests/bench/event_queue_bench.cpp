// The event queue in the hold model: N events pend, and one hold removes the earliest and schedules
// another at its time plus an increment. Prints millions of events a second, and ratios, of
//   std::priority_queue and EventQueue alone, with increments from a table;
//   EventQueue with what a run adds to every event: its record in the digest, and a delay drawn
//   from a stream of its own;
//   the same where every eighth event sends one message to eight receivers, whose delays are drawn
//   at once, as a run draws them. N events pend, or up to seven fewer.
// The works take turns; a ratio is the median of those of the rounds.
//
//   byzsim_hold                       exit code 1 when an aim is missed or two queues disagree
//   byzsim_hold WORK PENDING EVENTS   one work alone, for counting its instructions: standard,
//                                     queue, drawn or sent
#include <fmt/format.h>
#include <sched.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <queue>
#include <span>
#include <string>
#include <vector>

#include "core/exact/digest.h"
#include "core/input/units.h"
#include "sim/network/delays/delay.h"
#include "sim/run/event_queue.h"

namespace {

using namespace byzsim;

constexpr std::size_t kIncrements = 1 << 16;
constexpr std::size_t kRepetitions = 5;
constexpr std::uint64_t kEvents = 2'000'000;
constexpr double kMeanIncrement = kMillisecond;

constexpr std::uint32_t kNodes = 1024;
// Of content a target.
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
  static constexpr std::size_t kAtOnce = 1;
  const std::vector<std::int64_t>& increments;
  std::uint64_t seen = 0;  // of the events, in their order

  void see(const Queue::Event& event) {
    seen = seen * 0x9e3779b97f4a7c15 + (static_cast<std::uint64_t>(event.key.time) ^ event.content);
  }
  void draw(const Queue::Event&, std::uint64_t hold, std::span<std::int64_t> spans) {
    spans[0] = increments[hold % kIncrements];
  }
};

// With the digest's record of every event, and delays from streams of their own: of one message, or
// of one to several receivers.
template <std::size_t Receivers>
struct DrawnAndDigested {
  static constexpr std::size_t kAtOnce = Receivers;
  Delay delay;
  Digest schedule = {};
  std::uint64_t seen = 0;

  void see(const Queue::Event& event) {
    const EventKey& key = event.key;
    schedule.add({static_cast<std::uint64_t>(key.time), key.priority, key.source, key.sequence,
                  event.content});
    seen = schedule.value();
  }
  void draw(const Queue::Event& event, std::uint64_t hold, std::span<std::int64_t> spans) {
    const std::uint64_t node = event.content;
    if constexpr (Receivers == 1) {
      const std::uint64_t link = (event.key.source << 24) | node;
      spans[0] =
          draw_delay(delay, {Stream(1, Purpose::delay, link, hold), 1, link, event.key.time});
    } else {
      std::array<std::uint64_t, Receivers> links;
      for (std::size_t i = 0; i < Receivers; ++i) links[i] = (node << 24) | (node + i) % kNodes;
      draw_delays(delay, {1, hold, event.key.time}, links, spans);
    }
  }
};
using Drawn = DrawnAndDigested<1>;
using Sent = DrawnAndDigested<8>;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Measured {
  double events_a_second;
  std::uint64_t seen;
};

template <class AnyQueue, class Next>
Measured measure(std::size_t pending, std::uint64_t events, Next next,
                 const std::vector<std::int64_t>& first) {
  AnyQueue queue;
  std::uint64_t sequence = 0;
  const auto schedule = [&](SimTime time) {
    const auto node = static_cast<std::uint32_t>(sequence * 2654435761u >> 7) % kNodes;
    queue.push({time, 1, node, sequence}, (node + 1) % kNodes);
    ++sequence;
  };
  for (std::size_t i = 0; i < pending; ++i) schedule(first[i * 7 % kIncrements]);
  const auto hold = [&](std::uint64_t count) {
    std::array<std::int64_t, Next::kAtOnce> spans;
    for (std::uint64_t i = 0; i < count; i += Next::kAtOnce) {
      Queue::Event event{};
      for (std::size_t each = 0; each < Next::kAtOnce; ++each) {
        event = queue.pop();
        next.see(event);
      }
      next.draw(event, sequence, spans);
      for (const std::int64_t span : spans) schedule(event.key.time + span);
    }
  };
  hold(std::min(events, std::max<std::uint64_t>(2 * pending, 100'000)));
  const double start = cpu_seconds();
  hold(events);
  return {static_cast<double>(events) / (cpu_seconds() - start), next.seen};
}

void stay_on_this_core() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(static_cast<std::size_t>(std::max(sched_getcpu(), 0)), &cores);
  sched_setaffinity(0, sizeof cores, &cores);
}

enum class Work { standard, queue, drawn, sent };
constexpr std::array<const char*, 4> kWorks = {"standard", "queue", "drawn", "sent"};

struct Inputs {
  std::vector<std::int64_t> spans = increments();
  Delay delay =
      make_delay({"exponential", defaults(delays().at("exponential").declaration.parameters)}, "");
};

Measured measure(Work work, std::size_t pending, std::uint64_t events, const Inputs& inputs) {
  const auto& [spans, delay] = inputs;
  switch (work) {
    case Work::standard:
      return measure<StandardQueue>(pending, events, FromTable{spans}, spans);
    case Work::queue:
      return measure<Queue>(pending, events, FromTable{spans}, spans);
    case Work::drawn:
      return measure<Queue>(pending, events, Drawn{delay}, spans);
    case Work::sent:
      break;
  }
  return measure<Queue>(pending, events, Sent{delay}, spans);
}

// What is wanted; 0: no aim.
struct Size {
  std::size_t pending;
  double millions;        // of the queue alone
  double times_standard;  // the same
  double sent_share;      // of the queue alone
};
constexpr std::array<Size, 4> kSizes = {
    {{1'000, 20, 1.7, 0.5}, {10'000, 20, 2.5, 0.5}, {100'000, 20, 8, 0.5}, {1'000'000, 20, 0, 0}}};

double median_of(std::array<double, kRepetitions> values) {
  std::sort(values.begin(), values.end());
  return values[kRepetitions / 2];
}

// Medians over the rounds of one size; whether the queues agree and aims are met.
bool measure_size(const Size& size, const Inputs& inputs) {
  std::array<std::array<Measured, kRepetitions>, kWorks.size()> all;
  for (std::size_t round = 0; round < kRepetitions; ++round)
    for (std::size_t work = 0; work < kWorks.size(); ++work)
      all[work][round] = measure(static_cast<Work>(work), size.pending, kEvents, inputs);
  const auto rate = [&](Work work, std::size_t round) {
    return all[static_cast<std::size_t>(work)][round].events_a_second;
  };
  const auto ratio = [&](Work of, Work to) {
    std::array<double, kRepetitions> ratios;
    for (std::size_t i = 0; i < kRepetitions; ++i) ratios[i] = rate(of, i) / rate(to, i);
    return median_of(ratios);
  };
  const auto millions = [&](Work work) {
    std::array<double, kRepetitions> rates;
    for (std::size_t i = 0; i < kRepetitions; ++i) rates[i] = rate(work, i) / 1e6;
    return median_of(rates);
  };
  bool fine = all[0][0].seen == all[1][0].seen;
  if (!fine) fmt::print("the queues disagree\n");
  const auto against = [&](double value, double aim) {
    fine = fine && value >= aim;
    return aim == 0 ? fmt::format("{:.2f}", value)
                    : fmt::format("{:.2f} ({} {})", value, value >= aim ? "aim" : "BELOW", aim);
  };
  fmt::print("{:>9} {:>8.1f} {:>16} {:>16} {:>6.1f} {:>6.2f} {:>6.1f} {:>16}\n", size.pending,
             millions(Work::standard), against(millions(Work::queue), size.millions),
             against(ratio(Work::queue, Work::standard), size.times_standard),
             millions(Work::drawn), ratio(Work::drawn, Work::queue), millions(Work::sent),
             against(ratio(Work::sent, Work::queue), size.sent_share));
  return fine;
}

int measure_alone(const std::string& name, std::size_t pending, std::uint64_t events) {
  const auto found = std::find(kWorks.begin(), kWorks.end(), name);
  if (found == kWorks.end()) {
    fmt::print(stderr, "there is no work {}: standard, queue, drawn or sent\n", name);
    return 2;
  }
  const auto work = static_cast<Work>(found - kWorks.begin());
  fmt::print("{:016x}\n", measure(work, pending, events, {}).seen);
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 4)
    return measure_alone(arguments[1], std::stoul(arguments[2]), std::stoul(arguments[3]));
  stay_on_this_core();
  const Inputs inputs;
  fmt::print(
      "millions of events a second, and ratios; medians of {}\n"
      "{:>9} {:>8} {:>16} {:>16} {:>6} {:>6} {:>6} {:>16}\n",
      kRepetitions, "pending", "standard", "queue", "/ standard", "drawn", "/queue", "sent",
      "/ queue");
  bool fine = true;
  for (const Size& size : kSizes) fine = measure_size(size, inputs) && fine;
  return fine ? 0 : 1;
}
