#include "tests/adversaries/random_scenarios.h"

#include <string>
#include <vector>

#include "adversaries/attacks/attack.h"
#include "adversaries/schedulers/scheduler.h"
#include "core/compressors/compressor.h"
#include "core/worker_algorithms/worker_algorithm.h"
#include "sim/network/delays/delay.h"
#include "sim/network/faults/fault.h"
#include "sim/protocols/protocol.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim {
namespace {

template <class Table>
std::string any_of(const Table& table, Stream& stream) {
  return table.declarations()[static_cast<std::size_t>(stream.below(table.declarations().size()))]
      .name;
}

Json one_of(const std::vector<Json>& values, Stream& stream) {
  return values[static_cast<std::size_t>(stream.below(values.size()))];
}

Json delay(Stream& stream) {
  const std::string name = any_of(delays(), stream);
  return name == "empirical" ? "constant" : name;  // it needs a file
}

Json fault(Stream& stream) {
  const std::string name = any_of(faults(), stream);
  const Json nodes = one_of({"server 0", "workers", "worker 1", "servers 1-2", "all"}, stream);
  Json parameters;
  if (name == "loss")
    parameters = {
        {"probability", 0.2}, {"packet", 3}, {"retransmission", one_of({"never", "5 ms"}, stream)}};
  else if (name == "duplication")
    parameters = {{"probability", 0.4}, {"after", one_of({"0 ns", "3 ms"}, stream)}};
  else if (name == "straggler")
    parameters = {{"nodes", nodes}, {"factor", 3}};
  else
    parameters = {{"nodes", nodes}, {"start", "2 ms"}, {"end", "9 ms"}};
  return {{"name", name}, {"parameters", parameters}};
}

Json moves(Stream& stream) {
  return {{{"step", 1},
           {"workers", any_of(attacks(), stream)},
           {"scheduler", any_of(schedulers(), stream)}},
          {{"step", 2}, {"servers", any_of(attacks(), stream)}, {"first_servers", {1}}}};
}

Json parameters_of(const std::string& protocol, Stream& stream) {
  if (protocol == "byzsgd") return {{"gather_period", 1 + stream.below(2)}};
  if (protocol == "byzsgd_sync")
    return {{"gather_period", 1 + stream.below(3)}, {"timeout", one_of({"4 ms", "30 ms"}, stream)}};
  if (protocol == "gossip")
    return {{"exchange", one_of({"half_steps", "models", "corrected"}, stream)},
            {"timeout", "30 ms"}};
  if (protocol == "pull_gossip")
    return {{"peers", 1 + stream.below(4)}, {"timeout", one_of({"4 ms", "30 ms"}, stream)}};
  if (protocol == "consensus_sgd") return {{"timeout", one_of({"4 ms", "30 ms"}, stream)}};
  return Json::object();
}

Json group(std::int64_t count, std::int64_t byzantine, const char* rule) {
  return {{"count", count}, {"byzantine", byzantine}, {"aggregator", rule}};
}

// Nodes on a graph instead of servers and workers.
void put_on_graph(Json& json, std::int64_t byzantine, Stream& stream) {
  json.erase("servers");
  json.erase("workers");
  const Json rule = one_of({"average", "median", "clipped_gossip", "cs_plus", "gts", "ios",
                            "bridge", "geometric_median", "monna"},
                           stream);
  json["nodes"] = {{"count", 6},
                   {"byzantine", byzantine},
                   {"placement", one_of({"last", "random", "degree"}, stream)},
                   {"weights", one_of({"metropolis", "uniform", "laplacian"}, stream)},
                   {"aggregator", rule},
                   {"batch_size", 1}};
  const Json ring = {{"name", "ring"}, {"parameters", {{"neighbours", 2}}}};
  const Json drawn = {
      {"name", "erdos_renyi"}, {"parameters", {{"probability", 0.9}}}, {"every", 1}};
  json["topology"] = one_of({"complete", ring, "erdos_renyi", "two_castles", drawn}, stream);
  Json& adversary = json["adversary"];
  adversary["nodes"] = adversary["servers"];
  adversary.erase("servers");
  adversary.erase("workers");
  if (stream.below(3) == 0) adversary["knowledge"] = "neighbourhood";
}

// A graph has no workers: what was drawn for them is left out, or for nodes.
void leave_out_workers(Json& json) {
  Json& moves = json["adversary"]["script"]["moves"];
  for (Json& move : moves) move.erase("workers");
  for (Json& fault : json["network"]["faults"])
    if (Json& parameters = fault["parameters"]; parameters.contains("nodes")) {
      auto& nodes = parameters["nodes"].get_ref<std::string&>();
      if (nodes.starts_with("worker")) nodes.replace(0, 6, "node");
    }
  if (moves.empty()) json["adversary"].erase("script");
}

// Rules that remember what workers sent, draw, or compare with examples at the server.
void put_rule(Json& json, const std::string& protocol, Stream& stream) {
  if (protocol == "zeno_plus_plus") json["servers"]["root_examples"] = 5;
  if (protocol != "sgd" && protocol != "byzsgd") return;
  const Json rule = one_of({"median", "dnc", "sign_guard", "gas", "hyperbox", "fools_gold", "afa",
                            "clipped_clustering", "fltrust", "zeno"},
                           stream);
  json["workers"]["aggregator"] = rule;
  if (rule == "fltrust" || rule == "zeno") json["servers"]["root_examples"] = 5;
}

// Local steps of workers, passes over their shares, an optimizer of servers, and clients that are
// drawn.
void put_training(Json& json, const std::string& name, Stream& stream) {
  const Protocol& protocol = protocols().at(name);
  if (protocol.draws_workers && stream.below(2) == 0)
    json["workers"]["participation"] = {{"name", "count"}, {"parameters", {{"count", 4}}}};
  if (protocol.optimizes_at_server && stream.below(2) == 0)
    json["optimizer"]["server"] = one_of({"momentum", "adam", "yogi"}, stream);
  if (json.contains("nodes")) return;
  json["workers"]["local_steps"] = 1 + stream.below(2);
  json["workers"]["batches"] = one_of({"with_replacement", "passes"}, stream);
  const Json& parameters = json["protocol"]["parameters"];
  const bool of_models = parameters.contains("sends") && parameters["sends"] == "models";
  if (!protocol.compresses || of_models || stream.below(2) == 0) return;
  json["workers"]["compressor"] = any_of(compressors(), stream);
  // Without numbers there are no examples to take a whole gradient of.
  if (protocol.algorithms == Algorithms::none || json.contains("numbers")) return;
  if (stream.below(2) == 0) return;
  json["workers"]["algorithm"] = protocol.algorithms == Algorithms::all
                                     ? any_of(worker_algorithms(), stream)
                                     : std::string("storm");
  json["workers"]["local_steps"] = 1;
}

}  // namespace

