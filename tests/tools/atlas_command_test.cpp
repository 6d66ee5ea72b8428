// `byzsim atlas` through the real program: small atlases of its own, and the one that is shipped.
#include <fmt/format.h>

#include <algorithm>

#include "tests/tools/plugins.h"
#include "tests/tools/text_matchers.h"

namespace byzsim::process::atlas_command_test {
namespace {

const std::string kSetting = R"({
  "seed": 1, "steps": 12, "protocol": "sgd", "servers": {"count": 1},
  "workers": {"count": 7, "byzantine": 2, "batch_size": 4},
  "model": "softmax_regression",
  "data": {"name": "blobs",
           "parameters": {"dimension": 3, "classes": 3, "train": 60, "test": 100}},
  "adversary": {"rushing": "all"}, "metrics": {"every": 12}})";

// A sandbox with an atlas of one setting, "tiny", whose cells are those of average and mda.
struct SmallAtlas {
  Sandbox sandbox;
  SmallAtlas() { sandbox.write("atlas/settings/tiny.json", kSetting); }
  Outcome atlas(Arguments arguments) const {
    arguments.insert(arguments.begin(), "atlas");
    arguments.insert(arguments.end(), {"--atlas", "atlas", "--quiet"});
    return sandbox.byzsim(arguments);
  }
  Outcome build(const Arguments& more = {}) const {
    Arguments arguments = {"build", "--rules", "average", "--rules", "mda", "--evaluations", "8"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return atlas(arguments);
  }
};

// The lines of a ranking, from the best rule to the last.
Arguments places_of(const std::string& printed) {
  Arguments lines;
  std::size_t at = printed.find("place");
  while ((at = printed.find('\n', at)) != std::string::npos && ++at < printed.size())
    lines.push_back(printed.substr(at, printed.find('\n', at) - at));
  return lines;
}

}  // namespace

TEST_CASE("an atlas of two rules with and without nnm has four cells, which verify replays") {
  const SmallAtlas small;
  const Outcome built = small.build();
  CHECK(built.exit_code == 0);
  CHECK_THAT(built.out, StartsWith("4 cells done, 0 of them before"));
  const Outcome verified = small.atlas({"verify"});
  CHECK(verified.exit_code == 0);
  CHECK(verified.out == "verified: 4 of 4 cells of atlas\n");
}

TEST_CASE("each case of an atlas is a scenario that runs by itself and meets its expectation") {
  const SmallAtlas small;
  REQUIRE(small.build().exit_code == 0);
  const Outcome run = small.sandbox.byzsim({"run", "atlas/cases/tiny/mda.json", "--out", "run"});
  CHECK(run.exit_code == 0);
  CHECK_THAT(run.out, contains("expectation met: accuracy (end) <= "));
}

TEST_CASE("an atlas that is built again keeps its cells, and jobs change none of its bytes") {
  const SmallAtlas one, three;
  REQUIRE(one.build({"--jobs", "1"}).exit_code == 0);
  REQUIRE(three.build({"--jobs", "3"}).exit_code == 0);
  const std::string cells = one.sandbox.read("atlas/cells.csv");
  CHECK(cells == three.sandbox.read("atlas/cells.csv"));
  CHECK_THAT(one.build().out, StartsWith("4 cells done, 4 of them before"));
  CHECK(one.sandbox.read("atlas/cells.csv") == cells);
}

TEST_CASE("verify names the case of an atlas that was changed") {
  const SmallAtlas small;
  REQUIRE(small.build().exit_code == 0);
  Json changed = Json::parse(small.sandbox.read("atlas/cases/tiny/mda.json"));
  changed["seed"] = 2;
  small.sandbox.write("atlas/cases/tiny/mda.json", changed.dump());
  const Outcome verified = small.atlas({"verify"});
  CHECK(verified.exit_code == 3);
  CHECK_THAT(verified.out, contains("cases/tiny/mda.json: digest ") &&
                               contains("1 of 4 replays differ from the atlas"));
}

TEST_CASE("atlas rank places a plugin's plain average last, and a second mda beside mda") {
  const SmallAtlas small;
  REQUIRE(small.build().exit_code == 0);
  const Outcome weak =
      small.atlas({"rank", "--plugin", plugin("counterparts"), "--rule", "other_average"});
  REQUIRE(weak.exit_code == 0);
  REQUIRE(places_of(weak.out).size() == 3);
  CHECK_THAT(places_of(weak.out)[2], contains("other_average <- placed"));
  const Arguments places = places_of(small.atlas({"rank", "--rule", "mda"}).out);
  REQUIRE(places.size() == 3);
  CHECK_THAT(places[0], contains("  mda  "));
  CHECK_THAT(places[1], contains("  mda <- placed"));
  // Its accuracies are those of the stored mda: a line ends in both numbers.
  CHECK(places[0].substr(places[0].size() - 17) == places[1].substr(places[1].size() - 17));
}

