// Panels with "worst_of": what is refused before anything is run, and what is drawn.
#include <fmt/format.h>

#include "tests/places.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"
#include "tools/figures/figure_tables.h"

namespace byzsim::process::worst_of_test {
namespace {

// A map of accuracies by length and rule, under the worst of three attacks; two seeds.
Json figure_with(const std::string& changes = "{}") {
  Json figure = Json::parse(R"({
    "summary": "a map of worst cases",
    "sweeps": {"runs": {"repeat": 2, "axes": [
      {"name": "length", "pointer": "/steps", "values": [2, 4]},
      {"name": "rule", "pointer": "/workers/aggregator/name", "values": ["average", "median"]},
      {"name": "attack", "pointer": "/adversary/workers",
       "values": ["sign_flipping", "zero", "nan"]}]}},
    "contractions": {"gathers": {"values": ["1,2,3,4"], "law": ["uniform"], "median": ["mean"]}},
    "plot": {"panels": [{"kind": "cells", "table": "runs", "x": "length", "rows": "rule",
                         "y": "accuracy", "worst_of": "attack", "values": ".4f"}]}})");
  figure["sweeps"]["runs"]["scenario"] = Json::parse(tiny_with(R"({"workers": {"byzantine": 1}})"));
  figure["plot"]["panels"][0].merge_patch(Json::parse(changes));
  return figure;
}

std::string mistakes_in(const Json& figure) {
  try {
    plan_figure(read_figure(figure, "figure"), "", {});
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

std::string mistakes_with(const std::string& changes) { return mistakes_in(figure_with(changes)); }

bool is_without_matplotlib(const Sandbox& sandbox) {
  const bool lacks = sandbox.run({"/usr/bin/python3", "-c", "import matplotlib"}).exit_code != 0;
  if (lacks) WARN("skipped: /usr/bin/python3 has no matplotlib");
  return lacks;
}

bool is_written(const std::string& svg, const std::string& text) {
  // matplotlib draws letters as paths and notes what they spell.
  return svg.find("<!-- " + text + " -->") != std::string::npos;
}

// The picture (SVG) of one panel from a table of worst cases; `kind` with the keys that it needs.
std::string drawn(const Sandbox& sandbox, const std::string& kind, const std::string& rows) {
  sandbox.write("one/panel-1.csv",
                "f,rule,attack,seed,accuracy,diverged,mean,standard_deviation\n" + rows);
  sandbox.write("one/one.json", R"({"plot": {"panels": [{"table": "panel-1", "x": "f",
      "y": "accuracy", "worst_of": "attack", "labels": {"alie": "ALIE",
      "long": "a name of many words"}, )" +
                                    kind + "}]}}");
  const std::string folder = std::string(source_directory()) + "/tools/figures/";
  const Outcome outcome = sandbox.run(
      {"/usr/bin/python3", folder + "plot.py", "one", "one", folder + "paper.mplstyle"});
  CHECK(outcome.err == "");
  return sandbox.read("one/one.svg");
}

}  // namespace

TEST_CASE("an axis of worst cases that the sweep lacks is refused with the axes that it has") {
  CHECK(mistakes_with(R"({"worst_of": "atack"})") ==
        "/plot/panels/0/worst_of: the table runs has no axis \"atack\"; did you mean 'attack'? one "
        "of: length, rule, attack");
  CHECK_THAT(mistakes_with(R"({"worst_of": "loss"})"), contains("has no axis \"loss\"; one of:"));
  CHECK_THAT(mistakes_with(R"({"worst_of": "seed"})"), contains("has no axis \"seed\"; one of:"));
  CHECK_THAT(mistakes_with(R"({"worst_of": ["attack"]})"),
             contains("/plot/panels/0/worst_of: must be of the type string"));
}

TEST_CASE("all that contradicts a worst case is reported at once") {
  CHECK(mistakes_with(R"({"worst_of": "rule", "y": {"of": "loss", "per": "steps"},
                          "at": {"accuracy": 0.5}, "marks": {"steps": "*"}})") ==
        "/plot/panels/0/worst_of: \"rule\" is \"rows\" of the panel, too; name an axis that the "
        "panel does not show\n"
        "/plot/panels/0/y: must be one column beside \"worst_of\"; name the column that is "
        "compared\n"
        "/plot/panels/0/at: must be a word beside \"worst_of\"; write \"end\", \"largest\" or "
        "\"smallest\"\n"
        "/plot/panels/0/marks: cannot be combined with \"worst_of\"; leave one of them out");
}

