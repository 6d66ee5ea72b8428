// Delays from files of samples or quantiles, and the faults of such files.
#include <cmath>
#include <set>

#include "core/input/parameter_reader.h"
#include "tests/catch.h"
#include "tests/core/data_files.h"
#include "tests/sim/delay_draws.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::empirical_delay_test {
namespace {

using data_files::issues_of;
using data_files::TemporaryFolder;
using data_files::write_plain;

Delay from_text(const std::string& text, const std::string& unit = "ms") {
  const TemporaryFolder folder;
  write_plain(folder.file("delays.csv"), text);
  return make("empirical", {{"file", folder.file("delays.csv")}, {"unit", unit}});
}

std::vector<double> draws_of(const Delay& delay) {
  std::vector<double> spans;
  for (std::uint64_t i = 0; i < kDraws; ++i) spans.push_back(double(draw(delay, i)));
  std::sort(spans.begin(), spans.end());
  return spans;
}

/// "LINE: problem" of the faults of a file with this text.
std::vector<std::string> faults_of(const std::string& text) {
  std::vector<std::string> faults;
  for (const Issue& issue : issues_of([&] { from_text(text); }))
    faults.push_back(issue.where.substr(issue.where.rfind(".csv") + 4) + ": " + issue.problem);
  return faults;
}

}  // namespace

TEST_CASE("samples are drawn equally often, and nothing else is") {
  const std::vector<double> spans = draws_of(from_text("3\n1.5\n7\n1.5\n"));
  const std::set<double> values(spans.begin(), spans.end());
  CHECK(values == std::set<double>{1.5e6, 3e6, 7e6});
  CHECK(std::fabs(share_below(spans, 2e6) - 0.5) < share_margin(0.5));
  CHECK(std::fabs(share_below(spans, 5e6) - 0.75) < share_margin(0.75));
}

TEST_CASE("quantiles are joined by lines") {
  const std::vector<double> spans = draws_of(from_text("0,1\n0.5,2\n1,10\n"));
  CHECK(spans.front() >= 1e6);
  CHECK(spans.back() <= 10e6);
  for (const auto& [delay_ms, share] :
       {std::pair{1.5, 0.25}, {2.0, 0.5}, {4.0, 0.625}, {8.0, 0.875}}) {
    CAPTURE(delay_ms);
    CHECK(std::fabs(share_below(spans, delay_ms * 1e6) - share) < share_margin(share));
  }
}

TEST_CASE("quantiles are constant beyond the outer ones") {
  const std::vector<double> spans = draws_of(from_text("0.25,1\n0.75,2\n"));
  CHECK(spans.front() == 1e6);
  CHECK(spans.back() == 2e6);
  CHECK(std::fabs(share_below(spans, 1e6 + 1) - 0.25) < share_margin(0.25));
  CHECK(std::fabs(share_below(spans, 2e6) - 0.75) < share_margin(0.75));
}

TEST_CASE("a delay file may have a header, blanks, empty lines and another unit") {
  const Delay delay = from_text("round trip\r\n 5 \r\n\r\n5\r\n", "us");
  CHECK(draw(delay, 0) == 5000);
  CHECK(draw(from_text("p,seconds\n0,2\n1,2", "s"), 0) == 2 * kSecond);
}

TEST_CASE("a first line that begins like a number is no header, whatever is wrong with it") {
  for (const char* line : {"1.5.5", "1;2", "\"1\"", "-1 ms", ".5x"}) {
    CAPTURE(line);
    CHECK(faults_of(std::string(line) + "\n3\n") ==
          std::vector<std::string>{":1: \"" + std::string(line) +
                                   "\" has a field that is not a number"});
  }
  CHECK(draw(from_text("\"delay\"\n5\n", "us"), 0) == 5000);
}

TEST_CASE("a byte order mark before the first delay is none of its digits") {
  CHECK(draw(from_text("\xef\xbb\xbf"
                       "5\n",
                       "us"),
             0) == 5000);
}

TEST_CASE("every faulty line of a delay file is told with its number") {
  CHECK(faults_of("1\n-2\nfast\n3,4\n5,6,7\n") ==
        std::vector<std::string>{":2: -2 must be a delay in [0, 1000000 s]",
                                 ":3: \"fast\" has a field that is not a number",
                                 ":4: has 2 fields, and the first one 1",
                                 ":5: has 3 fields, and the first one 1"});
  CHECK(faults_of("0.5,1\n0.5,2\n0.9,0.5\n1.5,9\n") ==
        std::vector<std::string>{":2: probabilities out of order: 0.5 after 0.5",
                                 ":3: has a delay below that of a smaller probability",
                                 ":4: 1.5 must be a probability in [0, 1]"});
  CHECK(faults_of("1\nnan\n1e99\n").size() == 2);
}

TEST_CASE("a delay file without delays is refused") {
  const std::string problem =
      ": has too few delays: at least one sample or two quantiles are needed";
  for (const char* text : {"", "header\n", "\n\n", "0.5,1\n"})
    CHECK(faults_of(text) == std::vector<std::string>{problem});
}

TEST_CASE("a delay file is found from the working directory, else below the data root") {
  const TemporaryFolder folder;
  write_plain(folder.file("delays.csv"), "4\n");
  Choice choice = default_choice(delays().declarations(), "empirical");
  choice.parameters.set("file", std::string("delays.csv"));
  CHECK(draw(make_delay(choice, folder.path().string()), 0) == 4 * kMillisecond);
  const Issues issues = issues_of([&] { make_delay(choice, ""); });
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].where == "delays.csv");
  CHECK(issues[0].problem == "no such file");
}

TEST_CASE("a folder in place of a delay file is refused") {
  const TemporaryFolder folder;
  CHECK(issues_of([&] { make("empirical", {{"file", folder.path().string()}}); }).size() == 1);
}

TEST_CASE("an empirical delay needs a file") {
  const Issues issues = issues_of([] {
    read(with(small_sgd(), "/network/delay", {{"name", "empirical"}}));
  });
  CHECK(issues == Issues{{"/network/delay/parameters", "file must name a file of delays", ""}});
}

TEST_CASE("what a delay file says is part of a run's digest, how it is written is not") {
  const TemporaryFolder folder;
  const auto draws_digest = [&](const std::string& text) {
    write_plain(folder.file("delays.csv"), text);
    const Json parameters = {{"file", folder.file("delays.csv")}};
    return digest_of_run(with(small_sgd(), "/compute/aggregation",
                              {{"name", "empirical"}, {"parameters", parameters}}))
        .draws;
  };
  // The last two draw the same delays.
  CHECK(draws_digest("1\n1\n") == draws_digest("delay\n1.0\n1\n"));
  CHECK_FALSE(draws_digest("1\n1\n") == draws_digest("1\n"));
}

TEST_CASE("delays without a file add nothing to a run's digest") {
  CHECK(make("exponential", {}).content_digest() == 0);
  CHECK(from_text("1\n").content_digest() != 0);
}

}  // namespace byzsim::empirical_delay_test
