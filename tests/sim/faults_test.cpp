// What goes wrong without an enemy, on small runs and on single messages.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/input/units.h"
#include "sim/network/faults/fault.h"
#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::faults_test {
namespace {

constexpr SimTime kMs = kMillisecond;
constexpr NodeId kServer0{Role::server, 0}, kWorker0{Role::worker, 0};

Json fault(const std::string& name, const Json& parameters) {
  return {{"name", name}, {"parameters", parameters}};
}

Json with_fault(Json json, const std::string& name, const Json& parameters) {
  json["network"]["faults"].push_back(fault(name, parameters));
  return json;
}

struct Run {
  std::vector<Occurrence> events;
  Totals totals;
  RunDigest digest;
  bool trained;
};

Run run_of(const Json& json) {
  World world(json);
  std::vector<Occurrence> events = run_to_end(world.simulation);
  return {std::move(events), world.simulation.totals(), world.simulation.digest(),
          world.simulation.trained()};
}

std::uint64_t count_of(const Totals& totals, Verdict verdict) {
  return totals.verdicts[static_cast<std::size_t>(verdict)];
}

std::uint64_t delivered(const Totals& totals) {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : totals.verdicts) sum += count;
  return sum;
}

/// Whether the node did or heard something, rather than being down.
bool acts(const Occurrence& event, NodeId node) {
  return event.target == node && (event.message() || event.computation());
}

/// A fault as a scenario makes it.
Fault made(const std::string& name, const Json& parameters) {
  const Choice choice = read(with_fault(small_sgd(), name, parameters)).faults.at(0);
  return faults().at(choice.name).make(choice.parameters);
}

Stream stream_of(std::uint64_t message) { return {1, Purpose::fault, 0, message}; }

/// What becomes of worker 0's message to server 0 under these faults, one after the other.
Transit sent(const std::vector<Fault>& faults, const Payload& vector, std::uint64_t message = 0) {
  static const Executor executor(1);
  Transit transit{kServer0, 0, kMs, vector};
  Stream stream = stream_of(message);
  for (const Fault& fault : faults)
    fault.on_message({kWorker0, Phase::gradient, 0, vector}, stream, executor, transit);
  return transit;
}

