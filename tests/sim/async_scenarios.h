// Small scenarios of the asynchronous family and of LEARN, and what tests count in their traces.
#pragma once

#include <map>
#include <vector>

#include "tests/sim/small_scenarios.h"

namespace byzsim {

/// One trusted server and seven workers on the blobs of small_sgd; nobody lies.
inline Json small_async(const std::string& protocol) {
  Json json = small_sgd();
  json["name"] = "small-" + protocol;
  json["steps"] = 24;
  json["protocol"] = {{"name", protocol}};
  json["workers"] = {{"count", 7}, {"aggregator", "median"}, {"batch_size", 4}};
  return json;
}

/// The same with two of the seven declared Byzantine and reversed, answering twenty times as fast
/// as the others over a network that takes next to no time.
inline Json flooded_async(const std::string& protocol) {
  Json json = small_async(protocol);
  json["workers"]["byzantine"] = {{"declared", 2}, {"actual", 2}};
  json["compute"] = {{"gradient", {{"name", "constant"}, {"parameters", {{"value", "10 ms"}}}}}};
  json["network"] = {
      {"delay", {{"name", "uniform"}, {"parameters", {{"low", "50 us"}, {"high", "100 us"}}}}},
      {"faults",
       {{{"name", "straggler"}, {"parameters", {{"nodes", "workers 5-6"}, {"factor", 0.05}}}}}}};
  return json;
}

/// Eight clients of five servers, one of them Byzantine, on the blobs of small_sgd.
inline Json small_fed_ms() {
  Json json = small_sgd();
  json["name"] = "small-fed-ms";
  json["protocol"] = {{"name", "fed_ms"}};
  json["servers"] = {{"count", 5}, {"byzantine", 1}, {"aggregator", "trimmed_mean"}};
  json["workers"] = {
      {"count", 8}, {"aggregator", "average"}, {"batch_size", 4}, {"local_steps", 2}};
  return json;
}

/// Seven nodes of LEARN, of which none lies and one is declared to.
inline Json small_learn(bool agreement) {
  Json json = small_sgd();
  json["name"] = "small-learn";
  json["protocol"] = {{"name", "learn"}, {"parameters", {{"agreement", agreement}}}};
  json.erase("servers");
  json.erase("workers");
  json["nodes"] = {{"count", 7},
                   {"byzantine", {{"declared", 1}}},
                   {"aggregator", "median"},
                   {"batch_size", 4},
                   {"gradients", {{"aggregator", "median"}}}};
  return json;
}

inline std::vector<MetricsRow> rows_of(const Json& json) {
  World world(json);
  run_to_end(world.simulation);
  return world.simulation.metrics();
}

inline Totals totals_of(const Json& json) {
  World world(json);
  run_to_end(world.simulation);
  return world.simulation.totals();
}

/// Where a scenario is refused.
inline std::vector<std::string> places_of_issues(const Json& json) {
  std::vector<std::string> places;
  try {
    read(json);
  } catch (const InputError& error) {
    for (const Issue& issue : error.issues()) places.push_back(issue.where);
  }
  return places;
}

/// Accuracy at the end; nothing for a run that diverged.
inline std::optional<double> final_accuracy(const Json& json) {
  return rows_of(json).back().accuracy;
}

/// How many gradients of each worker were accepted as answers.
inline std::map<std::uint32_t, int> gradients_counted(const std::vector<Occurrence>& trace) {
  std::map<std::uint32_t, int> counted;
  for (const Occurrence& event : trace)
    if (event.message() && event.message()->phase == Phase::gradient &&
        event.verdict == Verdict::counted)
      ++counted[event.message()->sender.index];
  return counted;
}

}  // namespace byzsim
