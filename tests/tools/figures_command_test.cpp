// `byzsim figures` through the real program; what needs matplotlib is skipped without it.
#include <fmt/format.h>

#include <cmath>
#include <map>

#include "tests/places.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"
#include "tools/input/csv_table.h"

namespace byzsim::process::figures_command_test {
namespace {

bool lacks_matplotlib() {
  const bool lacks =
      Sandbox().run({"/bin/sh", "-c", "/usr/bin/python3 -c 'import matplotlib'"}).exit_code != 0;
  if (lacks) WARN("skipped: /usr/bin/python3 has no matplotlib");
  return lacks;
}

// A figure of two tiny systems; its expectation about accuracy is one that never holds.
std::string tiny_figure(bool with_impossible = false) {
  Json figure = Json::parse(R"({
    "summary": "a tiny figure",
    "sweeps": {"runs": {"axes": [{"name": "system", "variants": {
      "one": {}, "two": {"set": {"/steps": 4}}}}], "repeat": 2}},
    "contractions": {"gathers": {"values": ["1,2,3,4"], "law": ["uniform"], "median": ["mean"]}},
    "plot": {"note": "nothing to see", "panels": [
      {"kind": "curves", "table": "runs-curves", "x": "step", "y": "drift", "series": "system"},
      {"kind": "bars", "table": "runs", "x": "system", "y": "messages"}]},
    "expect": [
      {"metric": "steps", "where": {"system": "two"}, "relation": "=", "value": 4},
      {"of": "gathers", "metric": "expected_ratio", "relation": "=", "value": 0.6128}]})");
  figure["sweeps"]["runs"]["scenario"] = Json::parse(kTinyScenario);
  if (with_impossible)
    figure["expect"].push_back({{"metric", "accuracy"}, {"relation", ">"}, {"value", 1}});
  return figure.dump();
}

// A heat map of the loss by steps and rule, with two seeds a cell.
Json heat_map() {
  Json figure = Json::parse(R"({
    "summary": "a heat map", "expect": [],
    "sweeps": {"runs": {"repeat": 2, "axes": [
      {"name": "length", "pointer": "/steps", "values": [2, 4]},
      {"name": "rule", "pointer": "/workers/aggregator/name", "values": ["average", "median"]}]}},
    "plot": {"note": "n", "panels": [{"kind": "cells", "table": "runs", "x": "length",
                                      "rows": "rule", "y": "loss", "values": ".5f"}]}})");
  figure["sweeps"]["runs"]["scenario"] = Json::parse(kTinyScenario);
  return figure;
}

struct Seeds {
  double first, second;
  double mean() const { return (first + second) / 2; }
  double deviation() const { return std::abs(first - second) / std::sqrt(2.0); }
};

// The losses of every cell of the heat map that was drawn in `folder`.
std::map<std::string, Seeds> losses_in(const Sandbox& sandbox, const std::string& folder) {
  const CsvTable table = parse_csv(sandbox.read(folder + "/runs.csv"), "runs.csv");
  const auto cell = [&](const std::vector<std::string>& row, const char* column) {
    return row[table.column(column).value()];
  };
  std::map<std::string, Seeds> losses;
  for (const auto& row : table.rows) {
    const double loss = number_in(cell(row, "loss")).value();
    const auto [seeds, is_first] =
        losses.insert({cell(row, "length") + " " + cell(row, "rule"), {loss, NAN}});
    if (!is_first) seeds->second.second = loss;
  }
  return losses;
}

// How often a picture holds a text; matplotlib draws letters as paths and notes what they spell.
std::size_t times_written(const std::string& svg, const std::string& text) {
  std::size_t times = 0;
  const std::string note = "<!-- " + text + " -->";
  for (std::size_t at = 0; (at = svg.find(note, at)) != svg.npos; ++at) ++times;
  return times;
}

std::map<std::string, std::string> files_of(const Sandbox& sandbox, const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::directory_iterator(sandbox.path() / folder))
    if (entry.is_regular_file()) files[entry.path().filename().string()] = read_file(entry.path());
  return files;
}

}  // namespace

