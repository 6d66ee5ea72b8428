// One bit is planted somewhere in a run, by an adversary that no program here has, so that no
// replay can have it either; `byzsim bisect` names the very event from the files that such a
// program leaves: first the interval by digests.csv, then the event by events.jsonl.
#include <cstring>

#include "adversaries/known_strategies.h"
#include "core/exact/random.h"
#include "sim/results/results.h"
#include "tests/sim/small_scenarios.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"
#include "tools/bisect/event_lines.h"

namespace byzsim::process::bisect_planted_test {
namespace {

enum class Bit { of_delay, of_vector };

// Which of the adversary's decisions, counted from 1, has a bit changed; and how many there were.
struct Plant {
  Bit bit;
  std::uint64_t at;
  std::uint64_t decisions = 0;
};

Payload with_a_bit_changed(const Payload& payload) {
  std::vector<float> values = payload.values();
  std::uint32_t bits;
  std::memcpy(&bits, values.data(), sizeof bits);
  bits ^= 1;
  std::memcpy(values.data(), &bits, sizeof bits);
  return Payload(std::move(values));
}

// An adversary with one bit changed.
class Planted final : public Adversary {
 public:
  Planted(std::unique_ptr<Adversary> adversary, Plant& plant)
      : adversary_(std::move(adversary)), plant_(plant) {}
  std::unique_ptr<Adversary> clone() const override {
    return std::make_unique<Planted>(adversary_->clone(), plant_);
  }
  void walk(Archive&) override {}
  std::vector<Payload> decide(const PendingSend& pending, const AdversaryView& view) override {
    std::vector<Payload> sent = adversary_->decide(pending, view);
    for (Payload& each : sent)
      if (plant_.bit == Bit::of_vector && ++plant_.decisions == plant_.at)
        each = with_a_bit_changed(each);
    return sent;
  }
  std::int64_t delay(const Dispatch& dispatch) override {
    const std::int64_t delay = adversary_->delay(dispatch);
    return plant_.bit == Bit::of_delay && ++plant_.decisions == plant_.at ? delay ^ 1 : delay;
  }

 private:
  std::unique_ptr<Adversary> adversary_;
  Plant& plant_;
};

// The run of a program that plants.
class PlantedRun {
 public:
  PlantedRun(Bit bit, std::uint64_t at)
      : plant_{bit, at},
        world_(scenario(), 1, std::make_unique<Planted>(make_adversary(read(scenario())), plant_)) {
    world_.simulation.keep_scheduled();
    while (const auto occurrence = world_.simulation.advance()) {
      if (event_ == 0 && plant_.decisions >= plant_.at) event_ = world_.simulation.totals().events;
      events_.push_back(to_json(record_of(*occurrence, world_.simulation)).dump() + "\n");
    }
    world_.simulation.finish();
  }
  static Json scenario() { return Json::parse(kTinyScenario); }

  std::uint64_t decisions() const { return plant_.decisions; }
  std::uint64_t event() const { return event_; }  // in which it was planted
  void write(const fs::path& directory) const {
    write_run(
        directory,
        files_of(result_of(world_.simulation, scenario_tables(), status_of(world_.simulation), {})),
        true);
  }
  std::string events(std::uint64_t from, std::uint64_t to) const {
    std::string lines;
    for (std::uint64_t event = from; event <= to; ++event) lines += events_[event - 1];
    return lines;
  }

 private:
  Plant plant_;
  World world_;
  std::uint64_t event_ = 0;
  std::vector<std::string> events_;
};

// Whether any digest has seen the planted bit: a vector that no quorum used is seen by none.
bool is_seen(const Json& found) { return found["same"] == false; }

// Bisects a run with a bit planted; whether the bit was seen at all.
bool names_the_event(const Sandbox& sandbox, Bit bit, std::uint64_t at) {
  const PlantedRun planted(bit, at);
  planted.write(sandbox.path() / "planted");
  const auto bisect = [&] {
    return Json::parse(sandbox.byzsim({"bisect", "honest", "planted", "--json"}).out);
  };
  const Json interval = bisect();
  if (!is_seen(interval)) return false;
  CAPTURE(at, planted.event(), interval.dump(2));
  CHECK(interval["equal_up_to_event"].get<std::uint64_t>() + 4 >=
        interval["different_event"].get<std::uint64_t>());
  CHECK(planted.event() <= interval["different_event"].get<std::uint64_t>());
  if (bit == Bit::of_delay)
    CHECK(planted.event() > interval["equal_up_to_event"].get<std::uint64_t>());
  sandbox.write("planted/events.jsonl",
                planted.events(interval["write_down_from_event"], interval["different_event"]));
  const Json event = bisect();
  CHECK(event["exact"] == true);
  CHECK(event["different_event"] == planted.event());
  const Json alone = Json::parse(sandbox.byzsim({"bisect", "planted", "--json"}).out);
  CHECK(alone["different_event"] == planted.event());
  return true;
}

}  // namespace

TEST_CASE("bisect names the exact event in which a bit was planted, at 10 random places each") {
  const Sandbox sandbox;
  REQUIRE(sandbox.byzsim({"run", "-", "--out", "honest"}, kTinyScenario).exit_code == 0);
  Stream stream(29, Purpose::attack, 0, 0);
  for (const Bit bit : {Bit::of_delay, Bit::of_vector}) {
    const std::uint64_t decisions = PlantedRun(bit, 0).decisions();
    REQUIRE(decisions > 40);
    for (int named = 0; named < 10;)
      named += names_the_event(sandbox, bit, 1 + stream.below(decisions));
  }
}

}  // namespace byzsim::process::bisect_planted_test
