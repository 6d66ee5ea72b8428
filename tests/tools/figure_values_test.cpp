// Every key of every kind of panel with nonsense under it: it is refused with its place before
// anything is run, or it can be drawn.
#include <map>
#include <set>

#include "tests/places.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"
#include "tools/figures/figure_tables.h"

namespace byzsim::process::figure_values_test {
namespace {

const std::string kFigure = R"({
  "summary": "one panel of every kind",
  "sweeps": {"runs": {"repeat": 2, "axes": [
    {"name": "length", "pointer": "/steps", "values": [2, 4]},
    {"name": "rule", "pointer": "/workers/aggregator", "values": ["average", "median"]}]}},
  "contractions": {"gathers": {"values": ["1,2,3,4"], "law": ["uniform"],
                               "median": ["mean", "lower"]}},
  "plot": {"columns": 6, "panels": [
    {"kind": "curves", "table": "runs-curves", "x": "step", "y": "drift", "series": "rule"},
    {"kind": "points", "table": "runs-curves", "x": "length", "y": "loss", "at": "end"},
    {"kind": "bars", "table": "runs", "x": "rule", "y": "loss", "series": "length"},
    {"kind": "cells", "table": "runs", "x": "length", "y": "loss", "rows": "rule"},
    {"kind": "space_time", "table": "messages", "nodes": {"server 0": "S", "worker 1": "W"},
     "x_range": [0, 5]},
    {"kind": "gather", "table": "gathers", "series": "median"}]}})";

Json figure_with_everything() {
  Json figure = Json::parse(kFigure);
  figure["sweeps"]["runs"]["scenario"] = Json::parse(kTinyScenario);
  figure["timelines"]["messages"] = Json::parse(kTinyScenario);
  return figure;
}

std::vector<Json> nonsense() {
  return {nullptr,
          true,
          -1,
          0,
          1.5,
          1e308,
          "",
          "no such thing",
          "\u0001",
          "$\\frac{1$",
          "log",
          "%",
          Json::array(),
          Json::parse("[1]"),
          Json::parse("[2, 1]"),
          Json::parse("[0, 0]"),
          Json::parse("[-1, 1]"),
          Json::parse(R"([null, "x"])"),
          Json::parse(R"(["runs", "runs"])"),
          Json::object(),
          Json::parse(R"({"a": {}})"),
          Json::parse(R"({"rule": 1})"),
          Json::parse(R"({"rule": ["median"]})"),
          Json::parse(R"({"rule": "\u0007"})"),
          Json::parse(R"([{"at": "a", "text": "b"}])"),
          Json::parse(R"([{"at": 1, "text": null}])"),
          Json::parse(R"([{"at": 1, "text": "b"}, {"at": 1, "text": "c"}])"),
          Json::parse(R"(["a", {"at": {"to": "never"}, "text": "b"}])"),
          Json::parse(R"([{"y": "high", "label": "l"}])"),
          Json::parse(R"([{"y": 1}])"),
          Json::parse(R"([{"y": -1, "label": "l"}])"),
          Json::parse(R"([{"mean_of": "runs", "label": "l"}])"),
          Json::parse(R"([{"mean_of": "nothing", "label": "l"}])")};
}

// What is wrong with a figure before Python is asked; empty for nothing.
std::string mistakes_in(const Json& figure) {
  try {
    plan_figure(read_figure(figure, "figure"), "", {});
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

// The keys that a panel may have, as the schema has them.
std::map<std::string, std::set<std::string>> keys_by_kind() {
  std::map<std::string, std::set<std::string>> keys;
  const Json panels = figure_schema()["properties"]["plot"]["properties"]["panels"]["items"];
  for (const Json& panel : panels["anyOf"])
    for (const auto& [key, schema] : panel["properties"].items())
      keys[panel["properties"]["kind"]["const"].get<std::string>()].insert(key);
  return keys;
}

// Draws each panel of standard input by plot.py, on the tables of the working directory.
const std::string kDriver = R"(
import json, sys
sys.path.insert(0, sys.argv[1])
import plot
from pathlib import Path
plot.plt.style.use(sys.argv[1] + "/paper.mplstyle")
tables = {path.stem: plot.read_rows(path) for path in Path(".").glob("*.csv")}
for panel in json.load(sys.stdin):
    figure = {"plot": {"panels": [panel]}}
    if list(plot.faults_of_plot(figure["plot"])):
        continue
    try:
        picture = plot.draw(figure, tables)
        picture.set_dpi(20)
        picture.canvas.draw()
    except plot.CannotDraw as reason:
        if "cannot be drawn" in str(reason):  # by an exception of Python
            print(json.dumps(panel), reason)
    except Exception as error:
        print(json.dumps(panel), repr(error))
    plot.plt.close("all")
)";

}  // namespace

