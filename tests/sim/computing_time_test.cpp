// How long computing takes in simulated time.
#include <map>
#include <set>
#include <string>

#include "core/input/units.h"
#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::computing_time_test {
namespace {

/// small_sgd where a gradient takes 2 ms, an aggregation 3 ms and both roles have this rule.
Json computing(const std::string& rule) {
  Json json = small_sgd();
  json["compute"]["gradient"] = {{"name", "constant"}, {"parameters", {{"value", "2 ms"}}}};
  json["compute"]["aggregation"] = {{"name", "constant"}, {"parameters", {{"value", "3 ms"}}}};
  json["workers"]["aggregator"] = json["servers"]["aggregator"] = rule;
  return json;
}

/// The time spans of all computations of workers or servers.
std::set<std::int64_t> spans_of(const Json& json, Role role) {
  World world(json);
  std::set<std::int64_t> spans;
  for (const Occurrence& event : run_to_end(world.simulation))
    if (event.computation() && event.target.role == role)
      spans.insert(event.time - event.computation()->begun);
  return spans;
}

using Spans = std::set<std::int64_t>;

}  // namespace

TEST_CASE("a gradient and an aggregation take what is drawn for them") {
  CHECK(spans_of(computing("average"), Role::worker) == Spans{2 * kMillisecond});
  CHECK(spans_of(computing("average"), Role::server) == Spans{3 * kMillisecond});
}

TEST_CASE("every example of a batch adds its time to a gradient, and to nothing else") {
  const Json json = with(computing("average"), "/compute/sample", "50 us");
  CHECK(spans_of(json, Role::worker) == Spans{2 * kMillisecond + 4 * 50 * kMicrosecond});
  CHECK(spans_of(json, Role::server) == Spans{3 * kMillisecond});
}

TEST_CASE("the operations of a rule add their time to an aggregation, and to nothing else") {
  // Of n = 4 vectors of d = 21: n d = 84, n log2(n) d = 168 and n^2 d / 2 = 168, a microsecond
  // each.
  for (const auto& [rule, operations] :
       std::map<std::string, std::int64_t>{{"average", 84}, {"median", 168}, {"mda", 168}}) {
    CAPTURE(rule);
    const Json json = with(computing(rule), "/compute/operations_per_second", 1'000'000);
    CHECK(spans_of(json, Role::server) == Spans{3 * kMillisecond + operations * kMicrosecond});
    CHECK(spans_of(json, Role::worker) == Spans{2 * kMillisecond});
  }
}

TEST_CASE("a faster machine needs less time for the same operations") {
  const Json json = with(computing("average"), "/compute/operations_per_second", 84'000'000);
  CHECK(spans_of(json, Role::server) == Spans{3 * kMillisecond + kMicrosecond});
}

}  // namespace byzsim::computing_time_test