TEST_CASE("a figure is run, checked and drawn, twice to the same bytes") {
  if (lacks_matplotlib()) return;
  const Sandbox sandbox;
  sandbox.write("tiny.json", tiny_figure());
  const Outcome first = sandbox.byzsim({"figures", "tiny.json", "--out", "a"});
  CHECK(first.err == "tiny is drawn in a/tiny\n");
  CHECK(first.exit_code == 0);
  CHECK(first.out ==
        "tiny\n"
        "  expectation met: steps (system two) = 4 = 4\n"
        "  expectation met: expected_ratio = 0.6128 = 0.6128\n"
        "2 of 2 expectations met\n");
  CHECK(sandbox.byzsim({"figures", "tiny.json", "--out", "b"}).exit_code == 0);
  const auto files = files_of(sandbox, "a/tiny");
  for (const char* name : {"tiny.svg", "tiny.pdf", "tiny.png", "tiny.json", "runs.csv",
                           "runs-curves.csv", "gathers.csv"})
    CHECK(files.count(name) == 1);
  CHECK(files == files_of(sandbox, "b/tiny"));
}

TEST_CASE("a figure on which something expected is not seen exits with 5") {
  if (lacks_matplotlib()) return;
  const Sandbox sandbox;
  sandbox.write("tiny.json", tiny_figure(true));
  const Outcome outcome = sandbox.byzsim({"figures", "tiny.json"});
  CHECK(outcome.exit_code == 5);
  CHECK_THAT(outcome.out, contains("  expectation failed: accuracy = ") &&
                              contains("2 of 3 expectations met\n"));
  CHECK(sandbox.holds("results/figures/tiny/tiny.svg"));
}

TEST_CASE("a panel that no row belongs to is no picture, and says what it asked for") {
  if (lacks_matplotlib()) return;
  const Sandbox sandbox;
  Json figure = Json::parse(tiny_figure());
  figure["plot"]["panels"][1]["where"] = {{"system", "three"}};
  sandbox.write("tiny.json", figure.dump());
  const Outcome outcome = sandbox.byzsim({"figures", "tiny.json"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err ==
        "error: tiny.json: /plot/panels/1/where: no row of the tables has these values; write them "
        "as the tables have them\n");
  CHECK_FALSE(sandbox.holds("results"));
}

TEST_CASE("a formula that matplotlib cannot read is refused before anything is run") {
  if (lacks_matplotlib()) return;
  const Sandbox sandbox;
  Json figure = Json::parse(tiny_figure());
  figure["plot"]["panels"][0]["title"] = "all of $\\frac{1$";
  figure["plot"]["panels"][1]["labels"] = {{"one/two", "3 $"}};
  figure["plot"]["height"] = 100;
  figure["plot"]["columns"] = 1;
  figure["plot"]["panels"].push_back(figure["plot"]["panels"][0]);
  sandbox.write("tiny.json", figure.dump());
  const Outcome outcome = sandbox.byzsim({"figures", "tiny.json"});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err,
             contains("error: tiny: /plot/panels/0/title: is no formula that matplotlib can read: "
                      "\"all of $\\\\frac{1$\"; ") &&
                 contains("error: tiny: /plot/panels/1/labels/one~1two: has an unpaired $ in "
                          "\"3 $\"; write \\\\$ for the sign itself\n") &&
                 contains("error: tiny: /plot/height: the picture has 306 inches, more than 250"));
  CHECK_FALSE(sandbox.holds("results"));
}

TEST_CASE("the confidence interval of a share ends at 0 and 1") {
  if (lacks_matplotlib()) return;
  const Outcome outcome = Sandbox().run(
      {"/usr/bin/python3", "-c",
       "import sys; sys.path.insert(0, sys.argv[1]); import plot\n"
       "print(plot.interval(0.9, 0.2, 'accuracy'), plot.interval(0.1, 0.2, 'accuracy'),\n"
       "      plot.interval(0.9, 0.2, 'loss'))",
       std::string(source_directory()) + "/tools/figures"});
  CHECK(outcome.err == "");
  CHECK(outcome.out == "(0.7, 1) (0, 0.30000000000000004) (0.7, 1.1)\n");
}