TEST_CASE("nonsense under any key of a panel is refused with its place, or can be drawn") {
  const Json figure = figure_with_everything();
  REQUIRE(mistakes_in(figure) == "");
  const auto keys = keys_by_kind();
  std::size_t tried = 0;
  Json accepted = Json::array();
  for (std::size_t i = 0; i < figure["plot"]["panels"].size(); ++i)
    for (const std::string& key : keys.at(figure["plot"]["panels"][i]["kind"].get<std::string>()))
      for (const Json& value : nonsense()) {
        if (key == "kind") continue;
        Json changed = figure;
        changed["plot"]["panels"][i][key] = value;
        const std::string mistakes = mistakes_in(changed);
        const std::string place = "/plot/panels/" + std::to_string(i) + "/";
        INFO(key << ": " << value.dump() << ": " << mistakes);
        if (!mistakes.empty()) CHECK(mistakes.starts_with(place));
        if (mistakes.empty()) accepted.push_back(changed["plot"]["panels"][i]);
        ++tried;
      }
  CHECK(tried > 3000);
  CHECK(accepted.size() > 100);
  CHECK(accepted.size() < tried / 4);

  const Sandbox sandbox;
  if (sandbox.run({"/usr/bin/python3", "-c", "import matplotlib"}).exit_code != 0) {
    WARN("skipped: /usr/bin/python3 has no matplotlib");
    return;
  }
  sandbox.write("figure.json", figure.dump());
  REQUIRE(sandbox.byzsim({"figures", "figure.json", "--out", "."}).exit_code == 0);
  sandbox.write("draw.py", kDriver);
  const Outcome drawn =
      sandbox.run({"/bin/sh", "-c", "cd figure && exec /usr/bin/python3 ../draw.py \"$0\"",
                   std::string(source_directory()) + "/tools/figures"},
                  accepted.dump());
  CHECK(drawn.exit_code == 0);
  CHECK(drawn.out == "");
}

TEST_CASE("what a panel cannot draw is said with its place") {
  const Json figure = figure_with_everything();
  const std::tuple<const char*, const char*, const char*> wrong[] = {
      {"/0/x_ticks", R"([{"at": "a", "text": "b"}])",
       "/0/x_ticks/0/at: must be a number, not \"a\""},
      {"/0/x_ticks", R"([{"at": 9, "text": "b"}])", ""},
      {"/4/x_ticks", R"([{"at": 9, "text": "b"}])",
       "/4/x_ticks/0/at: 9 is outside the range of x; widen \"x_range\""},
      {"/4/x_range", "[0, null]", "/4/x_range/1: must be a number here, not null"},
      {"/0/y_range", "[1, 0]", "/0/y_range: must rise, not [1,0]; write the lower end first"},
      {"/2/x_scale", "\"log\"", "/2/x_scale: an axis of names cannot be logarithmic"},
      {"/0/y_scale", "\"lg\"", "/0/y_scale: must be one of: linear, log; found \"lg\""},
      {"/0/title", R"("a\u0007b")",
       "/0/title: has a control character, which cannot be drawn; use printable characters"},
      {"/0/lines", R"([{"y": 0, "label": ""}, {"y": 1, "label": ""}, {"y": 2, "label": ""}])",
       "/0/lines: has 3 lines, and at most 2 can be told apart; leave some out"},
      {"/1/x", "\"rule\"", "/1/x: \"average\" is not a number; draw bars"},
      {"/0/where", R"({"length": 3})", "/0/where: no row of the tables has these values"},
      {"/4/table", "\"runs\"",
       "/4/table: has not the columns that a panel of the kind space_time draws"},
      {"/4/lines", R"([{"mean_of": "runs", "label": ""}])",
       "/4/lines/0/mean_of: the panel has no \"y\" of which this could be the mean"},
      {"/2/x", R"({"of": "loss", "per": "steps"})", "/2/x: must name a column"},
      {"/0/legend_columns", "1.5", "/0/legend_columns: must be an integer in [1, 20], not 1.5"}};
  for (const auto& [pointer, value, sentence] : wrong) {
    Json changed = figure;
    changed[Json::json_pointer("/plot/panels" + std::string(pointer))] = Json::parse(value);
    INFO(pointer);
    const std::string mistakes = mistakes_in(changed);
    if (*sentence == '\0')
      CHECK(mistakes == "");
    else
      CHECK_THAT(mistakes, StartsWith("/plot/panels" + std::string(sentence)));
  }
}

TEST_CASE("a panel of several tables draws the runs of each, though all number them from 0") {
  const Sandbox sandbox;
  if (sandbox.run({"/usr/bin/python3", "-c", "import matplotlib"}).exit_code != 0) {
    WARN("skipped: /usr/bin/python3 has no matplotlib");
    return;
  }
  sandbox.write("rows.py", R"(
import sys
sys.path.insert(0, sys.argv[1])
import plot
tables = {"a": [{"point": "0", "loss": "1"}, {"point": "0", "loss": "2"}],
          "b": [{"point": "0", "loss": "3"}]}
panel = plot.Panel({"table": ["a", "b"], "y": "loss", "at": "end"}, tables)
print([row["loss"] for row in panel.rows])
)");
  const Outcome rows = sandbox.run(
      {"/usr/bin/python3", "rows.py", std::string(source_directory()) + "/tools/figures"});
  CHECK(rows.out == "['2', '3']\n");
}

TEST_CASE("a plot has no more columns than panels") {
  for (const auto& [columns, is_good] : std::vector<std::pair<Json, bool>>{
           {1, true}, {6, true}, {7, false}, {0, false}, {1.5, false}}) {
    Json figure = figure_with_everything();
    figure["plot"]["columns"] = columns;
    CHECK(mistakes_in(figure).empty() == is_good);
  }
}

}  // namespace byzsim::process::figure_values_test
