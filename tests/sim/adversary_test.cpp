// A Byzantine node may say anything to anyone.
#include "sim/run/adversary.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::adversary_test {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// Something else for every receiver: silence, wrong dimensions, vectors of any bits, the truth.
class Liar final : public Adversary {
 public:
  std::unique_ptr<Adversary> clone() const override { return std::make_unique<Liar>(*this); }
  void walk(Archive&) override {}

  std::vector<Payload> decide(const PendingSend& pending, const AdversaryView& view) override {
    std::vector<Payload> words;
    for (std::size_t i = 0; i < pending.receivers.size(); ++i)
      words.push_back(word(pending, view.dimension));
    return words;
  }

 private:
  Payload word(const PendingSend& pending, std::size_t dimension) {
    switch (stream_.below(8)) {
      case 0:
        return {};
      case 1:
        return Payload(std::vector<float>{});
      case 2:
        return Payload(std::vector<float>(stream_.below(100) + dimension + 1, 1.0f));
      case 3:
        return Payload(std::vector<float>(dimension, kNan));
      case 4:
        return Payload(std::vector<float>(dimension, -kInfinity));
      case 5:
        return Payload(std::vector<float>(dimension, std::numeric_limits<float>::max()));
      case 6:
        return Payload(std::vector<float>(dimension, float(stream_.normal())));
      default:
        return pending.own;
    }
  }

  Stream stream_{5, Purpose::attack, 0, 0};
};

/// Tells every second receiver something far above and the others something far below.
class Equivocator final : public Adversary {
 public:
  std::unique_ptr<Adversary> clone() const override { return std::make_unique<Equivocator>(*this); }
  void walk(Archive&) override {}

  std::vector<Payload> decide(const PendingSend& pending, const AdversaryView& view) override {
    std::vector<Payload> words;
    for (const NodeId receiver : pending.receivers)
      words.emplace_back(
          std::vector<float>(view.dimension, receiver.index % 2 == 0 ? kInfinity : -1e30f));
    return words;
  }
};

/// Says nothing and writes down what it was shown.
class Witness final : public Adversary {
 public:
  struct Seen {
    NodeId sender;
    Phase phase;
    std::int64_t step;
    std::vector<NodeId> honest;
  };
  explicit Witness(std::vector<Seen>& seen) : seen_(seen) {}
  std::unique_ptr<Adversary> clone() const override { return std::make_unique<Witness>(*this); }
  void walk(Archive&) override {}

  std::vector<Payload> decide(const PendingSend& pending, const AdversaryView& view) override {
    seen_.push_back({pending.sender, pending.phase, pending.step, {}});
    for (const Heard& each : view.honest) seen_.back().honest.push_back(each.sender);
    return std::vector<Payload>(pending.receivers.size());
  }

 private:
  std::vector<Seen>& seen_;
};

/// The vectors that honest servers said, by (step, server).
using Said = std::map<std::pair<std::int64_t, std::uint32_t>, std::vector<float>>;

Said said_by_correct_servers(const std::vector<Occurrence>& trace, const Scenario& scenario,
                             Phase phase) {
  Said said;
  for (const Occurrence& event : trace) {
    if (!event.message() || event.message()->phase != phase) continue;
    if (scenario.is_byzantine(event.message()->sender)) continue;
    said[{event.message()->step, event.message()->sender.index}] = event.message()->vector.values();
  }
  return said;
}

struct Box {
  std::vector<float> low, high;

  void include(const std::vector<float>& point) {
    if (low.empty()) low = high = point;
    for (std::size_t c = 0; c < point.size(); ++c) {
      low[c] = std::min(low[c], point[c]);
      high[c] = std::max(high[c], point[c]);
    }
  }
  bool holds(const std::vector<float>& point) const {
    for (std::size_t c = 0; c < point.size(); ++c)
      if (!(low[c] <= point[c] && point[c] <= high[c])) return false;
    return true;
  }
};

}  // namespace

TEST_CASE("training survives whatever the declared Byzantine nodes say") {
  World world(with(small_attacked_byzsgd(), "/steps", 20), 2, std::make_unique<Liar>());
  run_to_end(world.simulation);
  CHECK(world.simulation.trained());
  for (const MetricsRow& row : world.simulation.metrics()) {
    CAPTURE(row.step);
    CHECK(row.loss);
    CHECK(row.drift);
  }
  CHECK(*world.simulation.metrics().back().loss < *world.simulation.metrics().front().loss);
}