TEST_CASE("cells by what is not an axis, and curves without a row of each run, are refused") {
  CHECK(mistakes_with(R"({"table": "runs-curves", "x": "loss"})") ==
        "/plot/panels/0/x: \"loss\" is not an axis, and seeds are averaged at equal values; one "
        "of: length, rule, attack\n"
        "/plot/panels/0/at: is missing: a run has several rows in the table runs-curves; write "
        "\"end\", \"largest\" or \"smallest\"");
  CHECK(mistakes_with(R"({"table": "runs-curves", "at": "largest"})") == "");
  CHECK(mistakes_with(R"({"table": "runs-curves", "x": "step", "where": {"length": 4}})") == "");
  CHECK_THAT(mistakes_with(R"({"table": "runs-curves", "x": "step", "at": "end"})"),
             contains("/plot/panels/0/x: \"step\" is not an axis"));
}

TEST_CASE("a cell with several values of another axis is refused with these values") {
  const std::string points = R"({"kind": "points", "rows": null, "values": null)";
  CHECK(mistakes_with(points + "}") ==
        "/plot/panels/0/worst_of: a cell has runs with several values of \"rule\" (average, "
        "median), but only seeds are averaged; choose one by \"where\": {\"rule\": ...}");
  CHECK(mistakes_with(points + R"(, "where": {"rule": "median"}})") == "");
  CHECK(mistakes_with(points + R"(, "series": "rule"})") == "");
}

TEST_CASE("tables without runs have no worst case, nor has the table of another panel") {
  CHECK_THAT(mistakes_with(R"({"table": "gathers", "x": "law", "rows": "median", "y": "low"})"),
             contains("/plot/panels/0/table: gathers has no runs, of which \"worst_of\" takes the "
                      "worst; name a table of \"sweeps\""));
  CHECK_THAT(mistakes_with(R"({"table": "panel-1"})"),
             contains("/plot/panels/0/table: panel-1 has no runs"));
}

TEST_CASE("a table called as that of a panel of worst cases is refused") {
  Json figure = figure_with();
  figure["contractions"]["panel-1"] = figure["contractions"]["gathers"];
  CHECK(mistakes_in(figure) ==
        "/plot/panels: a panel with \"worst_of\" makes the table \"panel-1\", and another table "
        "has this name; rename the other one");
}

TEST_CASE("expectations can name the cells of a panel of worst cases") {
  if (is_without_matplotlib(Sandbox())) return;
  const Sandbox sandbox;
  Json figure = figure_with(R"({"where": {"attack": ["sign_flipping", "zero"]}})");
  figure["expect"] = Json::parse(R"([
    {"of": "panel-1", "metric": "mean", "where": {"length": 4, "rule": "median"},
     "relation": "<=", "value": {"of": "runs", "metric": "accuracy",
     "where": {"length": 4, "rule": "median", "attack": "zero"}}}])");
  sandbox.write("map.json", figure.dump());
  const Outcome outcome = sandbox.byzsim({"figures", "map.json", "--out", "."});
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.out, contains("expectation met: mean of panel-1 (length 4, rule median) = "));
}

TEST_CASE("a map names in each cell its worst case, in words where this has diverged") {
  if (is_without_matplotlib(Sandbox())) return;
  const Sandbox sandbox;
  sandbox.write("map.json", figure_with().dump());
  const Outcome outcome = sandbox.byzsim({"figures", "map.json", "--out", "."});
  CHECK(outcome.err == "map is drawn in ./map\n");
  const CsvTable cells = parse_csv(sandbox.read("map/panel-1.csv"), "panel-1.csv");
  const std::string svg = sandbox.read("map/map.svg");
  REQUIRE(cells.rows.size() == 8);  // 2 lengths x 2 rules x 2 seeds
  for (const auto& row : cells.rows) {
    const auto cell = [&](const char* name) { return row[cells.column(name).value()]; };
    const std::string mean = cell("mean");
    // NaN of one worker is in every average, and in no median of the others.
    CHECK((cell("rule") == "average") == mean.empty());
    CHECK(is_written(svg,
                     mean.empty() ? "diverged" : fmt::format("{:.4f}", number_in(mean).value())));
    CHECK((cell("attack") == "any" || is_written(svg, cell("attack"))));
  }
}

TEST_CASE("cells have a number, a spread and a name, and words where there is no number") {
  const Sandbox sandbox;
  if (is_without_matplotlib(sandbox)) return;
  const std::string svg = drawn(sandbox, R"("kind": "cells", "rows": "rule", "values": ".2f",
                                            "spread": true)",
                                "1,krum,alie,1,0.5,0,0.625,0.17677669529663687\n"
                                "1,krum,alie,2,0.75,0,0.625,0.17677669529663687\n"
                                "2,krum,long,1,0.25,1,,\n2,krum,long,2,,0,,\n"
                                "1,mda,gone,1,,0,,\n");
  for (const char* text : {"0.62", "\u00b1 0.18", "ALIE", "diverged", "a name of many", "words",
                           "undefined", "gone", "missing"})
    CHECK(is_written(svg, text));
  CHECK_FALSE(is_written(svg, "0.25"));
}

