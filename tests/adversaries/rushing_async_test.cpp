// Rushing where every worker answers a step of its own: a Byzantine worker speaks once so many
// honest workers have, of whatever step, since it was given its model.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "tests/catch.h"
#include "tests/sim/async_scenarios.h"

namespace byzsim::rushing_async_test {
namespace {

/// Seven workers of whom the last two lie and wait for k honest ones.
Json rushing(const std::string& protocol, int k) {
  Json json = small_async(protocol);
  json["workers"]["byzantine"] = {{"declared", 2}, {"actual", 2}};
  json["adversary"] = {{"workers", "sign_flipping"}, {"rushing", k}};
  return json;
}

/// What honest nodes in its place would say, while it writes down whom it could hear.
class Listener final : public Adversary {
 public:
  explicit Listener(std::vector<std::set<NodeId>>& heard, std::size_t k) : heard_(heard), k_(k) {}
  std::unique_ptr<Adversary> clone() const override { return std::make_unique<Listener>(*this); }
  void walk(Archive&) override {}
  std::size_t awaits(const Scenario&, NodeId) const override { return k_; }
  std::vector<Payload> decide(const PendingSend& pending, const AdversaryView& view) override {
    heard_.emplace_back();
    for (const Heard& each : view.honest) heard_.back().insert(each.sender);
    return std::vector<Payload>(pending.receivers.size(), pending.own);
  }

 private:
  std::vector<std::set<NodeId>>& heard_;
  std::size_t k_;
};

}  // namespace

TEST_CASE("an asynchronous worker that rushes speaks after k honest ones since it had its model") {
  for (const std::string protocol : {"async_sgd", "kardam", "basgd"})
    for (const std::size_t k : {1, 3, 5}) {
      CAPTURE(protocol, k);
      World world(rushing(protocol, static_cast<int>(k)));
      std::map<NodeId, std::set<NodeId>> since;  // honest workers heard of, by Byzantine one
      // In the order of speech; of two at the same time the honest one spoke first.
      std::vector<std::tuple<SimTime, bool, NodeId>> speeches;
      for (const Occurrence& event : run_to_end(world.simulation))
        if (event.message() && event.message()->phase == Phase::gradient) {
          const NodeId sender = event.message()->sender;
          speeches.emplace_back(event.delivery()->sent, world.scenario.is_byzantine(sender),
                                sender);
        }
      std::sort(speeches.begin(), speeches.end());
      int spoken = 0;
      for (const auto& [time, byzantine, sender] : speeches) {
        if (!byzantine) {
          for (const std::uint32_t i : {5u, 6u}) since[{Role::worker, i}].insert(sender);
          continue;
        }
        REQUIRE(since[sender].size() >= k);
        since[sender].clear();
        ++spoken;
      }
      CHECK(spoken >= 2);
      CHECK(world.simulation.trained());
    }
}

TEST_CASE("an asynchronous worker that rushes knows the gradients it waited for") {
  std::vector<std::set<NodeId>> heard;
  const Json json = rushing("async_sgd", 3);
  World world(json, 1, std::make_unique<Listener>(heard, 3));
  run_to_end(world.simulation);
  REQUIRE(heard.size() >= 4);
  for (const std::set<NodeId>& each : heard) CHECK(each.size() == 3);
}

TEST_CASE("an asynchronous worker that does not rush knows the latest gradient of each") {
  std::vector<std::set<NodeId>> heard;
  const Json json = with(rushing("async_sgd", 1), "/adversary/rushing", "off");
  World world(json, 1, std::make_unique<Listener>(heard, 0));
  run_to_end(world.simulation);
  REQUIRE(heard.size() >= 4);
  CHECK(heard.back().size() == 5);  // all honest workers have spoken by then
}

TEST_CASE("an asynchronous worker that waits for more honest ones than there are waits for all") {
  World world(rushing("kardam", 100));
  run_to_end(world.simulation);
  CHECK(world.simulation.trained());
}

TEST_CASE("rushing asynchronous runs have the same bits on one thread and on three") {
  for (const std::string protocol : {"async_sgd", "kardam", "basgd"})
    CHECK(digest_of_run(rushing(protocol, 3), 1) == digest_of_run(rushing(protocol, 3), 3));
}

}  // namespace byzsim::rushing_async_test
