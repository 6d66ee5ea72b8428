// Extreme numbers at every key of a scenario and every parameter of every strategy, alone and
// together: each gives a run or an InputError, and nothing else.
#include <cstdlib>
#include <limits>

#include "adversaries/attacks/attack.h"
#include "adversaries/schedulers/scheduler.h"
#include "core/datasets/dataset.h"
#include "core/exact/random.h"
#include "core/input/issue.h"
#include "core/models/model.h"
#include "core/partitions/partition.h"
#include "core/pre_aggregators/pre_aggregator.h"
#include "core/rates/rate.h"
#include "core/rules/rule.h"
#include "sim/network/faults/fault.h"
#include "sim/protocols/protocol.h"
#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"
#include "tests/tools/address_sanitizer.h"

namespace byzsim::extreme_numbers_test {
namespace {

// 5,000 unless the environment asks for another number.
std::uint64_t wanted_inputs() {
  const char* asked = std::getenv("BYZSIM_EXTREMES");
  if (asked != nullptr) return std::stoull(asked);
  return process::kAddressSanitizer ? 1000 : 5000;  // which takes five times as long
}

// Beyond this a run is cut: what is extreme shows at its beginning.
constexpr int kEvents = 120;

// A place of a scenario and what to try there.
struct Slot {
  std::string pointer;
  std::vector<Json> values;
};

const std::vector<Json> kAnyNumber = {0,
                                      1,
                                      2,
                                      3,
                                      -1,
                                      1000,
                                      65535,
                                      1'000'000,
                                      1'000'000'000,
                                      9007199254740991,
                                      5e-324,
                                      1e-300,
                                      1e-9,
                                      0.5,
                                      0.999999999,
                                      1e18,
                                      1e30,
                                      1e300,
                                      1.7976931348623157e308};
const std::vector<Json> kAnySpan = {"0 ns", "1 ns", "999999999999999 ns", "1000000 s", "11 h"};
const std::vector<Json> kAnyRate = {"1 bit/s", "1000 Tbit/s", "7 B/s"};

std::vector<Json> anything() {
  std::vector<Json> all = kAnyNumber;
  all.insert(all.end(), kAnySpan.begin(), kAnySpan.end());
  all.insert(all.end(), kAnyRate.begin(), kAnyRate.end());
  return all;
}

// The ends of a parameter's range, what is just inside, and what is far outside.
std::vector<Json> ends_of(const Parameter& declared) {
  switch (declared.type) {
    case ParameterType::duration:
      return kAnySpan;
    case ParameterType::rate:
      return kAnyRate;
    case ParameterType::integers:
      return {Json::array(), {1}, {1'000'000'000}, {1, 1, 1, 1, 1, 1, 1, 1}, {2'000, 1'000}};
    case ParameterType::reals:
      return {Json::array(), {1e30}, {-1e300, 1e300}};
    case ParameterType::integer: {
      std::vector<Json> ends = {0, 1, 1'000'000'000'000'000};
      for (const double end : {declared.low, declared.high, declared.high - 1})
        if (std::abs(end) < 9e15) ends.push_back(static_cast<std::int64_t>(end));
      return ends;
    }
    case ParameterType::real: {
      std::vector<Json> ends = {5e-324, 1e-300, 0.0, 1e300, -1e300};
      for (const double end : {declared.low, std::nextafter(declared.low, 1e308), declared.high,
                               std::nextafter(declared.high, -1e308)})
        if (std::isfinite(end)) ends.push_back(end);
      return ends;
    }
    default:
      return {};
  }
}

// All keys are there but those that depend on the others.
Json small() {
  Json json = small_attacked_byzsgd();
  json["steps"] = 2;
  json["data"]["parameters"] = {{"dimension", 2}, {"classes", 2}, {"train", 40}, {"test", 5}};
  json["workers"]["batch_size"] = 1;
  json = write(read(json));
  for (const char* group : {"servers", "workers"}) json[group].erase("quorum");
  return json;
}

// Every number, time span and rate of a scenario.
std::vector<Slot> slots_of_scenario() {
  std::vector<Slot> slots;
  const Json written = small().flatten();
  for (const auto& [pointer, value] : written.items())
    if (value.is_number() || value.is_string()) slots.push_back({pointer, anything()});
  for (const char* key :
       {"/dimension", "/network/server_bandwidth", "/adversary/rushing",
        "/compute/operations_per_second", "/servers/start/0", "/servers/quorum", "/workers/quorum"})
    slots.push_back({key, anything()});
  return slots;
}

template <class Table>
void add_strategies(const Table& table, const std::string& place, std::vector<Slot>& slots) {
  for (const Declaration& declaration : table.declarations())
    for (const Parameter& parameter : declaration.parameters) {
      Slot slot{place, {}};
      for (const Json& value : ends_of(parameter))
        slot.values.push_back(
            {{"name", declaration.name}, {"parameters", {{parameter.name, value}}}});
      if (!slot.values.empty()) slots.push_back(std::move(slot));
    }
}

std::vector<Slot> all_slots() {
  std::vector<Slot> slots = slots_of_scenario();
  add_strategies(protocols(), "/protocol", slots);
  add_strategies(rules(), "/workers/aggregator", slots);
  add_strategies(rules(), "/servers/aggregator", slots);
  add_strategies(pre_aggregators(), "/workers/pre/0", slots);
  add_strategies(attacks(), "/adversary/workers", slots);
  add_strategies(attacks(), "/adversary/servers", slots);
  add_strategies(schedulers(), "/adversary/scheduler", slots);
  add_strategies(delays(), "/network/delay", slots);
  add_strategies(delays(), "/compute/gradient", slots);
  add_strategies(delays(), "/compute/aggregation", slots);
  add_strategies(faults(), "/network/faults/0", slots);
  add_strategies(faults(), "/network/faults/1", slots);
  add_strategies(models(), "/model", slots);
  add_strategies(datasets(), "/data", slots);
  add_strategies(partitions(), "/partition", slots);
  add_strategies(rates(), "/optimizer/rate", slots);
  return slots;
}

const Json& one_of(const std::vector<Json>& values, Stream& stream) {
  return values[static_cast<std::size_t>(stream.below(values.size()))];
}

// A trusted server, or one at which the nodes are, where the protocol asks for it.
void fit_to_protocol(Json& json) {
  if (!json["protocol"].is_object()) return;
  const Json& chosen = json["protocol"]["name"];
  const std::string name = chosen.is_string() ? chosen.get<std::string>() : "";
  if (protocols().find(name) == nullptr) return;
  if (!protocols().at(name).in_step) json["servers"] = {{"count", 1}};
  if (name == "learn") json["workers"] = {{"count", 5}, {"aggregator", "median"}};
  for (Json& fault : json["network"]["faults"])
    if (fault.is_null())
      fault = "duplication";
    else if (fault["name"] != "loss" && fault["name"] != "duplication")
      fault["parameters"]["nodes"] = "servers 0-1";
}

enum class Ending { ran, refused };

// Anything but an InputError passes through and fails the test.
Ending try_out(const Json& json) {
  try {
    World world(json);
    for (int i = 0; i < kEvents && world.simulation.advance(); ++i) continue;
    world.simulation.finish();
    return Ending::ran;
  } catch (const InputError& error) {
    REQUIRE_FALSE(error.issues().empty());
    return Ending::refused;
  }
}

}  // namespace

TEST_CASE("no extreme number of a scenario is an internal error") {
  ::setenv("BYZSIM_MEMORY", "256 MiB", 1);  // larger runs are refused rather than begun
  const std::vector<Slot> slots = all_slots();
  std::uint64_t inputs = 0, ran = 0;
  const auto check = [&](Json json) {
    if (inputs++ >= wanted_inputs()) return;
    fit_to_protocol(json);
    CAPTURE(inputs, json.dump());
    Ending ending = Ending::refused;
    CHECK_NOTHROW(ending = try_out(json));
    ran += ending == Ending::ran;
  };
  for (const Slot& slot : slots)
    for (const Json& value : slot.values) check(with(small(), slot.pointer, value));
  for (std::uint64_t i = 0; inputs < wanted_inputs(); ++i) {
    Stream stream(20261129, Purpose::dataset, 2, i);
    Json json = small();
    for (std::uint64_t more = 2 + stream.below(3); more > 0; --more) {
      const Slot& slot = slots[static_cast<std::size_t>(stream.below(slots.size()))];
      json[Json::json_pointer(slot.pointer)] = one_of(slot.values, stream);
    }
    check(json);
  }
  ::unsetenv("BYZSIM_MEMORY");
  CHECK(ran > wanted_inputs() / 10);
  CHECK(ran < wanted_inputs());
}

}  // namespace byzsim::extreme_numbers_test
