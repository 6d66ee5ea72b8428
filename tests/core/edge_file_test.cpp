#include "core/graphs/edge_file.h"

#include "tests/catch.h"
#include "tests/core/data_files.h"
#include "tests/core/graphs.h"

namespace byzsim::edge_file_test {
namespace {

using namespace data_files;
using graphs::Edges;

/// The issues of a text, a line each.
std::string faults_of(const std::string& text) {
  std::string faults;
  for (const Issue& issue : issues_of([&] { edges_of_text(text, "graph"); }))
    faults += to_string(issue) + "\n";
  return faults;
}

}  // namespace

TEST_CASE("edges are separated by blanks, tabs or a comma") {
  CHECK(edges_of_text("0 1\n1\t2\n 2,  3\r\n3,4", "graph") ==
        Edges{{0, 1}, {1, 2}, {2, 3}, {3, 4}});
}

TEST_CASE("comments, blank lines, a byte order mark and a header of names are passed over") {
  CHECK(edges_of_text("\xef\xbb\xbf# a ring\n\nsource,target\n0,1  # first\n\n1,0\n", "graph") ==
        Edges{{0, 1}, {1, 0}});
}

TEST_CASE("every faulty line of edges is named with its number") {
  CHECK(
      faults_of("0 1\n2\n1 2 0.5\n1 x\n\n-1 2\n3 3\n0 1000000\n") ==
      "graph:2: has 1 word, where an edge has two; write each edge as two integers, such as `0 1` "
      "or `0,1`\n"
      "graph:3: has 3 words, where an edge has two; write each edge as two integers, such as `0 1` "
      "or `0,1`\n"
      "graph:4: \"x\" is not an integer in [0, 999999]; nodes are numbered from 0\n"
      "graph:6: \"-1\" is not an integer in [0, 999999]; nodes are numbered from 0\n"
      "graph:7: joins node 3 to itself; remove the line\n"
      "graph:8: \"1000000\" is not an integer in [0, 999999]; nodes are numbered from 0\n");
}

TEST_CASE("an empty field between two commas is a fault") {
  CHECK(faults_of("0,,1\n").starts_with("graph:1: has 3 words"));
}

TEST_CASE("names after the first line are no header") {
  CHECK(faults_of("0 1\nsource target\n") ==
        "graph:2: \"source\" is not an integer in [0, 999999]; nodes are numbered from 0\n");
}

TEST_CASE("an edge that is repeated in one direction is named with the line it repeats") {
  CHECK(faults_of("0 1\n1 2\n# comment\n0 1\n1 0\n0 1\n") ==
        "graph:4: repeats the edge of line 1; remove the line\n"
        "graph:6: repeats the edge of line 4; remove the line\n");
}

TEST_CASE("a text without an edge is refused") {
  CHECK(faults_of("# nothing\n").starts_with("graph: contains no edges"));
}

TEST_CASE("the faults of many lines are ten, and a number") {
  const Issues issues = issues_of([] {
    std::string text;
    for (int i = 0; i < 15; ++i) text += "x\n";
    edges_of_text(text, "graph");
  });
  REQUIRE(issues.size() == 11);
  CHECK(issues[10].problem == "5 more faulty lines");
}

TEST_CASE("a topology of a file has its edges, and names the file among its inputs") {
  const TemporaryFolder folder;
  write_gzip(folder.file("ring.txt"), "0 1\n1 2\n2 0\n");
  const Choice choice = graphs::topology("edges", {{"file", folder.file("ring.txt")}});
  CHECK(topology_files(choice) == std::vector<std::string>{folder.file("ring.txt")});
  CHECK(make_graph(choice, 3, 1, "/topology") == graphs::graph("ring", 3));
  CHECK(topology_files(graphs::topology("ring")).empty());
}

TEST_CASE("a file of edges for another number of nodes is refused by its name") {
  const TemporaryFolder folder;
  write_plain(folder.file("chain.txt"), "0 1\n1 2\n");
  const Choice choice = graphs::topology("edges", {{"file", folder.file("chain.txt")}});
  const Issues issues = issues_of([&] { make_graph(choice, 4, 1, "/topology"); });
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].where == folder.file("chain.txt"));
  CHECK(issues[0].problem == "the edges name nodes up to 2, so that there are 3, not 4");
}

}  // namespace byzsim::edge_file_test
