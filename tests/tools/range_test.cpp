// Ranges of sweeps: their ends, their order, and how many values they have.
#include "tools/sweep/range.h"

#include <fmt/format.h>

#include <cmath>

#include "core/exact/random.h"
#include "core/input/units.h"
#include "tests/catch.h"
#include "tools/sweep/measured.h"
#include "tools/sweep/whole_keys.h"

namespace byzsim::range_test {
namespace {

constexpr int kRanges = 20'000;  // of every kind

Json range(const Json& from, const Json& to, std::int64_t count, bool logarithmic) {
  return {{"from", from},
          {"to", to},
          {"count", count},
          {"scale", logarithmic ? "logarithmic" : "linear"}};
}

std::vector<Json> values_in(const Json& range, bool whole_key = false) {
  Issues issues;
  std::vector<Json> values = values_of_range(range, whole_key, "/range", issues);
  throw_if_any(issues);
  return values;
}

std::string refusal(const Json& range, bool whole_key = false) {
  Issues issues;
  CHECK(values_of_range(range, whole_key, "/range", issues).empty());
  return issues.empty() ? "" : to_string(issues[0]);
}

// As many as asked for, from one end to the other, each strictly beyond the one before.
bool keeps_its_promises(const std::vector<Json>& values, const Json& range) {
  if (values.size() != range["count"].get<std::size_t>()) return false;
  const double from = measured(range["from"])->size, to = measured(range["to"])->size;
  if (measured(values.front())->size != from || measured(values.back())->size != to) return false;
  for (std::size_t i = 1; i < values.size(); ++i) {
    const double step = measured(values[i])->size - measured(values[i - 1])->size;
    if (!(from < to ? step > 0 : step < 0)) return false;
  }
  return true;
}

// Draws for tests only; the ranges themselves draw nothing.
struct Draws {
  Stream bits = Stream(7, Purpose::batch, 0, 0);
  std::int64_t whole(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(bits.below(static_cast<std::uint64_t>(high - low) + 1));
  }
  // Of any size from 1e-300 to 1e300, of either sign.
  double real(bool positive) {
    const double size =
        std::ldexp(1 + double(whole(0, 1 << 20)) / double(1 << 20), int(whole(-990, 990)));
    return positive || whole(0, 1) == 1 ? size : -size;
  }
  // The other end: anywhere, or as near as a few parts in a million million.
  double other(double end, bool positive) {
    return whole(0, 1) == 0 ? real(positive) : end * (1 + std::ldexp(1.0, -int(whole(1, 36))));
  }
};

}  // namespace

TEST_CASE("ranges of numbers of any size keep their ends, order and count", "[range]") {
  Draws draws;
  for (int i = 0; i < kRanges; ++i) {
    const bool logarithmic = i % 2 == 0;
    const double from = draws.real(logarithmic);
    const Json asked = range(from, draws.other(from, logarithmic), draws.whole(2, 40), logarithmic);
    if (keeps_its_promises(values_in(asked), asked)) continue;
    FAIL(asked.dump() << " gives " << Json(values_in(asked)).dump());
  }
}

TEST_CASE("ranges of whole numbers are whole and keep their ends, order and count", "[range]") {
  Draws draws;
  for (int i = 0; i < kRanges; ++i) {
    const bool logarithmic = i % 2 == 0;
    const std::int64_t most = std::int64_t{1} << draws.whole(1, 52);
    const std::int64_t from = draws.whole(logarithmic ? 1 : -most, most);
    const std::int64_t to = draws.whole(logarithmic ? 1 : -most, most);
    const std::int64_t room = std::abs(to - from) + 1;
    if (room < 2) continue;
    const Json asked =
        range(from, to, draws.whole(2, std::min<std::int64_t>(room, 40)), logarithmic);
    const std::vector<Json> values = values_in(asked, true);
    bool good = keeps_its_promises(values, asked);
    for (const Json& value : values) good = good && value.is_number_integer();
    if (!good) FAIL(asked.dump() << " gives " << Json(values).dump());
  }
}

TEST_CASE("ranges of durations and rates keep their ends, order and count", "[range]") {
  Draws draws;
  for (int i = 0; i < kRanges; ++i) {
    const bool rates = i % 3 == 0;
    const std::int64_t most = std::int64_t{1} << draws.whole(1, 49);
    const std::int64_t from = draws.whole(1, most), to = draws.whole(1, most);
    const std::int64_t room = std::abs(to - from) + 1;
    if (room < 2) continue;
    const auto text = [&](std::int64_t size) {
      return rates ? format_rate(size) : format_duration(size);
    };
    const Json asked =
        range(text(from), text(to), draws.whole(2, std::min<std::int64_t>(room, 40)), i % 2 == 0);
    if (keeps_its_promises(values_in(asked), asked)) continue;
    FAIL(asked.dump() << " gives " << Json(values_in(asked)).dump());
  }
}

TEST_CASE("a narrow logarithmic range has the digits that it needs", "[range]") {
  CHECK(Json(values_in(range(10004, 10008, 3, true))) == Json({10004, 10006, 10008}));
  // sqrt(1.00041 * 1.0008) = 1.00060498
  CHECK(Json(values_in(range(1.00041, 1.0008, 3, true))) == Json({1.00041, 1.000605, 1.0008}));
  CHECK(Json(values_in(range("1000040 ns", "1000090 ns", 3, true))) ==
        Json({"1000.04 us", "1000.065 us", "1000.09 us"}));
}

TEST_CASE("a logarithmic range of whole numbers has each of them once", "[range]") {
  CHECK(Json(values_in(range(10, 100, 4, true), true)) == Json({10, 22, 46, 100}));
  CHECK(Json(values_in(range(1, 10, 7, true), true)) == Json({1, 2, 3, 4, 5, 7, 10}));
  CHECK(Json(values_in(range(10, 1, 10, true), true)) == Json({10, 9, 8, 7, 6, 5, 4, 3, 2, 1}));
}

TEST_CASE("a range with too few different values is refused", "[range]") {
  CHECK(refusal(range(1, 5, 6, true), true) ==
        "/range: has 5 whole numbers, fewer than the 6 values asked for; ask for at most 5 values, "
        "or for a wider range");
  CHECK(refusal(range("1 ns", "3 ns", 4, false)) ==
        "/range: has 3 whole nanoseconds, fewer than the 4 values asked for; ask for at most 3 "
        "values, or for a wider range");
  CHECK(refusal(range(1.0, std::nextafter(1.0, 2.0), 3, false)) ==
        "/range: has fewer than 3 different numbers; ask for fewer values, or for a wider range");
}

TEST_CASE("what cannot be the end of a range is told with what was found", "[range]") {
  CHECK(refusal(range("0x10", 20, 3, false)) ==
        "/range/from: must be a number, a duration or a rate, not \"0x10\"; write numbers, "
        "durations (\"5 ms\") or rates (\"1 Gbit/s\")");
  CHECK(refusal(range(1.5, 20, 3, false), true) ==
        "/range: 1.5 is not a whole number up to 2^53 - 1; a range of whole numbers must have "
        "whole ends");
  Json whole = range("1 ms", "2 ms", 3, false);
  whole["whole"] = true;
  CHECK(refusal(whole) == "/range: only ranges of numbers can be whole; leave \"whole\" out");
}

TEST_CASE("keys that take whole numbers only are known by the scenario's schema", "[range]") {
  for (const char* pointer :
       {"/steps", "/seed", "/workers/count", "/workers/byzantine", "/workers/byzantine/actual",
        "/workers/quorum", "/model/parameters/hidden/0"})
    CHECK(takes_whole_numbers(pointer));
  for (const char* pointer : {"/optimizer/rate", "/optimizer/rate/parameters/initial",
                              "/network/delay/parameters/mean", "/nothing", "", "steps", "/a~2"})
    CHECK_FALSE(takes_whole_numbers(pointer));
}

}  // namespace byzsim::range_test
