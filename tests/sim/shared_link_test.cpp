// Processor sharing: every transfer under way gets an equal part of the link.
#include "sim/network/shared_link.h"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "core/exact/random.h"
#include "tests/catch.h"

namespace byzsim::shared_link_test {
namespace {

struct Transfer {
  SimTime begin;
  std::uint64_t bytes;
};

/// When each transfer ends, by number, if they begin as told; looked at whenever one may end.
std::map<std::int64_t, SimTime> ends_of(SharedLink link, const std::vector<Transfer>& transfers) {
  std::map<std::int64_t, SimTime> ends;
  const auto serve = [&](std::optional<SimTime> until) {
    while (const auto next = link.next_end()) {
      if (until && *next > *until) return;
      for (const std::int64_t number : link.ended(*next)) ends[number] = *next;
    }
  };
  for (std::size_t i = 0; i < transfers.size(); ++i) {
    serve(transfers[i].begin);
    link.begin(transfers[i].begin, transfers[i].bytes, static_cast<std::int64_t>(i));
  }
  serve(std::nullopt);
  return ends;
}

/// Transfers of random sizes that begin at random times, some of them together.
std::vector<Transfer> random_transfers(std::uint64_t seed) {
  Stream stream(seed, Purpose::delay, 0, 0);
  std::vector<Transfer> transfers;
  SimTime begin = 0;
  for (int i = 0; i < 50; ++i) {
    begin += static_cast<SimTime>(stream.below(3) * stream.below(2000));
    transfers.push_back({begin, 1 + stream.below(5000)});
  }
  return transfers;
}

constexpr double kSpeed = 1.25;  // bytes a nanosecond: 10 Gbit/s

}  // namespace

TEST_CASE("a transfer alone takes its bytes over the bandwidth, rounded up") {
  CHECK(ends_of(SharedLink(kSpeed), {{0, 1000}}).at(0) == 800);
  CHECK(ends_of(SharedLink(kSpeed), {{300, 1000}}).at(0) == 1100);
  CHECK(ends_of(SharedLink(kSpeed), {{0, 1001}}).at(0) == 801);  // 800.8
  CHECK(ends_of(SharedLink(kSpeed), {{70, 0}}).at(0) == 70);
}

TEST_CASE("k equal transfers begun together end together at k times the time of one") {
  for (const std::int64_t k : {1, 2, 3, 7, 40, 1000}) {
    CAPTURE(k);
    const auto ends =
        ends_of(SharedLink(kSpeed), std::vector<Transfer>(static_cast<std::size_t>(k), {50, 1000}));
    CHECK(ends.size() == static_cast<std::size_t>(k));
    for (const auto& [number, end] : ends) REQUIRE(end == 50 + k * 800);
  }
}

TEST_CASE("transfers that end together end in the order of their beginnings") {
  SharedLink link(kSpeed);
  for (const std::int64_t number : {4, 1, 9}) link.begin(0, 1000, number);
  CHECK(link.ended(2400) == std::vector<std::int64_t>{1, 4, 9});
}

TEST_CASE("a late transfer slows the first") {
  // One byte a nanosecond. Alone until 400, the first has 600 bytes left and gets half of the link:
  // it ends at 400 + 1200. The second has 400 left then, alone: 2000.
  const auto ends = ends_of(SharedLink(1), {{0, 1000}, {400, 1000}});
  CHECK(ends.at(0) == 1600);
  CHECK(ends.at(1) == 2000);
}

TEST_CASE("a small transfer overtakes a large one") {
  // Both get half from 100 on: 50 bytes take 100, and the large one loses those 50.
  const auto ends = ends_of(SharedLink(1), {{0, 1000}, {100, 50}});
  CHECK(ends.at(1) == 200);
  CHECK(ends.at(0) == 1050);
}

TEST_CASE("a link that is never idle has passed all its bytes at the bandwidth") {
  std::vector<Transfer> transfers = random_transfers(1);
  transfers[0].bytes = 10'000;
  std::uint64_t bytes = 0;
  for (Transfer& transfer : transfers) {
    transfer.begin /= 1000;  // far faster than the link can pass them on
    bytes += transfer.bytes;
  }
  SimTime last = 0;
  for (const auto& [number, end] : ends_of(SharedLink(kSpeed), transfers))
    last = std::max(last, end);
  // Times are whole nanoseconds: each end may be rounded up.
  const double busy = double(last - transfers[0].begin) - double(bytes) / kSpeed;
  CHECK(busy >= 0);
  CHECK(busy <= double(transfers.size()));
}

TEST_CASE("no transfer ends before it would end alone, nor later than behind all others") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const std::vector<Transfer> transfers = random_transfers(seed);
    double bytes = 0;
    for (const Transfer& transfer : transfers) bytes += double(transfer.bytes);
    const auto ends = ends_of(SharedLink(kSpeed), transfers);
    REQUIRE(ends.size() == transfers.size());
    for (const auto& [number, end] : ends) {
      CAPTURE(seed, number);
      const Transfer& transfer = transfers[static_cast<std::size_t>(number)];
      REQUIRE(double(end - transfer.begin) >= double(transfer.bytes) / kSpeed);
      REQUIRE(double(end - transfer.begin) <= bytes / kSpeed + double(ends.size()));
    }
  }
}

TEST_CASE("looking at a link more often changes no end") {
  SharedLink link(kSpeed);
  link.begin(0, 1000, 0);
  link.begin(100, 1000, 1);
  for (SimTime now = 101; now < 1500; now += 7) REQUIRE(link.ended(now).empty());
  // Alone the first has passed 125 bytes by 100; 875 more take 1400 at half the bandwidth.
  CHECK(link.next_end() == 1500);
  CHECK(link.ended(1500) == std::vector<std::int64_t>{0});
  CHECK(link.ended(1600) == std::vector<std::int64_t>{1});
}

TEST_CASE("a copied link continues alike, and apart") {
  SharedLink link(kSpeed);
  link.begin(0, 1000, 0);
  link.begin(300, 700, 1);
  SharedLink copy = link;
  copy.begin(400, 5000, 2);
  // Without the third: 375 bytes of the first have passed by 300; 625 at half of 1.25 take 1000,
  // and the second has 75 left then.
  const std::map<std::int64_t, SimTime> undisturbed = {{0, 1300}, {1, 1360}};
  CHECK(ends_of(link, {}) == undisturbed);
  CHECK(ends_of(copy, {}).at(1) > 1360);
  CHECK(ends_of(link, {}) == undisturbed);
}

TEST_CASE("a link is not served backwards") {
  SharedLink link(kSpeed);
  link.begin(100, 1000, 0);
  CHECK_THROWS(link.ended(99));
}

}  // namespace byzsim::shared_link_test