TEST_CASE("curves, points and bars have a word for a worst case that has diverged") {
  const Sandbox sandbox;
  if (is_without_matplotlib(sandbox)) return;
  for (const char* kind : {"curves", "points", "bars"}) {
    CAPTURE(kind);
    const std::string keys = fmt::format(R"("kind": "{}", "series": "rule")", kind);
    const std::string good = "1,krum,alie,1,0.5,0,0.5,\n3,krum,alie,1,0.25,0,0.25,\n";
    CHECK_FALSE(is_written(drawn(sandbox, keys, good), "diverged"));
    CHECK(is_written(drawn(sandbox, keys, good + "2,krum,alie,1,,1,,\n"), "diverged"));
    CHECK(is_written(drawn(sandbox, keys, good + "2,krum,alie,1,,0,,\n"), "undefined"));
  }
}

TEST_CASE("a curve of worst cases has a gap where one has no value") {
  const Sandbox sandbox;
  if (is_without_matplotlib(sandbox)) return;
  const Outcome outcome = sandbox.run(
      {"/usr/bin/python3", "-c",
       "import sys; sys.path.insert(0, sys.argv[1]); import plot\n"
       "rows = [{'f': f, 'loss': '1', 'mean': mean, 'attack': 'a', 'diverged': '0'}\n"
       "        for f, mean in (('1', '1'), ('2', ''), ('3', '1'))]\n"
       "panel = plot.Panel({'table': 't', 'x': 'f', 'y': 'loss', 'worst_of': 'attack'},\n"
       "                   {'t': rows})\n"
       "print(*plot.mean_line(panel, panel.rows)[:2])",
       std::string(source_directory()) + "/tools/figures"});
  CHECK(outcome.err == "");
  CHECK(outcome.out == "[1.0, 2.0, 3.0] [1.0, nan, 1.0]\n");
}

TEST_CASE("letters are light on dark cells and dark on light ones") {
  const Sandbox sandbox;
  if (is_without_matplotlib(sandbox)) return;
  const Outcome outcome =
      sandbox.run({"/usr/bin/python3", "-c",
                   "import sys; sys.path.insert(0, sys.argv[1]); import plot\n"
                   "shades = plot.colour_scale([], [0, 1])\n"
                   "print([plot.letters_on(shades.to_rgba(value)) for value in (0, 0.5, 0.8, 1)])",
                   std::string(source_directory()) + "/tools/figures"});
  CHECK(outcome.out == "['black', 'black', 'white', 'white']\n");
}

TEST_CASE("a choice of one value of the axis of worst cases is refused, one of several is not") {
  CHECK(mistakes_with(R"({"where": {"attack": "zero"}})") ==
        "/plot/panels/0/where/attack: leaves one value of \"attack\", which is then the worst in "
        "every cell; leave it out, or list several values");
  CHECK_THAT(mistakes_with(R"({"where": {"attack": ["zero"]}})"), contains("leaves one value"));
  CHECK(mistakes_with(R"({"where": {"attack": ["zero", "nan"]}})") == "");
}

TEST_CASE("a cell whose worst run stalled has its number, and the word below") {
  const Sandbox sandbox;
  if (is_without_matplotlib(sandbox)) return;
  sandbox.write("one/panel-1.csv",
                "f,rule,attack,seed,accuracy,diverged,status,mean,standard_deviation\n"
                "1,krum,alie,1,0.25,0,stalled,0.25,\n2,krum,alie,1,0.5,0,trained,0.5,\n"
                "1,mda,alie,1,,0,out_of_time,,\n");
  for (const std::string kind : {R"("kind": "cells", "rows": "rule", "values": ".2f")",
                                 R"("kind": "bars")", R"("kind": "points")"}) {
    CAPTURE(kind);
    sandbox.write("one/one.json", R"({"plot": {"panels": [{"table": "panel-1", "x": "f",
        "y": "accuracy", "worst_of": "attack", )" +
                                      kind + "}]}}");
    const std::string folder = std::string(source_directory()) + "/tools/figures/";
    const Outcome outcome = sandbox.run(
        {"/usr/bin/python3", folder + "plot.py", "one", "one", folder + "paper.mplstyle"});
    CHECK(outcome.err == "");
    CHECK(is_written(sandbox.read("one/one.svg"), "stalled"));
  }
}

}  // namespace byzsim::process::worst_of_test
