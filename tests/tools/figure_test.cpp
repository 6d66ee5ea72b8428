// Figure files: what they may say, and what is wrong with those that say something else.
#include "tools/figures/figure.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "sim/results/results.h"
#include "tests/places.h"
#include "tests/tools/json_schema.h"
#include "tests/tools/process.h"
#include "tests/tools/text_matchers.h"
#include "tools/figures/contraction_table.h"
#include "tools/figures/figure_tables.h"
#include "tools/input/scenario_source.h"

namespace byzsim::figure_test {
namespace {

namespace fs = std::filesystem;
using process::contains;

const fs::path kFolder = fs::path(source_directory()) / "scenarios" / "figures";

std::string mistakes_in(const std::string& text) {
  try {
    plan_figure(read_figure(Json::parse(text), "test"), "", {});
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a figure has a table for each contraction and two for each sweep") {
  const Figure figure = read_figure(Json::parse(R"({
    "$schema": "figure.schema.json", "summary": "s",
    "sweeps": {"a": {}, "b": {}}, "timelines": {"d": {}},
    "contractions": {"c": {"values": ["1,2,3"], "law": ["uniform"], "median": ["mean"]}},
    "plot": {"panels": [{"kind": "points", "table": "a", "x": "seed", "y": "loss"}], "note": ""},
    "expect": []})"),
                                    "test");
  CHECK(tables_of(figure) == std::vector<std::string>{"a", "a-curves", "b", "b-curves", "c", "d"});
}

TEST_CASE("every shipped figure fits the schema of figures, which refuses what the reader does") {
  const Json schema = Json::parse(process::Sandbox().byzsim({"schema", "figure"}).out);
  const auto fits = [&](const Json& figure) {
    return process::schema_faults(schema, figure).empty();
  };
  std::size_t figures = 0;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() != ".json") continue;
    CAPTURE(entry.path().string());
    const Json figure = Json::parse(read_text(entry.path()));
    CHECK(process::schema_faults(schema, figure) == std::vector<std::string>{});
    CHECK(figure["plot"].contains("note"));
    for (const char* key : {"summary", "plot"}) {
      Json less = figure;
      less.erase(key);
      CHECK_FALSE(fits(less));
    }
    for (const auto& [pointer, value] : std::map<std::string, Json>{{"/plot/panels/0/kind", "pie"},
                                                                    {"/plot/panels/0/z", 1},
                                                                    {"/expect/0/metrik", "x"},
                                                                    {"/expect/0/relation", "~"}}) {
      Json other = figure;
      other[Json::json_pointer(pointer)] = value;
      CHECK_FALSE(fits(other));
    }
    ++figures;
  }
  CHECK(figures >= 20);
}

TEST_CASE("all mistakes of a figure file are reported at once with their places") {
  CHECK(mistakes_in(R"({
    "sumary": "s", "sweeps": {"runs": 5},
    "contractions": {"gathers": {"values": ["1,x"], "law": ["uniform"], "median": ["middle"]}},
    "plot": {"note": 5, "panels": [{"kind": "pie"},
                                   {"kind": "bars", "table": "gather", "x": "law", "z": 1}]},
    "expect": [{"metric": "low", "relation": "=", "value": "four"}]})") ==
        "/sumary: unknown key; did you mean 'summary'? allowed: summary, sweeps, "
        "contractions, timelines, plot, expect\n"
        "/summary: must be one sentence\n"
        "/sweeps/runs: must be an object, not 5\n"
        "/contractions/gathers --values: \"x\" is not a decimal number; write numbers such as 2, "
        "-0.5 or 10.25, with commas between them\n"
        "/plot/note: must be a string, not 5\n"
        "/plot/panels/0/kind: unknown kind of panel 'pie'; one of: curves, points, bars, cells, "
        "space_time, gather\n"
        "/plot/panels/1/z: unknown key; allowed: kind, table, where, title, "
        "labels, lines, x_label, y_label, x_scale, y_scale, x_range, y_range, x_ticks, "
        "legend_columns, x, y, series, at, values, relative_to, worst_of\n"
        "/plot/panels/1/y: must name a column\n"
        "/plot/panels/1/table: unknown table 'gather'; did you mean 'gathers'? one of: gathers\n"
        "/expect/0/value: must be a number or an object, not \"four\"; for example "
        "{\"times\": 0.95, \"where\": {\"system\": \"vanilla\"}}");
}

TEST_CASE(
    "every key of a panel takes its own kind of value, which is said before Python is asked") {
  const std::string begin = R"({"summary": "s", "expect": [],
    "contractions": {"gathers": {"values": ["1,2,3"], "law": ["uniform"], "median": ["mean"]}},
    "plot": {"note": "", "height": 1e308, "panels": )";
  CHECK(mistakes_in(begin + R"([{"kind": "cells", "table": [], "x": "law", "y": "law",
                                 "rows": "law", "where": 3, "y_range": [1], "title": null},
                                {"kind": "space_time", "table": "gathers", "nodes": {}}]}})") ==
        "/plot/height: must be a number in [1, 100], not 1e+308\n"
        "/plot/panels/0/where: must be of the type object, not 3\n"
        "/plot/panels/0/title: must be of the type string, not null\n"
        "/plot/panels/0/y_range: must be two numbers, not [1]; write null for an end chosen by the "
        "data\n"
        "/plot/panels/0/table: must name a table; one of: gathers\n"
        "/plot/panels/1/x_range: is missing\n"
        "/plot/panels/1/nodes: must name a node; for example \"server 0\" or \"node 0\"");
  CHECK(mistakes_in(begin + "[]}}") ==
        "/plot/height: must be a number in [1, 100], not 1e+308\n"
        "/plot/panels: must have at least one panel");
}

