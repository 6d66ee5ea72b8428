// `byzsim atlas` through the real program: small atlases of its own, and the one that is shipped.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

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

// Puts a value into a column of the row that begins with `key`.
void change_cell(const Sandbox& sandbox, const std::string& key, std::size_t column,
                 const std::string& value) {
  std::string cells = sandbox.read("atlas/cells.csv");
  const std::size_t row = cells.find("\n" + key) + 1;
  const std::string line = cells.substr(row, cells.find('\n', row) - row);
  std::string made;
  for (std::size_t at = 0, i = 0; at != std::string::npos; ++i) {
    const std::size_t end = line.find(',', at);
    made += (i == 0 ? "" : ",") + (i == column ? value : line.substr(at, end - at));
    at = end == std::string::npos ? end : end + 1;
  }
  sandbox.write("atlas/cells.csv", cells.replace(row, line.size(), made));
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
  change_cell(small.sandbox, "tiny,mda,,", 6, "1");
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

TEST_CASE("verify names a case that cannot be read beside the cells that it replays") {
  const SmallAtlas small;
  REQUIRE(small.build().exit_code == 0);
  small.sandbox.write("atlas/cases/tiny/mda.json", "{");
  const Outcome outcome = small.atlas({"verify", "--quiet"});
  CHECK(outcome.exit_code == 3);
  CHECK_THAT(outcome.out,
             contains("cases/tiny/mda.json:") &&
                 contains("1 of 4 replays differ from the atlas, and 0 files have no row"));
}

TEST_CASE("an accuracy in the atlas's table is one") {
  for (const char* value : {"7", "abc", "-0.5"}) {
    const SmallAtlas small;
    REQUIRE(small.build().exit_code == 0);
    change_cell(small.sandbox, "tiny,mda,,", 6, value);
    CHECK_THAT(small.atlas({"page", "--out", "page.html"}).err,
               contains(fmt::format("tiny,mda: accuracy must be in [0, 1], not {}; restore the "
                                    "table\n",
                                    value)));
  }
}

TEST_CASE("with --reports each cell leads to the report of its run, beside the page") {
  const SmallAtlas small;
  REQUIRE(small.build().exit_code == 0);
  std::filesystem::create_directory(small.sandbox.path() / "site");
  const Outcome drawn = small.atlas({"page", "--out", "site/page.html", "--reports", "site/runs"});
  CHECK(drawn.exit_code == 0);
  CHECK_THAT(drawn.out,
             StartsWith("site/runs: 4 reports, ") && contains(" MB\nsite/page.html: 4 cells\n"));
  const std::string page = small.sandbox.read("site/page.html");
  for (const char* rule : {"average", "average-nnm", "mda", "mda-nnm"}) {
    // Once in the map and once in the table.
    const std::string link = fmt::format("href=\"runs/tiny/{}.html\"", rule);
    CHECK(page.find(link) != page.rfind(link));
    CHECK_THAT(page, contains(fmt::format("href=\"../atlas/cases/tiny/{}.json\"", rule)));
    CHECK_THAT(small.sandbox.read(fmt::format("site/runs/tiny/{}.html", rule)),
               StartsWith("<!DOCTYPE html>") &&
                   contains(fmt::format("\"case\":\"atlas/cases/tiny/{}.json\"", rule)) &&
                   contains("\"differences\":[]"));
  }
}

TEST_CASE("a report of the atlas shows that its run is not the one of the table") {
  const SmallAtlas small;
  REQUIRE(small.build().exit_code == 0);
  change_cell(small.sandbox, "tiny,mda,,", 12, "0123456789abcdef");
  const Outcome drawn = small.atlas({"page", "--out", "page.html", "--reports", "runs"});
  CHECK(drawn.exit_code == 3);
  CHECK_THAT(drawn.out,
             contains("cases/tiny/mda.json: digest ") && contains(", not 0123456789abcdef\n"));
  CHECK_THAT(small.sandbox.read("runs/tiny/mda.html"), contains(", not 0123456789abcdef\"]"));
}

TEST_CASE("the page of an atlas takes the place of a page, and of no file that it reads") {
  const SmallAtlas small;
  REQUIRE(small.build().exit_code == 0);
  CHECK(small.atlas({"page", "--out", "page.html"}).exit_code == 0);
  CHECK(small.atlas({"page", "--out", "page.html"}).exit_code == 0);
  for (const std::string file :
       {"atlas/cells.csv", "atlas/cases/tiny/mda.json", "atlas/settings/tiny.json"}) {
    const std::string before = small.sandbox.read(file);
    const Outcome refused = small.atlas({"page", "--out", file});
    CHECK(refused.exit_code == 2);
    CHECK_THAT(refused.err, contains(file + ": exists and is not a report page; name another "
                                            "file with --out FILE"));
    CHECK(small.sandbox.read(file) == before);
  }
}

TEST_CASE("verify computes every column of the table that can be computed") {
  const SmallAtlas small;
  REQUIRE(small.build().exit_code == 0);
  const std::string cells = small.sandbox.read("atlas/cells.csv");
  // The column, a wrong value, and what verify finds. No attack has the accuracy 0.123 of 100
  // examples.
  struct Wrong {
    std::size_t column;
    const char *value, *found;
  };
  for (const auto& [column, value, found] : std::initializer_list<Wrong>{
           {3, "0.123", "accuracy_without_attack "},
           {4, "silent", "hand_written silent is no attack that can run in this cell"},
           {5, "0.999", "hand_written_accuracy "},
           {6, "0.001", "accuracy "},
           {7, "nothing", "attack "},
           {8, "guess", "its name, summary or expectation is not what its row gives"},
           {10, "0123456789abcdef", "the setting tiny has changed since"},
           {12, "0123456789abcdef", "digest "},
           {13, "1", "digest_version "}}) {
    change_cell(small.sandbox, "tiny,mda,,", column, value);
    const Outcome verified = small.atlas({"verify"});
    CHECK(verified.exit_code == 3);
    CHECK_THAT(verified.out, contains(std::string("  cases/tiny/mda.json: ") + found));
    small.sandbox.write("atlas/cells.csv", cells);
  }
}

TEST_CASE("a row that leads to the file of another cell is refused") {
  const SmallAtlas small;
  REQUIRE(small.build().exit_code == 0);
  change_cell(small.sandbox, "tiny,mda,,", 14, "cases/tiny/average.json");
  const Outcome verified = small.atlas({"verify"});
  CHECK(verified.exit_code == 2);
  CHECK_THAT(verified.err, contains("atlas/cells.csv: tiny,mda: file must be cases/tiny/mda.json, "
                                    "not cases/tiny/average.json"));
}

TEST_CASE("verify finds a case without a row and a row without a case") {
  const SmallAtlas small;
  REQUIRE(small.build().exit_code == 0);
  const std::string text = small.sandbox.read("atlas/cases/tiny/mda.json");
  small.sandbox.write("atlas/cases/tiny/other.json", text);
  std::filesystem::remove(small.sandbox.path() / "atlas/cases/tiny/mda-nnm.json");
  const Outcome verified = small.atlas({"verify"});
  CHECK(verified.exit_code == 3);
  CHECK_THAT(
      verified.out,
      contains("cases/tiny/other.json: no row of cells.csv leads to it") &&
          contains("cases/tiny/mda-nnm.json: no such file: the case of mda after nnm in tiny is "
                   "missing; restore it, or make it again with byzsim atlas build --settings tiny "
                   "--rules mda"));
}

TEST_CASE("verify notes a setting whose cells were not tried with all of its attacks") {
  const SmallAtlas small;
  REQUIRE(small.build().exit_code == 0);
  change_cell(small.sandbox, "tiny,mda,,", 11, "");
  const Outcome verified = small.atlas({"verify"});
  CHECK(verified.exit_code == 0);
  CHECK_THAT(verified.err, contains("note: some cells of tiny have yet to be tried"));
}

TEST_CASE("atlas takes a rule by its alias, and refuses several rules in one word") {
  const SmallAtlas small;
  REQUIRE(small.build().exit_code == 0);
  const Outcome built = small.atlas(
      {"build", "--rules", "brute", "--rules", "average", "--rules", "mda", "--evaluations", "8"});
  CHECK_THAT(built.out, StartsWith("4 cells done, 4 of them before"));
  CHECK_THAT(small.atlas({"rank", "--rule", "brute"}).out, contains("  mda <- placed"));
  CHECK_THAT(small.atlas({"build", "--rules", "mda,average"}).err,
             contains("--rules: unknown rule 'mda,average'; give one rule with each --rules"));
}

TEST_CASE("atlas build without settings names where they are") {
  const Outcome built = Sandbox().byzsim({"atlas", "build"});
  CHECK(built.exit_code == 2);
  CHECK_THAT(built.err, contains("scenarios/atlas/settings: no such directory; give the directory "
                                 "of an atlas with --atlas DIR") &&
                            contains("share/doc/byzsim"));
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