TEST_CASE("atlas submit takes a worse case, once") {
  const SmallAtlas small;
  REQUIRE(small.build().exit_code == 0);
  // As if less had been found before: nothing is worse than the accuracy 1.
  const std::string key = "tiny,mda,,";
  std::string cells = small.sandbox.read("atlas/cells.csv");
  const std::size_t row = cells.find("\n" + key) + 1;
  std::string line = cells.substr(row, cells.find('\n', row) - row), made;
  for (std::size_t at = 0, i = 0; at != std::string::npos; ++i) {
    const std::size_t end = line.find(',', at);
    made += (i == 0 ? "" : ",") + (i == 6 ? "1" : line.substr(at, end - at));
    at = end == std::string::npos ? end : end + 1;
  }
  small.sandbox.write("atlas/cells.csv", cells.replace(row, line.size(), made));
  const std::string worst = small.sandbox.read("atlas/cases/tiny/mda.json");
  small.sandbox.write("worst.json", worst);
  const Outcome first = small.atlas({"submit", "worst.json"});
  CHECK(first.exit_code == 0);
  CHECK_THAT(first.out, StartsWith("cases/tiny/mda.json: accuracy ") && contains(", 1 before"));
  CHECK(small.atlas({"verify"}).exit_code == 0);
  const Outcome second = small.atlas({"submit", "worst.json"});
  CHECK(second.exit_code == 2);
  CHECK_THAT(second.err, contains("is not worse than the ") && contains("cases/tiny/mda.json"));
}

TEST_CASE("atlas submit refuses a scenario that differs in more than its adversary") {
  const SmallAtlas small;
  REQUIRE(small.build().exit_code == 0);
  Json other = Json::parse(small.sandbox.read("atlas/cases/tiny/mda.json"));
  other["seed"] = 2;
  small.sandbox.write("worst.json", other.dump());
  const Outcome outcome = small.atlas({"submit", "worst.json"});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, contains("belongs to no cell of the atlas"));
}

TEST_CASE("atlas submit refuses a run that stalls: it measures no rule") {
  const SmallAtlas small;
  REQUIRE(small.build().exit_code == 0);
  Json silent = Json::parse(small.sandbox.read("atlas/cases/tiny/mda.json"));
  silent["adversary"] = {{"workers", "silent"}, {"rushing", "all"}};
  small.sandbox.write("worst.json", silent.dump());
  const Outcome outcome = small.atlas({"submit", "worst.json"});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, contains("its run ends before the last step, and measures no rule"));
}

TEST_CASE("verify names the cells whose setting has changed, and rank refuses them") {
  const SmallAtlas small;
  REQUIRE(small.build().exit_code == 0);
  Json setting = Json::parse(kSetting);
  setting["steps"] = 6;
  small.sandbox.write("atlas/settings/tiny.json", setting.dump());
  const Outcome verified = small.atlas({"verify"});
  CHECK(verified.exit_code == 3);
  CHECK_THAT(verified.out, contains("cases/tiny/mda.json: the setting tiny has changed since; "
                                    "byzsim atlas build makes it again") &&
                               contains("4 of 4 replays differ from the atlas"));
  const Outcome ranked = small.atlas({"rank", "--rule", "mda"});
  CHECK(ranked.exit_code == 2);
  CHECK_THAT(ranked.err, contains("the setting tiny has changed since"));
}

TEST_CASE("atlas build refuses a setting that cannot run with any rule") {
  const SmallAtlas small;
  Json setting = Json::parse(kSetting);
  setting["step"] = 6;
  small.sandbox.write("atlas/settings/tiny.json", setting.dump());
  const Outcome built = small.build();
  CHECK(built.exit_code == 2);
  CHECK_THAT(built.err, contains("settings/tiny.json: /step: unknown key; did you mean 'steps'?"));
}

TEST_CASE("atlas rank refuses a parameter that the rule lacks") {
  const SmallAtlas small;
  REQUIRE(small.build().exit_code == 0);
  const Outcome outcome = small.atlas({"rank", "--rule", "median", "--rule-set", "middle=lowr"});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, contains("--rule/parameters/middle: must be one of: mean, lower, upper"));
}

TEST_CASE("the page of an atlas links to every case") {
  const SmallAtlas small;
  REQUIRE(small.build().exit_code == 0);
  CHECK(small.atlas({"page", "--out", "page.html"}).exit_code == 0);
  const std::string page = small.sandbox.read("page.html");
  for (const char* rule : {"average", "average-nnm", "mda", "mda-nnm"})
    CHECK_THAT(page, contains(fmt::format("href=\"atlas/cases/tiny/{}.json\"", rule)));
}

TEST_CASE("the page of an atlas takes the place of no file of the atlas") {
  const SmallAtlas small;
  REQUIRE(small.build().exit_code == 0);
  const std::string cells = small.sandbox.read("atlas/cells.csv");
  const Outcome outcome = small.atlas({"page", "--out", "atlas/cells.csv"});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, contains("atlas/cells.csv: exists and is not a report page; name "));
  CHECK(small.sandbox.read("atlas/cells.csv") == cells);
}

TEST_CASE("a setting or a rule that the atlas lacks is refused with the nearest name") {
  const SmallAtlas small;
  CHECK_THAT(small.atlas({"build", "--rules", "mdaa"}).err,
             contains("--rules: unknown rule 'mdaa'; did you mean 'mda'?"));
  CHECK_THAT(small.atlas({"build", "--settings", "tinyy"}).err,
             contains("--settings: unknown setting 'tinyy'; did you mean 'tiny'?"));
}

TEST_CASE("the shipped atlas has 150 cells or more, and a sample of it replays to its digests") {
  const std::string atlas = std::string(source_directory()) + "/scenarios/atlas";
  const std::string cells = read_file(atlas + "/cells.csv");
  CHECK(std::count(cells.begin(), cells.end(), '\n') > 150);

  const Outcome verified =
      Sandbox().byzsim({"atlas", "verify", "--quiet", "--atlas", atlas, "--sample", "40"});
  CHECK(verified.exit_code == 0);
  CHECK_THAT(verified.out, StartsWith("verified: "));
}

}  // namespace byzsim::process::atlas_command_test