TEST_CASE("vectors of a wrong dimension are counted as malformed") {
  World world(small_attacked_byzsgd(), 1, std::make_unique<Liar>());
  std::uint64_t wrong = 0;
  for (const Occurrence& event : run_to_end(world.simulation))
    wrong += event.message() && event.message()->vector.dimension() != world.workload->dimension();
  REQUIRE(wrong > 0);
  CHECK(world.simulation.totals().verdicts[std::size_t(Verdict::malformed)] == wrong);
}

TEST_CASE("a copy takes its adversary along") {
  World world(small_attacked_byzsgd(), 1, std::make_unique<Liar>());
  for (int i = 0; i < 100; ++i) world.simulation.advance();
  Simulation copy = world.simulation;
  run_to_end(copy);
  run_to_end(world.simulation);
  CHECK(copy.digest() == world.simulation.digest());
}

TEST_CASE("a gather stays in the box of what honest servers said") {
  World world(small_attacked_byzsgd(), 1, std::make_unique<Equivocator>());
  const auto trace = run_to_end(world.simulation);
  const Said gathered = said_by_correct_servers(trace, world.scenario, Phase::gather);
  const Said models = said_by_correct_servers(trace, world.scenario, Phase::model);
  std::map<std::int64_t, Box> boxes;
  for (const auto& [key, vector] : gathered) boxes[key.first].include(vector);
  int checked = 0;
  for (const auto& [key, vector] : models) {
    if (boxes.count(key.first) == 0) continue;
    CAPTURE(key.first, key.second);
    CHECK(boxes[key.first].holds(vector));
    ++checked;
  }
  CHECK(checked == 2 * 4);  // the models of steps 2 and 4 of four honest servers
}

TEST_CASE("an equivocating server makes receivers hear different vectors of one step") {
  World world(small_attacked_byzsgd(), 1, std::make_unique<Equivocator>());
  std::set<std::uint64_t> heard;
  for (const Occurrence& event : run_to_end(world.simulation))
    if (event.message() && event.message()->sender == NodeId{Role::server, 4} &&
        event.message()->phase == Phase::model && event.message()->step == 0)
      heard.insert(event.message()->vector.digest());
  CHECK(heard.size() == 2);
}

TEST_CASE("nobody but Byzantine nodes is asked through the adversary") {
  std::vector<Witness::Seen> seen;
  World world(small_attacked_byzsgd(), 1, std::make_unique<Witness>(seen));
  run_to_end(world.simulation);
  std::set<NodeId> speakers;
  for (const Witness::Seen& each : seen) speakers.insert(each.sender);
  CHECK(speakers == std::set<NodeId>{{Role::server, 4}, {Role::worker, 5}, {Role::worker, 6}});
}

TEST_CASE("the adversary sees honest nodes of the speaker's role alone, by sender") {
  std::vector<Witness::Seen> seen;
  World world(small_attacked_byzsgd(), 1, std::make_unique<Witness>(seen));
  run_to_end(world.simulation);
  std::size_t most = 0;
  for (const Witness::Seen& each : seen) {
    REQUIRE(std::is_sorted(each.honest.begin(), each.honest.end()));
    REQUIRE(std::adjacent_find(each.honest.begin(), each.honest.end()) == each.honest.end());
    for (const NodeId id : each.honest) {
      REQUIRE(id.role == each.sender.role);
      REQUIRE(id.index < (id.role == Role::server ? 4u : 5u));
    }
    most = std::max(most, each.honest.size());
  }
  CHECK(most == 5);  // all honest workers
}

TEST_CASE("the adversary sees everything that honest nodes of its role said before") {
  std::vector<Witness::Seen> seen;
  World world(small_attacked_byzsgd(), 1, std::make_unique<Witness>(seen));
  std::map<std::int64_t, std::set<NodeId>> said;  // gradients, by step
  std::map<NodeId, std::int64_t> computed;
  std::size_t asked = 0;
  while (const auto event = world.simulation.advance()) {
    for (; asked < seen.size(); ++asked) {
      const Witness::Seen& each = seen[asked];
      if (each.phase != Phase::gradient) continue;
      CAPTURE(to_string(each.sender), each.step);
      CHECK(std::includes(each.honest.begin(), each.honest.end(), said[each.step].begin(),
                          said[each.step].end()));
    }
    const bool gradient =
        event->kind() == EventKind::computed && event->target.role == Role::worker;
    if (gradient && !world.scenario.is_byzantine(event->target))
      said[computed[event->target]++].insert(event->target);
  }
  CHECK(asked == seen.size());
  CHECK(said.at(5).size() == 5);
}

}  // namespace byzsim::adversary_test