const Payload kOnes(std::vector<float>(10'000, 1.0f));

double share_of(float value, const std::vector<float>& values) {
  const auto same = [&](float each) {
    return std::isnan(value) ? std::isnan(each) : each == value;
  };
  return double(std::count_if(values.begin(), values.end(), same)) / double(values.size());
}

/// The one issue of a scenario with that fault, as the user reads it; empty when it is fine.
std::string issue_of(const std::string& name, const Json& parameters) {
  try {
    read(with_fault(small_sgd(), name, parameters));
  } catch (const InputError& error) {
    REQUIRE(error.issues().size() == 1);
    return to_string(error.issues()[0]);
  }
  return "";
}

}  // namespace

TEST_CASE("a crashed node does nothing until it is back, then goes on") {
  const Json parameters = {{"nodes", "worker 0"}, {"start", "3 ms"}, {"end", "30 ms"}};
  const Run run = run_of(with_fault(small_byzsgd(), "crash", parameters));
  int before = 0, after = 0;
  for (const Occurrence& event : run.events) {
    if (!acts(event, kWorker0)) continue;
    CHECK((event.time < 3 * kMs || event.time >= 30 * kMs));
    ++(event.time < 30 * kMs ? before : after);
  }
  CHECK(before > 0);
  CHECK(after > 0);
  CHECK(run.trained);
}

TEST_CASE("what was sent to a crashed node waits for it, and nothing else does") {
  const Json parameters = {{"nodes", "worker 0"}, {"start", "3 ms"}, {"end", "30 ms"}};
  const Run whole = run_of(small_byzsgd());
  const Run run = run_of(with_fault(small_byzsgd(), "crash", parameters));
  CHECK(delivered(run.totals) == delivered(whole.totals));
  bool waited = false;
  for (const Occurrence& event : run.events)
    waited = waited || (event.target == kWorker0 && event.message() && event.time == 30 * kMs);
  CHECK(waited);
}

TEST_CASE("a synchronous run stands still while one of its workers does") {
  const Json parameters = {{"nodes", "worker 2"}, {"start", "3 ms"}, {"end", "500 ms"}};
  const Run run = run_of(with_fault(steady(small_sgd()), "crash", parameters));
  SimTime longest = 0;
  for (std::size_t i = 1; i < run.events.size(); ++i)
    longest = std::max(longest, run.events[i].time - run.events[i - 1].time);
  CHECK(longest > 490 * kMs);
  CHECK(run.trained);
  CHECK(run.digest.models == run_of(steady(small_sgd())).digest.models);
}

TEST_CASE("the others finish without workers that never come back, where quorums allow") {
  CHECK(run_of(with_fault(small_byzsgd(), "crash", {{"nodes", "workers 5-6"}})).trained);
  CHECK_FALSE(run_of(with_fault(small_byzsgd(), "crash", {{"nodes", "workers 4-6"}})).trained);
}

TEST_CASE("the others finish without a server that never comes back") {
  const Run run = run_of(with_fault(small_byzsgd(), "crash", {{"nodes", "server 4"}}));
  std::map<std::uint32_t, std::int64_t> reached;
  for (const Occurrence& event : run.events)
    if (const Computed* computed = event.computation(); computed && computed->phase == Phase::model)
      reached[event.target.index] = computed->step;
  CHECK(reached == std::map<std::uint32_t, std::int64_t>{{0, 6}, {1, 6}, {2, 6}, {3, 6}});
}

TEST_CASE("a crashed Byzantine node is fine") {
  for (const char* nodes : {"server 4", "workers 5-6", "worker 6"})
    for (const char* end : {"20 ms", "never"}) {
      CAPTURE(nodes, end);
      const Json parameters = {{"nodes", nodes}, {"start", "4 ms"}, {"end", end}};
      CHECK(run_of(with_fault(small_attacked_byzsgd(), "crash", parameters)).trained);
    }
}

TEST_CASE("a partition holds what is sent across until its end, and nothing else") {
  const Json parameters = {{"nodes", "worker 0"}, {"start", "5 ms"}, {"end", "50 ms"}};
  int held = 0;
  for (const Occurrence& event :
       run_of(with_fault(steady(small_sgd()), "partition", parameters)).events) {
    if (!event.message()) continue;
    const bool across = event.target == kWorker0 || event.message()->sender == kWorker0;
    const bool within = event.delivery()->sent >= 5 * kMs && event.delivery()->sent < 50 * kMs;
    CHECK(event.time == (across && within ? 50 * kMs : event.delivery()->sent) + kMs);
    held += across && within;
  }
  CHECK(held == 1);  // all others wait for it
}

TEST_CASE("a partition lets those on either side talk among themselves") {
  const Json parameters = {{"nodes", "servers"}, {"start", "0 ms"}, {"end", "9 ms"}};
  std::map<Phase, SimTime> longest;
  for (const Occurrence& event :
       run_of(with_fault(steady(small_byzsgd()), "partition", parameters)).events)
    if (event.message())
      longest[event.message()->phase] =
          std::max(longest[event.message()->phase], event.time - event.delivery()->sent);
  CHECK(longest[Phase::model] == 10 * kMs);
  CHECK(longest[Phase::gather] == kMs);
}

TEST_CASE("loss with retransmission delays by multiples of its time, as often as declared") {
  const Fault loss = made("loss", {{"probability", 0.3}, {"retransmission", "5 ms"}});
  std::map<std::int64_t, int> retransmissions;
  for (std::uint64_t message = 0; message < 10'000; ++message) {
    const Transit transit = sent({loss}, kOnes, message);
    REQUIRE((transit.delay - kMs) % (5 * kMs) == 0);
    REQUIRE_FALSE(transit.lost);
    REQUIRE(transit.vector.same_as(kOnes));
    ++retransmissions[(transit.delay - kMs) / (5 * kMs)];
  }
  // Five deviations of a count of 10,000 are below 250.
  CHECK(retransmissions[0] == Approx(10'000 * 0.7).margin(250));
  CHECK(retransmissions[1] == Approx(10'000 * 0.7 * 0.3).margin(250));
  CHECK(retransmissions[2] == Approx(10'000 * 0.7 * 0.09).margin(250));
}

TEST_CASE("loss with retransmission loses nothing of a run") {
  const Run run =
      run_of(with_fault(small_sgd(), "loss", {{"probability", 0.5}, {"retransmission", "20 ms"}}));
  CHECK(run.trained);
  CHECK(run.totals.lost == 0);
  CHECK(run.digest.models == run_of(small_sgd()).digest.models);
}

TEST_CASE("loss without retransmission blanks whole packets, as many as declared") {
  for (const auto& [fill, value] : std::vector<std::pair<std::string, float>>{
           {"zero", 0.0f}, {"nan", std::numeric_limits<float>::quiet_NaN()}}) {
    CAPTURE(fill);
    const Fault loss = made(
        "loss", {{"probability", 0.3}, {"retransmission", "never"}, {"packet", 7}, {"fill", fill}});
    const std::vector<float> values = sent({loss}, kOnes).vector.values();
    REQUIRE(values.size() == 10'000);
    for (std::size_t begin = 0; begin < values.size(); begin += 7) {
      const std::size_t end = std::min<std::size_t>(begin + 7, values.size());
      const std::vector<float> packet(values.begin() + std::ptrdiff_t(begin),
                                      values.begin() + std::ptrdiff_t(end));
      REQUIRE((share_of(1.0f, packet) == 1 || share_of(value, packet) == 1));
    }
    // 1429 packets: five deviations of the share are 0.06.
    CHECK(share_of(value, values) == Approx(0.3).margin(0.06));
  }
}

TEST_CASE("two losses on one way lose packets independently of each other") {
  const Fault loss =
      made("loss", {{"probability", 0.5}, {"retransmission", "never"}, {"packet", 1}});
  const std::vector<float> values = sent({loss, loss}, kOnes).vector.values();
  CHECK(share_of(0.0f, values) == Approx(1 - 0.5 * 0.5).margin(0.03));
}

TEST_CASE("loss without retransmission loses a message without a vector whole") {
  const Fault loss = made("loss", {{"probability", 0.3}, {"retransmission", "never"}});
  int lost = 0;
  for (std::uint64_t message = 0; message < 10'000; ++message)
    lost += sent({loss}, Payload(), message).lost;
  CHECK(lost == Approx(10'000 * 0.3).margin(250));
}

TEST_CASE("loss without retransmission changes what is heard, not who is heard when") {
  const Run run = run_of(with_fault(
      small_sgd(), "loss", {{"probability", 0.2}, {"retransmission", "never"}, {"packet", 4}}));
  const Run whole = run_of(small_sgd());
  CHECK(run.trained);
  CHECK(run.digest.schedule == whole.digest.schedule);
  CHECK_FALSE(run.digest.models == whole.digest.models);
}

TEST_CASE("a second copy is counted as a duplicate and changes no model") {
  const Json parameters = {{"probability", 0.5}, {"after", "0 ns"}};
  const Run run = run_of(with_fault(steady(small_sgd()), "duplication", parameters));
  const Run once = run_of(steady(small_sgd()));
  CHECK(run.totals.duplicated > 0);
  CHECK(delivered(run.totals) == delivered(once.totals) + run.totals.duplicated);
  CHECK(count_of(run.totals, Verdict::counted) == count_of(once.totals, Verdict::counted));
  CHECK(count_of(run.totals, Verdict::duplicate) > 0);
  // The rest are copies of what completed a quorum.
  CHECK(count_of(run.totals, Verdict::duplicate) + count_of(run.totals, Verdict::late) ==
        run.totals.duplicated);
  CHECK(run.digest.models == once.digest.models);
}

TEST_CASE("as many messages come twice as declared, the second no earlier") {
  const Fault duplication = made("duplication", {{"probability", 0.25}, {"after", "4 ms"}});
  double twice = 0, later = 0;
  for (std::uint64_t message = 0; message < 10'000; ++message) {
    const Transit transit = sent({duplication}, kOnes, message);
    REQUIRE(transit.delay == kMs);
    REQUIRE(transit.copies.size() <= 1);
    for (const std::int64_t copy : transit.copies) {
      REQUIRE(copy >= 0);
      ++twice;
      later += double(copy);
    }
  }
  CHECK(twice == Approx(10'000 * 0.25).margin(250));
  CHECK(later / twice == Approx(4.0 * kMs).margin(0.4 * kMs));  // five deviations of the mean
}

TEST_CASE("a straggler computes a multiple of the time, and it alone") {
  for (const double factor : {5.0, 0.5}) {
    const Json parameters = {{"nodes", "worker 0"}, {"factor", factor}};
    Json json = with_fault(steady(small_sgd()), "straggler", parameters);
    json["compute"]["gradient"] = {{"name", "constant"}, {"parameters", {{"value", "2 ms"}}}};
    int seen = 0;
    for (const Occurrence& event : run_of(json).events) {
      if (!event.computation() || event.computation()->phase != Phase::gradient) continue;
      const double span = event.target == kWorker0 ? factor * 2 * kMs : 2 * kMs;
      CHECK(double(event.time - event.computation()->begun) == span);
      ++seen;
    }
    CHECK(seen == 6 * 4);
  }
}

TEST_CASE("a fault at probability 0 or of no node changes no digest") {
  const RunDigest whole = digest_of_run(small_byzsgd());
  for (const Json& none :
       {fault("crash", {{"nodes", "none"}}), fault("duplication", {{"probability", 0}}),
        fault("loss", {{"probability", 0}}),
        fault("loss", {{"probability", 0}, {"retransmission", "never"}}),
        fault("partition", {{"nodes", "none"}, {"end", "1 s"}}),
        fault("straggler", {{"nodes", "none"}})}) {
    CAPTURE(none.dump());
    CHECK(digest_of_run(with(small_byzsgd(), "/network", {{"faults", {none}}})).run_hex() ==
          whole.run_hex());
  }
}

TEST_CASE("every fault is a pure function of the scenario, whatever the threads") {
  for (const Declaration& declaration : faults().declarations()) {
    CAPTURE(declaration.name);
    Json parameters = Json::object();
    for (const Parameter& parameter : declaration.parameters) {
      if (parameter.name == "nodes") parameters["nodes"] = "workers 0-1";
      if (parameter.name == "end") parameters["end"] = "10 ms";
      if (parameter.name == "probability") parameters["probability"] = 0.2;
    }
    const Json json = with_fault(small_attacked_byzsgd(), declaration.name, parameters);
    CHECK(digest_of_run(json, 1) == digest_of_run(json, 3));
    CHECK(run_of(json).trained);
  }
}

TEST_CASE("nodes that a fault cannot know are refused with the forms that there are") {
  for (const char* name : {"crash", "partition", "straggler"})
    CHECK(
        issue_of(name, {{"nodes", "everyone"}}) ==
        "/network/faults/0/parameters: \"nodes\" is \"everyone\", which names no nodes: write "
        "\"all\", \"none\", \"servers\", \"workers\", \"server 3\" or \"workers 0-4\", on a graph "
        "\"nodes\", \"node 3\" or \"nodes 0-4\"");
}

TEST_CASE("a fault that ends before it starts is refused") {
  CHECK(issue_of("crash", {{"start", "2 ms"}, {"end", "2 ms"}}) ==
        "/network/faults/0/parameters: \"end\" must be after \"start\"");
  CHECK(issue_of("crash", {{"start", "2 ms"}, {"end", "never"}}).empty());
  CHECK(issue_of("partition", {{"start", "2 ms"}, {"end", "1 ms"}}) ==
        "/network/faults/0/parameters: \"end\" must be after \"start\"");
}

TEST_CASE("loss that hardly any retransmission survives is refused") {
  CHECK(issue_of("loss", {{"probability", 1}}) ==
        "/network/faults/0/parameters: with retransmission the probability must be at most 0.9999, "
        "so that one transmission in 10,000 arrives");
  CHECK(issue_of("loss", {{"probability", 0.9999}}).empty());
  CHECK(issue_of("loss", {{"probability", 1}, {"retransmission", "never"}}).empty());
}

TEST_CASE("a parameter of a fault out of range is refused at its place") {
  using Catch::Matchers::StartsWith;
  CHECK_THAT(issue_of("straggler", {{"factor", 0}}),
             StartsWith("/network/faults/0/parameters/factor: "));
  CHECK_THAT(issue_of("duplication", {{"probability", 1.5}}),
             StartsWith("/network/faults/0/parameters/probability: "));
  CHECK_THAT(issue_of("loss", {{"packet", 0}}),
             StartsWith("/network/faults/0/parameters/packet: "));
  CHECK_THAT(issue_of("crahs", Json::object()), StartsWith("/network/faults/0/name: "));
}

}  // namespace byzsim::faults_test
