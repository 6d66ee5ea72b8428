#include "core/machine/parallel.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/catch.h"

namespace byzsim::parallel_test {
namespace {

constexpr int kThreadCounts[] = {1, 2, 3, 8};

}  // namespace

TEST_CASE("an executor calls every index exactly once") {
  for (const int threads : kThreadCounts) {
    CAPTURE(threads);
    const Executor executor(threads);
    std::vector<int> calls(1000, 0);
    executor.for_each(calls.size(), [&](std::size_t i) { ++calls[i]; });
    CHECK(calls == std::vector<int>(1000, 1));
  }
}

TEST_CASE("an executor calls nothing for an empty range") {
  for (const int threads : kThreadCounts) {
    int calls = 0;
    Executor(threads).for_each(0, [&](std::size_t) { ++calls; });
    CHECK(calls == 0);
  }
}

TEST_CASE("loops may be nested") {
  const Executor executor(3);
  std::vector<int> calls(20 * 30, 0);
  executor.for_each(20, [&](std::size_t i) {
    executor.for_each(30, [&](std::size_t j) { ++calls[i * 30 + j]; });
  });
  CHECK(calls == std::vector<int>(600, 1));
}

TEST_CASE("an exception of a loop's body arrives at the caller") {
  for (const int threads : kThreadCounts) {
    CAPTURE(threads);
    const Executor executor(threads);
    const auto body = [](std::size_t i) {
      if (i == 70) throw std::runtime_error("seventy");
    };
    CHECK_THROWS_WITH(executor.for_each(100, body), "seventy");
  }
}

TEST_CASE("a loop is broken off before a piece, by what its executor throws") {
  for (const int threads : kThreadCounts) {
    CAPTURE(threads);
    std::atomic<int> asked = 0, called = 0;
    const Executor executor(threads, Launched::soon, [&] {
      if (++asked > 70) throw std::runtime_error("enough");
    });
    CHECK_THROWS_WITH(executor.for_each(1000, [&](std::size_t) { ++called; }), "enough");
    CHECK(called == 70);
  }
}

TEST_CASE("an executor says how many threads it was given") {
  for (const int threads : kThreadCounts) CHECK(Executor(threads).threads() == threads);
}

TEST_CASE("an executor needs at least one thread") { CHECK_THROWS_AS(Executor(0), InternalError); }

TEST_CASE("a launched value is the value of its function") {
  for (const int threads : kThreadCounts) {
    CAPTURE(threads);
    const Executor executor(threads);
    std::vector<Pending<int>> squares;
    for (int i = 0; i < 200; ++i) squares.push_back(executor.launch<int>([i] { return i * i; }));
    finish_all(squares);
    int sum = 0;
    for (const Pending<int>& square : squares) sum += square.get();
    CHECK(sum == 199 * 200 * 399 / 6);
  }
}

TEST_CASE("a launched value may ask for another") {
  for (const int threads : kThreadCounts) {
    CAPTURE(threads);
    const Executor executor(threads);
    Pending<int> chain = Pending<int>::ready(0);
    for (int i = 0; i < 100; ++i)
      chain = executor.launch<int>([before = chain] { return before.get() + 1; });
    CHECK(chain.get() == 100);
  }
}

TEST_CASE("a pending value is computed once although many threads ask for it") {
  for (int attempt = 0; attempt < 20; ++attempt) {
    std::atomic<int> computed{0};
    const auto pending = Pending<int>::deferred([&] { return ++computed; });
    std::vector<int> seen(8, 0);
    std::vector<std::thread> threads;
    for (int& each : seen) threads.emplace_back([&each, pending] { each = pending.get(); });
    for (std::thread& thread : threads) thread.join();
    CHECK(computed == 1);
    CHECK(seen == std::vector<int>(8, 1));
  }
}

TEST_CASE("a deferred value is not computed before it is asked for") {
  bool computed = false;
  const auto pending = Pending<int>::deferred([&] {
    computed = true;
    return 1;
  });
  CHECK_FALSE(computed);
  pending.help();
  CHECK(computed);
}

TEST_CASE("an exception of a computation arrives at everyone who asks") {
  for (const int threads : kThreadCounts) {
    CAPTURE(threads);
    const Executor executor(threads);
    const Pending<int> pending =
        executor.launch<int>([]() -> int { throw std::runtime_error("no value"); });
    CHECK_NOTHROW(pending.help());
    CHECK_THROWS_WITH(pending.get(), "no value");
    CHECK_THROWS_WITH(pending.get(), "no value");
  }
}

TEST_CASE("an empty pending value is no value") {
  const Pending<int> nothing;
  CHECK_FALSE(nothing);
  CHECK_THROWS_AS(nothing.get(), InternalError);
}

TEST_CASE("an executor may end before anyone asked for what it launched") {
  std::vector<Pending<int>> launched;
  {
    const Executor executor(3);
    for (int i = 0; i < 50; ++i) launched.push_back(executor.launch<int>([i] { return i; }));
  }
  int sum = 0;
  for (const Pending<int>& each : launched) sum += each.get();
  CHECK(sum == 49 * 50 / 2);
}

TEST_CASE("an executor may end while every thread is at work for another one") {
  const Executor outer(2);
  std::vector<int> sums(2);
  outer.for_each(sums.size(), [&](std::size_t i) {
    std::vector<Pending<int>> launched;
    {
      const Executor inner(2);
      for (int value = 1; value <= 4; ++value)
        launched.push_back(inner.launch<int>([value] { return value; }));
    }
    for (const Pending<int>& each : launched) sums[i] += each.get();
  });
  CHECK(sums == std::vector<int>{10, 10});
}

TEST_CASE("a value that nobody awaits any more is not kept for those launched before it") {
  const Executor executor(2);
  std::atomic<bool> begun = false, stop = false;
  const Pending<int> busy = executor.launch<int>([&] {  // keeps the other thread
    begun = true;
    while (!stop) std::this_thread::yield();
    return 0;
  });
  while (!begun) std::this_thread::yield();
  auto kept = std::make_shared<int>(7);
  const std::weak_ptr<int> value = kept;
  {
    const auto launched =
        executor.launch<std::shared_ptr<int>>([moved = std::move(kept)] { return moved; });
    CHECK(*launched.get() == 7);
  }
  CHECK(value.expired());
  stop = true;
  CHECK(busy.get() == 0);
}

TEST_CASE("whoever waits with help does meanwhile what else was launched") {
  const Executor executor(2);
  std::atomic<bool> begun = false, other_done = false;
  // Keeps the only other thread busy until the second task has run, or for ten seconds.
  const auto first = executor.launch<bool>([&] {
    begun = true;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!other_done && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    return other_done.load();
  });
  while (!begun) std::this_thread::yield();
  const auto second = executor.launch<int>([&] {
    other_done = true;
    return 2;
  });
  executor.finish_helping(std::vector{first});
  CHECK(first.get());
  CHECK(second.get() == 2);
}

}  // namespace byzsim::parallel_test
