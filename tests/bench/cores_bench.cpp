// What two threads of a run pay for a vector that the other one has written: how long a word takes
// from one core to another, and how fast ten vectors of 79,510 floats are read that this core, or
// the other one, wrote last. Steps share nearly all vectors between threads, so that a machine on
// which the second reading is much slower allows less than twice the speed of one thread.
//
//   byzsim_cores [FIRST SECOND]   two processors to compare, by default 0 and 1
#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

constexpr int kRounds = 40;
constexpr int kHandovers = 20'000;
constexpr std::size_t kVectors = 10, kDimension = 79'510;

using Vectors = std::vector<std::vector<float>>;

void run_on(int processor) {
  cpu_set_t only;
  CPU_ZERO(&only);
  CPU_SET(static_cast<std::size_t>(processor), &only);
  sched_setaffinity(0, sizeof only, &only);
}

template <class Work>
double seconds_of(const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void wait_until(const std::atomic<int>& turn, int value) {
  while (turn.load(std::memory_order_acquire) != value) continue;
}

// Half of the time that a word takes there and back.
double nanoseconds_of_handover(int first, int second) {
  std::atomic<int> turn{0};
  std::thread partner([&] {
    run_on(second);
    for (int i = 0; i < kHandovers; ++i) {
      wait_until(turn, 1);
      turn.store(0, std::memory_order_release);
    }
  });
  run_on(first);
  const double seconds = seconds_of([&] {
    for (int i = 0; i < kHandovers; ++i) {
      turn.store(1, std::memory_order_release);
      wait_until(turn, 0);
    }
  });
  partner.join();
  return seconds / kHandovers / 2 * 1e9;
}

void write(Vectors& vectors, float value) {
  for (auto& vector : vectors) std::fill(vector.begin(), vector.end(), value);
}

float sum_of(const Vectors& vectors) {
  float lanes[16] = {};
  for (const auto& vector : vectors)
    for (std::size_t c = 0; c + 16 <= vector.size(); c += 16)
      for (std::size_t k = 0; k < 16; ++k) lanes[k] += vector[c + k];
  return lanes[0] + lanes[15];
}

}  // namespace

int main(int count, char** words) {
  const int first = count > 2 ? std::atoi(words[1]) : 0;
  const int second = count > 2 ? std::atoi(words[2]) : 1;
  double handover = 1e9, own = 1e9, other = 1e9;
  Vectors vectors(kVectors, std::vector<float>(kDimension));
  volatile float seen = 0;  // so that the sums are taken
  // The least of the rounds: other processes only add to it.
  for (int round = 0; round < kRounds; ++round) {
    handover = std::min(handover, nanoseconds_of_handover(first, second));
    write(vectors, static_cast<float>(round));
    own = std::min(own, seconds_of([&] { seen = seen + sum_of(vectors); }));
    std::thread([&] {
      run_on(second);
      write(vectors, static_cast<float>(-round));
    }).join();
    other = std::min(other, seconds_of([&] { seen = seen + sum_of(vectors); }));
  }
  const double gigabytes = double{kVectors * kDimension * sizeof(float)} * 1e-9;
  fmt::print("a word from processor {} to {}: {:.0f} ns\n", first, second, handover);
  fmt::print(
      "ten vectors read: {:.0f} GB/s of its own, {:.0f} GB/s of the other's ({:.2f} times as "
      "long)\n",
      gigabytes / own, gigabytes / other, other / own);
}
