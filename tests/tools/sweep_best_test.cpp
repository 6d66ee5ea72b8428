// The best hyper-parameters of a sweep against the worst attack, and `byzsim sweep best`.
#include "tests/tools/sweep_scenarios.h"
#include "tests/tools/text_matchers.h"
#include "tools/sweep/best_choice.h"

namespace byzsim::process::sweep_best_test {
namespace {

using Texts = std::vector<std::string>;

const AxisRoles kRoles = {{"f"}, {"rate"}, {"attack"}};

CsvTable curves(const std::vector<Texts>& rows) {
  return {{"f", "rate", "attack", "seed", "step", "accuracy", "validation_accuracy"}, rows};
}

BestChoice best_of(const std::vector<Texts>& rows) {
  const auto best = best_choices(curves(rows), kRoles, "validation_accuracy");
  REQUIRE(best.size() == 1);
  return best.front();
}

}  // namespace

TEST_CASE("the choice whose worst attack leaves most is best, not that of the best attack") {
  const BestChoice best = best_of({{"1", "0.1", "A", "1", "0", "0.8", "0.9"},
                                   {"1", "0.1", "B", "1", "0", "0.2", "0.3"},
                                   {"1", "0.5", "A", "1", "0", "0.6", "0.5"},
                                   {"1", "0.5", "B", "1", "0", "0.7", "0.6"}});
  CHECK(best.choice == Texts{"0.5"});
  CHECK(best.value() == 0.5);
  CHECK(best.peaks[best.worst].attack == Texts{"A"});
  CHECK(best.peaks[1].accuracy == 0.7);
}

TEST_CASE("seeds are averaged step by step before the largest of the steps is taken") {
  // Means 0.5 at step 10 and 0.6 at step 20; the largest of each seed, 0.8 and 1, are not asked
  // for.
  const BestChoice best = best_of({{"1", "0.1", "A", "1", "10", "0", "0.2"},
                                   {"1", "0.1", "A", "1", "20", "0.5", "1"},
                                   {"1", "0.1", "A", "2", "10", "0", "0.8"},
                                   {"1", "0.1", "A", "2", "20", "0.25", "0.2"}});
  CHECK(best.value() == 0.6);
  CHECK(best.peaks[0].step == 20);
  CHECK(best.peaks[0].accuracy == 0.375);
}

TEST_CASE("of equal choices the first wins, and of equal steps the first") {
  const BestChoice best = best_of({{"1", "0.1", "A", "1", "0", "0", "0.5"},
                                   {"1", "0.1", "A", "1", "5", "0", "0.5"},
                                   {"1", "0.5", "A", "1", "0", "0", "0.5"}});
  CHECK(best.choice == Texts{"0.1"});
  CHECK(best.peaks[0].step == 0);
}

TEST_CASE("an undefined accuracy counts as 0, and one that is nowhere defined is refused") {
  const BestChoice best =
      best_of({{"1", "0.1", "A", "1", "0", "", ""}, {"1", "0.5", "A", "1", "0", "0.1", "0.1"}});
  CHECK(best.choice == Texts{"0.5"});
  CHECK_THROWS_AS(best_of({{"1", "0.1", "A", "1", "0", "0.5", ""}}), InputError);
}

TEST_CASE("each cell has its own best choice, a row for each attack") {
  const auto best = best_choices(curves({{"1", "0.1", "A", "1", "0", "0.4", "0.4"},
                                         {"1", "0.5", "A", "1", "0", "0.3", "0.3"},
                                         {"2", "0.1", "A", "1", "0", "0.1", "0.1"},
                                         {"2", "0.5", "A", "1", "0", "0.25", "0.25"}}),
                                 kRoles, "validation_accuracy");
  CHECK(to_csv(table_of_best(best, kRoles)) ==
        "f,rate,attack,step,value,accuracy,worst\n"
        "1,0.1,A,0,0.4,0.4,1\n"
        "2,0.5,A,0,0.25,0.25,1\n");
}

TEST_CASE("sweep best writes the choice of a finished sweep beside its runs") {
  const Sandbox sandbox;
  const std::string sweep = tiny_sweep(R"({"set": {"/data/validation": 0.25}, "axes": [
      {"name": "rate", "pointer": "/optimizer/rate/parameters/initial", "values": [0.05, 0.1]},
      {"name": "attack", "variants": {
        "zero": {"set": {"/adversary/workers": {"name": "zero"}}},
        "flip": {"set": {"/adversary/workers": {"name": "sign_flipping"}}}}}]})");
  CHECK(sandbox.byzsim({"sweep", "best", "-", "--out", "there"}, sweep).exit_code == 4);
  REQUIRE(sandbox.byzsim({"sweep", "run", "-", "--out", "there"}, sweep).exit_code == 0);
  const Outcome outcome = sandbox.byzsim({"sweep", "best", "there"});
  CHECK(outcome.exit_code == 0);
  // Nothing is better than 100 %, and of equal choices the first wins.
  CHECK_THAT(outcome.out, StartsWith("rate=0.05: 100.00 % against any attack at step "));
  CHECK_THAT(outcome.out, EndsWith("  table    there/best.csv\n"));
  CHECK_THAT(sandbox.read("there/best.csv"), StartsWith("rate,attack,step,value,accuracy,worst\n"));
}