TEST_CASE("a heat map shows the mean over the seeds of a cell, and nothing over it") {
  if (lacks_matplotlib()) return;
  const Sandbox sandbox;
  sandbox.write("heat.json", heat_map().dump());
  REQUIRE(sandbox.byzsim({"figures", "heat.json", "--out", "."}).exit_code == 0);
  const std::string svg = sandbox.read("heat/heat.svg");
  const auto losses = losses_in(sandbox, "heat");
  CHECK(losses.size() == 4);
  for (const auto& [place, seeds] : losses) {
    CAPTURE(place);
    CHECK(times_written(svg, fmt::format("{:.5f}", seeds.mean())) == 1);
    CHECK(times_written(svg, fmt::format("{:.5f}", seeds.first)) == 0);
  }
}

TEST_CASE("a heat map shows on request the standard deviation over the seeds of a cell") {
  if (lacks_matplotlib()) return;
  const Sandbox sandbox;
  Json figure = heat_map();
  figure["plot"]["panels"][0]["spread"] = true;
  sandbox.write("heat.json", figure.dump());
  REQUIRE(sandbox.byzsim({"figures", "heat.json", "--out", "."}).exit_code == 0);
  const std::string svg = sandbox.read("heat/heat.svg");
  for (const auto& [place, seeds] : losses_in(sandbox, "heat")) {
    CAPTURE(place);
    CHECK(times_written(svg, fmt::format("\u00b1 {:.5f}", seeds.deviation())) == 1);
  }
}

TEST_CASE("the colours of a heat map have a bar with a label, over the range that is asked for") {
  if (lacks_matplotlib()) return;
  const Sandbox sandbox;
  Json figure = heat_map();
  figure["plot"]["panels"][0].update({{"colour_range", {0, 40}}, {"colour_label", "loss in nats"}});
  sandbox.write("heat.json", figure.dump());
  REQUIRE(sandbox.byzsim({"figures", "heat.json", "--out", "."}).exit_code == 0);
  const std::string svg = sandbox.read("heat/heat.svg");
  CHECK(times_written(svg, "loss in nats") == 1);
  CHECK(times_written(svg, "40") == 1);
}

TEST_CASE("the axes of a heat map are labelled with its columns unless told otherwise") {
  if (lacks_matplotlib()) return;
  const Sandbox sandbox;
  Json figure = heat_map();
  figure.erase("expect");
  figure["plot"].erase("note");
  sandbox.write("heat.json", figure.dump());
  CHECK(sandbox.byzsim({"figures", "heat.json", "--out", "."}).out == "");
  const std::string picture = sandbox.read("heat/heat.svg");
  for (const char* label : {"length", "rule", "loss"}) CHECK(times_written(picture, label) == 1);
}

TEST_CASE("without matplotlib figures are refused before anything is run") {
  const Sandbox sandbox;
  sandbox.write("tiny.json", tiny_figure());
  const Outcome outcome =
      sandbox.byzsim({"figures", "tiny.json"}, "", {{"BYZSIM_PYTHON", "/no/python"}});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err ==
        "error: /no/python: has no matplotlib, which draws the figures; on Debian: "
        "tools/install_packages python3-matplotlib; elsewhere set BYZSIM_PYTHON to a Python that "
        "has it\n");
  CHECK_FALSE(sandbox.holds("results"));
}

TEST_CASE("figures that are none and data that is none are refused") {
  CHECK_THAT(Sandbox().byzsim({"figures", "01-one-liar"}).err,
             contains("01-one-liar: no such file or shipped figure"));
  CHECK_THAT(
      Sandbox().byzsim({"figures", "--data", "mnits"}).err,
      contains(
          "--data: must be one of: mnist, fashion_mnist; found \"mnits\"; did you mean 'mnist'?"));
}

}  // namespace byzsim::process::figures_command_test