TEST_CASE("a format that Python has not is refused before anything is run") {
  const auto mistakes = [](const std::string& format) {
    return mistakes_in(R"({"summary": "s",
      "contractions": {"gathers": {"values": ["1,2,3"], "law": ["uniform"], "median": ["mean"]}},
      "plot": {"panels": [{"kind": "cells", "table": "gathers", "x": "law", "y": "low",
                           "rows": "law", "values": ")" +
                       format + "\"}]}}");
  };
  for (const char* format : {"", ".2f", ".1%", "+.3e", "8.2f", ",.0f", "g"})
    CHECK(mistakes(format) == "");
  for (const char* format : {"%d%%", "{:.2f}", ".f", "2f%"})
    CHECK_THAT(mistakes(format), ContainsSubstring("is not a format of numbers in Python; write"));
}

TEST_CASE("columns that panels and expectations name are checked before anything is run") {
  CHECK_THAT(
      mistakes_in(R"({
    "summary": "s", "sweeps": {"runs": {"scenario": "quickstart", "axes": []}},
    "plot": {"note": "", "panels": [{"kind": "curves", "table": "runs-curves", "x": "time",
                                     "y": "drift"}]},
    "expect": [{"metric": "drifts", "relation": "<", "value": 1}]})"),
      contains("/plot/panels/0/x: there is no column \"time\"; one of: point, seed, step,") &&
          contains("/expect/0: the table runs has no column \"drifts\"; did you mean 'drift'?"));
}

TEST_CASE("mistakes in a figure's scenarios are told with their place in the figure") {
  CHECK_THAT(mistakes_in(R"({
    "summary": "s", "sweeps": {"a": {"scenario": "quickstart", "set": {"/steps": 0}},
                               "b": {"scenario": "quickstar"}},
    "timelines": {"m": {"model": "mlpp"}}, "expect": [],
    "plot": {"note": "",
             "panels": [{"kind": "points", "table": "m", "x": "step", "y": "step"}]}})"),
             contains("/sweeps/a/steps: must be an integer in [1, 1000000000], not 0\n") &&
                 contains("/sweeps/b quickstar: no such file or shipped scenario") &&
                 contains("/timelines/m/model: unknown model 'mlpp'"));
}

TEST_CASE("exact contractions become a table, a row for every combination") {
  const CsvTable table =
      contraction_table({{"1,2,3,4", "0,1,1,1"}, {"uniform"}, {"mean", "lower"}});
  REQUIRE(table.rows.size() == 4);
  // The talk's slides 11 and 12: [1.5, 3.5] and 2 instead of 3. The ratio: all quorums and lies
  // enumerated apart from this code.
  CHECK(table.rows[0] == std::vector<std::string>{"1 2 3 4", "uniform", "mean", "3", "1.5", "3.5",
                                                  "2", "0.6128", "383/625", "0", "0"});
  CHECK(table.rows[3][0] == "0 1 1 1");
  CHECK(table.rows[3][2] == "lower");
}

TEST_CASE("every statement of the paper has a figure, and the talk has two") {
  std::set<std::string> seen;
  for (const ShippedFile& shipped : shipped_figures()) seen.insert(shipped.name.substr(0, 2));
  for (const char* statement :
       {"01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"})
    CHECK(seen.count(statement) == 1);
  const auto is_shipped = [](const std::string& name) {
    const auto& all = shipped_figures();
    return std::any_of(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
  };
  CHECK(is_shipped("slide-9-divergence"));
  CHECK(is_shipped("slides-11-12-gather"));
}

TEST_CASE("every shipped figure can be planned, draws something and expects something") {
  for (const ShippedFile& shipped : shipped_figures()) {
    INFO(shipped.name);
    const PlannedFigure planned =
        plan_figure(read_figure(Json::parse(shipped.text), shipped.name), "", {});
    CHECK_FALSE(planned.figure.plot["panels"].empty());
    CHECK_FALSE(planned.figure.expect.empty());
  }
}

TEST_CASE("the gallery shows every shipped figure") {
  const std::string page = read_text(kFolder / "README.md");
  for (const ShippedFile& shipped : shipped_figures()) {
    INFO(shipped.name);
    const Json figure = Json::parse(shipped.text);
    CHECK(page.find("(png/" + shipped.name + ".png)") != std::string::npos);
    CHECK(page.find(figure["summary"].get<std::string>()) != std::string::npos);
    CHECK(page.find(figure["plot"]["note"].get<std::string>()) != std::string::npos);
    CHECK(fs::exists(kFolder / "png" / (shipped.name + ".png")));
  }
}

}  // namespace byzsim::figure_test