TEST_CASE("sweep best needs a metric that is an accuracy, and examples that are held back") {
  const Sandbox sandbox;
  REQUIRE(sandbox.byzsim({"sweep", "run", "-", "--out", "there"}, tiny_sweep("{}")).exit_code == 0);
  const Outcome none = sandbox.byzsim({"sweep", "best", "there"});
  CHECK(none.exit_code == 2);
  CHECK(none.err ==
        "error: validation_accuracy: is empty in every run; set /data/validation, or "
        "take --metric accuracy\n");
  CHECK(sandbox.byzsim({"sweep", "best", "there", "--metric", "accuracy"}).exit_code == 0);
  const Outcome wrong = sandbox.byzsim({"sweep", "best", "there", "--metric", "loss"});
  CHECK(wrong.exit_code == 2);
  CHECK_THAT(wrong.err, contains("--metric: must be one of: validation_accuracy, accuracy"));
}

TEST_CASE("where all attacks are equally bad, as without a Byzantine node, none is the worst") {
  CHECK(best_of(
            {{"0", "0.1", "A", "1", "0", "0.5", "0.5"}, {"0", "0.1", "B", "1", "0", "0.5", "0.5"}})
            .any_is_worst());
  CHECK_FALSE(best_of({{"0", "0.1", "A", "1", "0", "0.5", "0.5"},
                       {"0", "0.1", "B", "1", "0", "0.5", "0.25"}})
                  .any_is_worst());
  CHECK_FALSE(best_of({{"0", "0.1", "A", "1", "0", "0.5", "0.5"}}).any_is_worst());
}

TEST_CASE("runs that ended early are counted, with what they count as") {
  const auto text = [](const std::string& rows) {
    return early_ends_text(parse_csv("point,status\n" + rows, "summary"));
  };
  CHECK(text("0,trained\n") == "");
  CHECK(text("0,trained\n1,stalled\n2,diverged\n3,stalled\n4,out_of_time\n") ==
        "of 5 runs 1 diverged, 2 stalled, 1 ran out of time: a step that a run did not reach, or "
        "reached without an accuracy, counts as 0");
}

TEST_CASE("a choice by the test set is noted, and leaves the table of the other metric") {
  const Sandbox sandbox;
  const std::string sweep = tiny_sweep(R"({"set": {"/data/validation": 0.25}, "axes": [
      {"name": "rate", "pointer": "/optimizer/rate/parameters/initial", "values": [0.05, 0.1]},
      {"name": "attack", "pointer": "/adversary/workers", "values": ["zero", "sign_flipping"]}]})");
  REQUIRE(sandbox.byzsim({"sweep", "run", "-", "--out", "there"}, sweep).exit_code == 0);
  CHECK(sandbox.byzsim({"sweep", "best", "there"}).err == "");
  const std::string before = sandbox.read("there/best.csv");
  const Outcome outcome = sandbox.byzsim({"sweep", "best", "there", "--metric", "accuracy"});
  CHECK_THAT(outcome.err, StartsWith("note: --metric accuracy chooses rate by the test set"));
  CHECK_THAT(outcome.out, EndsWith("  table    there/best-accuracy.csv\n"));
  CHECK(sandbox.read("there/best.csv") == before);
}

}  // namespace byzsim::process::sweep_best_test