Json random_scenario(Stream& stream) {
  const std::string protocol = any_of(protocols(), stream);
  const std::int64_t lying = static_cast<std::int64_t>(stream.below(2));
  const bool trusted = protocols().at(protocol).in_step == false || protocol == "sgd" ||
                       protocols().at(protocol).draws_workers;
  Json json = small_sgd();
  json["seed"] = stream.below(1000);
  json["steps"] = 2 + stream.below(3);
  json["time_limit"] = "300 ms";
  json["protocol"] = {{"name", protocol}, {"parameters", parameters_of(protocol, stream)}};
  json["servers"] = trusted ? group(1, 0, "median") : group(3 * lying + 2, lying, "median");
  json["workers"] = group(6, 1, "median");
  json["workers"]["batch_size"] = 1;
  if (protocol == "learn") json["workers"] = json["servers"];
  if (protocol == "replicated_mean") json["servers"] = group(3, 0, "average");
  if (stream.below(5) == 0) json["unsafe"] = true;
  json["data"]["parameters"] = {{"dimension", 2}, {"classes", 2}, {"train", 30}, {"test", 5}};
  json["adversary"] = {{"workers", any_of(attacks(), stream)},
                       {"servers", any_of(attacks(), stream)},
                       {"scheduler", any_of(schedulers(), stream)},
                       {"knowledge", one_of({"omniscient", "own_messages", "blind"}, stream)}};
  if (protocols().at(protocol).on_graph) put_on_graph(json, lying, stream);
  if (stream.below(3) == 0) json["adversary"]["rushing"] = 1 + stream.below(3);
  if (stream.below(4) == 0) json["adversary"]["script"]["moves"] = moves(stream);
  json["network"] = {{"delay", delay(stream)}, {"faults", Json::array()}};
  for (std::uint64_t i = stream.below(3); i > 0; --i)
    json["network"]["faults"].push_back(fault(stream));
  if (protocols().at(protocol).on_graph) leave_out_workers(json);
  if (stream.below(4) == 0) json["network"]["server_bandwidth"] = "1 Mbit/s";
  if (stream.below(4) == 0) json["network"]["serialization"] = "2 Mbit/s";
  json["compute"] = {{"gradient", delay(stream)}, {"aggregation", delay(stream)}};
  if (stream.below(8) == 0) {
    json["numbers"] = "none";
    json["dimension"] = 6;
  }
  put_rule(json, protocol, stream);
  put_training(json, protocol, stream);
  return json;
}

}  // namespace byzsim
