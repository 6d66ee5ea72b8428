// Numbers of a stored scenario that follow what they were resolved from.
#include "sim/scenario/stored_keywords.h"

#include <string>

#include "adversaries/known_strategies.h"
#include "tests/catch.h"
#include "tests/sim/async_scenarios.h"

namespace byzsim::stored_keywords_test {
namespace {

/// The scenario as run.json has it, and as it is read from there.
Json stored(const Json& json) { return write(read(json)); }
Json restored(const Json& json) { return with_keywords(stored(json), scenario_tables()); }

/// Seven workers, of which two are declared Byzantine.
Json small(const std::string& protocol, const Json& parameters) {
  Json json = small_async(protocol);
  json["workers"]["byzantine"] = {{"declared", 2}};
  json["protocol"]["parameters"] = parameters;
  return json;
}

}  // namespace

TEST_CASE("a stored scenario with keywords is the same scenario") {
  for (const Json& json :
       {small_sgd(), small_attacked_byzsgd(), small_learn(true), small("basgd", Json::object())})
    CHECK(stored(restored(json)) == stored(json));
}

TEST_CASE("buffers and quorum of a stored basgd follow the declared number") {
  Json json = restored(small("basgd", Json::object()));
  json["workers"]["byzantine"]["declared"] = 1;
  const Scenario fewer = read(json);
  CHECK(fewer.protocol.parameters.integer("buffers") == 3);  // 2f + 1
  CHECK(fewer.workers.quorum == 3);
}

TEST_CASE("the quorum of a stored fedbuff follows its buffer") {
  Json json = restored(small("fedbuff", {{"buffer", 6}}));
  json["protocol"]["parameters"]["buffer"] = 5;
  CHECK(read(json).workers.quorum == 5);
}

TEST_CASE("what a stored fedavg tolerates follows the declared number") {
  Json json = restored(small("fedavg", Json::object()));
  json["workers"]["byzantine"]["declared"] = 3;
  CHECK(read(json).protocol.parameters.integer("tolerated") == 3);  // all take part
}

TEST_CASE("the quorum of stored workers follows their number") {
  Json json = restored(small_sgd());
  json["workers"]["count"] = 6;
  CHECK(read(json).workers.quorum == 6);  // n - f, f = 0
}

TEST_CASE("a number that auto does not stand for stays") {
  Json json = small("basgd", {{"buffers", 4}});
  json["workers"]["byzantine"]["declared"] = 1;  // of which auto makes 3
  CHECK(restored(json)["protocol"]["parameters"]["buffers"] == 4);
  CHECK(restored(with(small_sgd(), "/workers/quorum", 3))["workers"]["quorum"] == 3);  // of 4
}

TEST_CASE("what is no scenario stays as it is") {
  const Json json = with(small_sgd(), "/protocol", "unheard_of");
  CHECK(with_keywords(json, scenario_tables()) == json);
}

}  // namespace byzsim::stored_keywords_test
