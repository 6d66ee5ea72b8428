// The numbers of a scenario that a search may choose, and their ranges.
#include "adversaries/search/search_space.h"

#include "core/input/units.h"
#include "tests/catch.h"
#include "tests/sim/graph_scenarios.h"

namespace byzsim::search_space_test {
namespace {

std::vector<std::string> pointers_of(const std::vector<SearchVariable>& variables) {
  std::vector<std::string> pointers;
  for (const SearchVariable& each : variables) pointers.push_back(each.pointer);
  return pointers;
}

SearchVariable at(const Json& json, const std::string& pointer) {
  return numbers_below(read(json), pointer).at(0);
}

const std::string kZ = "/adversary/workers/parameters/z";
const std::string kMean = "/network/delay/parameters/mean";

}  // namespace

TEST_CASE("a search is over what the adversary has chosen", "[search]") {
  const Json json = with(small_attacked_byzsgd(), "/adversary/scheduler", "keep_apart");
  CHECK(pointers_of(numbers_of_adversary(read(json))) ==
        std::vector<std::string>{
            "/adversary/scheduler/parameters/near", "/adversary/scheduler/parameters/far", kZ,
            "/adversary/workers/parameters/sign", "/adversary/workers/parameters/ddof",
            "/adversary/servers/parameters/factor"});
}

TEST_CASE("what has no effect beside an attack's other parameters is not searched over",
          "[search]") {
  Json json = small_gossip();
  json["nodes"]["byzantine"] = 1;
  json["adversary"]["nodes"] =
      "dissensus";  // of a fixed strength, which needs no search of its own
  CHECK(pointers_of(numbers_of_adversary(read(json))) ==
        std::vector<std::string>{"/adversary/nodes/parameters/strength"});
}

TEST_CASE("attacks of nobody are not searched over", "[search]") {
  CHECK(numbers_of_adversary(read(small_byzsgd())).empty());
}

TEST_CASE("every number has its place, those of lists too", "[search]") {
  Json json = small_byzsgd();
  json["network"]["links"] = Json::array({{{"delay", {{"name", "uniform"}}}}});
  json["network"]["faults"] = Json::array({"loss"});
  const auto links = pointers_of(numbers_below(read(json), "/network/links"));
  CHECK(links == std::vector<std::string>{"/network/links/0/delay/parameters/low",
                                          "/network/links/0/delay/parameters/high"});
  CHECK_FALSE(numbers_below(read(json), "/network/faults/0").empty());
  const Json written = write(read(json));
  for (const SearchVariable& each : numbers_of(read(json)))
    // Its object stands there; a value at its default may be left out.
    CHECK(written.contains(Json::json_pointer(each.pointer).parent_pointer()));
}

TEST_CASE("an unbounded range ends at ten times the default", "[search]") {
  const SearchVariable z = at(small_attacked_byzsgd(), kZ);  // 1.5 in [0, 1e12]
  CHECK(z.low == 0);
  CHECK(z.high == 15);
}

TEST_CASE("a range ends at ten times what the scenario says where that is more", "[search]") {
  const Json json = with(small_attacked_byzsgd(), "/adversary/workers",
                         {{"name", "a_little_is_enough"}, {"parameters", {{"z", 4}}}});
  CHECK(at(json, kZ).high == 40);
}

TEST_CASE("a narrower declared range is searched whole", "[search]") {
  const SearchVariable sign = at(small_attacked_byzsgd(), "/adversary/workers/parameters/sign");
  CHECK(sign.low == -1);
  CHECK(sign.high == 1);
  CHECK(values_of(sign) == 3);
}

TEST_CASE("values are written as the scenario has them", "[search]") {
  SearchVariable mean = at(small_byzsgd(), kMean);
  mean.low = kMillisecond;
  mean.high = 4 * kMillisecond;
  CHECK(value_at(mean, 0) == "1 ms");
  CHECK(value_at(mean, 0.5) == "2.5 ms");
  mean.logarithmic = true;
  CHECK(value_at(mean, 0.5) == "2 ms");
  CHECK(value_at(at(small_attacked_byzsgd(), kZ), 1.0 / 3) == 5.0);
  CHECK(value_at(at(small_attacked_byzsgd(), "/adversary/workers/parameters/sign"), 0.6) == 0);
}

TEST_CASE("a share and the value it comes to belong together", "[search]") {
  CHECK(share_now(at(small_attacked_byzsgd(), kZ)) == 0.1);  // 1.5 of 15
  CHECK(share_now(at(small_byzsgd(), "/servers/quorum")) >= 0);
}

TEST_CASE("values of a narrow range have the digits to tell them apart", "[search]") {
  SearchVariable z = at(small_attacked_byzsgd(), kZ);
  z.low = 1.0000001;
  z.high = 1.0000009;
  CHECK(value_at(z, 0.5) == 1.0000005);
  z.logarithmic = true;
  CHECK(value_at(z, 0.25) == 1.0000003);
}

}  // namespace byzsim::search_space_test
