// `byzsim report`: what the page holds, and what becomes of directories that are no finished run.
// That the page works is for a browser to say: tests/browser/.
#include <algorithm>
#include <functional>
#include <map>

#include "tests/tools/report_blocks.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::report_command_test {
namespace {

void run_in(const Sandbox& sandbox, const std::string& directory,
            const std::string& scenario = kTinyScenario) {
  const Outcome outcome = sandbox.byzsim({"run", "-", "--out", directory}, scenario);
  if (outcome.exit_code != 0) throw std::runtime_error(outcome.err);
}

// The page of the report of a scenario's run.
std::string page_of(const std::string& scenario, const Arguments& more = {}) {
  const Sandbox sandbox;
  run_in(sandbox, "here", scenario);
  Arguments arguments = {"report", "here"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Outcome outcome = sandbox.byzsim(arguments);
  if (outcome.exit_code != 0) throw std::runtime_error(outcome.err);
  return sandbox.read("here/report.html");
}

// Its data, with the rows of all pieces of the timeline in "messages" and "computations".
Json reported(const std::string& scenario = kTinyScenario, const Arguments& more = {}) {
  const std::string page = page_of(scenario, more);
  const std::vector<Json> blocks = blocks_of(page);
  Json data = data_of_page(page);
  data["timeline"]["messages"] = rows_of(blocks, messages_of, 5);
  data["timeline"]["computations"] = rows_of(blocks, computations_of, 4);
  return data;
}

void change_run_json(const Sandbox& sandbox, const std::function<void(Json&)>& change) {
  Json run = Json::parse(sandbox.read("here/run.json"));
  change(run);
  sandbox.write("here/run.json", run.dump(2) + "\n");
}

// A sweep of one run in "sweep".
void sweep_in(const Sandbox& sandbox, bool merged) {
  const Outcome run =
      sandbox.byzsim({"sweep", "run", "-", "--axis", "/steps=6", "--out", "sweep"}, kTinyScenario);
  if (run.exit_code != 0) throw std::runtime_error(run.err);
  if (merged) sandbox.byzsim({"sweep", "merge", "sweep"});
}

}  // namespace

TEST_CASE("report writes one page into the run's directory and prints its name") {
  const Sandbox sandbox;
  run_in(sandbox, "here");
  const Outcome outcome = sandbox.byzsim({"report", "here"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out == "here/report.html\n");
  CHECK(outcome.err.empty());
  CHECK_THAT(sandbox.read("here/report.html"), StartsWith("<!DOCTYPE html>"));
}

TEST_CASE("option --out of report names the page") {
  const Sandbox sandbox;
  run_in(sandbox, "here");
  CHECK(sandbox.byzsim({"report", "here", "--out", "page.html"}).out == "page.html\n");
  CHECK(sandbox.holds("page.html"));
  CHECK_FALSE(sandbox.holds("here/report.html"));
}

TEST_CASE("a run with a report in its directory is still that run") {
  const Sandbox sandbox;
  run_in(sandbox, "here");
  REQUIRE(sandbox.byzsim({"report", "here"}).exit_code == 0);
  CHECK(sandbox.byzsim({"verify", "here"}).exit_code == 0);
  CHECK_THAT(sandbox.byzsim({"run", "-", "--out", "here"}, kTinyScenario).err,
             StartsWith("this run exists"));
}

TEST_CASE("a report is the same bytes whenever and on however many threads it is made") {
  const Sandbox sandbox;
  run_in(sandbox, "here");
  sandbox.byzsim({"report", "here", "--out", "one.html", "--threads", "1"});
  sandbox.byzsim({"report", "here", "--out", "two.html", "--threads", "3"});
  CHECK(sandbox.read("one.html") == sandbox.read("two.html"));
}

TEST_CASE("a report forbids its page every request to a network") {
  const Sandbox sandbox;
  run_in(sandbox, "here");
  sandbox.byzsim({"report", "here"});
  CHECK_THAT(sandbox.read("here/report.html"), contains("\"default-src 'none'; "));
}

TEST_CASE("a report holds run.json and metrics.csv as they are, and that they were verified") {
  const Sandbox sandbox;
  run_in(sandbox, "here");
  sandbox.byzsim({"report", "here"});
  const Json data = data_of_page(sandbox.read("here/report.html"));
  CHECK(data["kind"] == "run");
  CHECK(data["run"] == Json::parse(sandbox.read("here/run.json")));
  CHECK(data["metrics"] == sandbox.read("here/metrics.csv"));
  CHECK(data["replayed"]["digest"] == data["run"]["digest"]);
  CHECK(data["replayed"]["differences"].empty());
}

TEST_CASE("the timeline of a report holds every message that arrived, with what became of it") {
  const Json data = reported();
  const Json& timeline = data["timeline"];
  std::map<std::string, std::uint64_t> verdicts;
  for (const Json& message : timeline["messages"])
    ++verdicts[timeline["verdicts"][message[6].get<std::size_t>()]];
  for (const auto& [verdict, count] : data["run"]["deliveries"].items())
    CHECK(verdicts[verdict] == count.get<std::uint64_t>());
  CHECK(timeline["whole"] == true);
}

TEST_CASE("the timeline of a report knows servers, then workers, and which are Byzantine") {
  const Json nodes = reported()["timeline"]["nodes"];
  REQUIRE(nodes.size() == 5 + 7);
  CHECK(nodes[3] ==
        Json({{"name", "server 3"}, {"byzantine", false}, {"twin", false}, {"shown", true}}));
  CHECK(nodes[4] ==
        Json({{"name", "server 4"}, {"byzantine", true}, {"twin", false}, {"shown", true}}));
  CHECK(nodes[5] ==
        Json({{"name", "worker 0"}, {"byzantine", false}, {"twin", false}, {"shown", true}}));
  CHECK(nodes[11] ==
        Json({{"name", "worker 6"}, {"byzantine", true}, {"twin", false}, {"shown", true}}));
}

TEST_CASE("twins have two lines in the timeline of a report, each with what it computed") {
  const Json timeline = reported(tiny_with(R"({"adversary": {"servers": "twins"}})"))["timeline"];
  const Json& nodes = timeline["nodes"];
  REQUIRE(nodes.size() == 5 + 1 + 7);
  CHECK(nodes[4] ==
        Json({{"name", "server 4"}, {"byzantine", true}, {"twin", false}, {"shown", true}}));
  CHECK(
      nodes[5] ==
      Json({{"name", "server 4: its twin"}, {"byzantine", true}, {"twin", true}, {"shown", true}}));
  CHECK(nodes[6]["name"] == "worker 0");
  std::map<std::size_t, int> computed, said, heard;
  for (const Json& each : timeline["computations"]) ++computed[each[0].get<std::size_t>()];
  for (const Json& each : timeline["messages"]) {
    ++said[each[0].get<std::size_t>()];
    ++heard[each[1].get<std::size_t>()];
  }
  for (auto* counts : {&computed, &said, &heard}) {
    CHECK((*counts)[4] > 0);
    CHECK((*counts)[5] > 0);
  }
}

TEST_CASE("the timeline of a report shows computations where and as long as they took") {
  const Json timeline = reported(tiny_with(
      R"({"compute": {"gradient": {"name": "constant", "parameters": {"value": "2500 ns"}}}})"))
      ["timeline"];
  std::size_t gradients = 0;
  for (const Json& each : timeline["computations"]) {
    if (timeline["phases"][each[1].get<std::size_t>()] != "gradient") continue;
    ++gradients;
    CHECK(each[0].get<int>() >= 5);  // a worker
    CHECK(each[4].get<std::int64_t>() - each[3].get<std::int64_t>() == 2500);
  }
  CHECK(gradients >= 6 * 5);  // six steps of five honest workers
}

TEST_CASE("option --events of report bounds the timeline, which says how far it goes") {
  const Json timeline = reported(kTinyScenario, {"--events", "10"})["timeline"];
  REQUIRE(timeline["messages"].size() == 10);
  CHECK(timeline["whole"] == false);
  CHECK(timeline["until"] >= timeline["messages"][9][5]);
  for (const Json& each : timeline["computations"]) CHECK(each[4] <= timeline["until"]);
  CHECK(reported(kTinyScenario, {"--events", "0"})["timeline"]["messages"].empty());
}

TEST_CASE("option --from of report begins the timeline with the first event of that step") {
  const Json whole = reported()["timeline"];
  const Json later = reported(kTinyScenario, {"--from", "3"})["timeline"];
  const auto arrives_later = [&](const Json& message) { return message[5] >= later["begin"]; };
  const auto first =
      std::find_if(whole["messages"].begin(), whole["messages"].end(), arrives_later);
  CHECK(later["messages"] == Json(std::vector<Json>(first, whole["messages"].end())));
  CHECK(later["messages"].size() < whole["messages"].size());
  CHECK(later["from"] == 3);
  CHECK(later["begin"] > 0);
  CHECK(later["begin"] <= later["messages"][0][5]);
  for (const Json& each : later["computations"]) CHECK(each[4] >= later["begin"]);
  CHECK(later["whole"] == false);
  CHECK(whole["begin"] == 0);
}

TEST_CASE("report refuses to begin behind the last step, before the replay") {
  const Sandbox sandbox;
  run_in(sandbox, "here");
  const Outcome outcome = sandbox.byzsim({"report", "here", "--from", "7"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err ==
        "error: --from: must be in [0, 6], the steps of this run; metrics.csv shows the steps and "
        "their times\n");
}

TEST_CASE("a report tells how far each honest server is from their mean") {
  // Of two servers each is half their distance away from the mean, at every recorded step.
  const Json data = reported(tiny_with(
      R"({"servers": {"count": 2, "byzantine": {"declared": 0, "actual": 0}},
          "metrics": {"every": 1}})"));
  const std::string metrics = data["metrics"];
  std::istringstream lines(metrics);
  std::string line;
  std::getline(lines, line);
  REQUIRE_THAT(line, StartsWith("step,simulated_seconds,accuracy,accuracy_worst,loss,drift,"));
  double largest = 0;
  for (const Json& row : data["distances"]) {
    std::getline(lines, line);
    std::istringstream fields(line);
    std::string drift;
    for (int i = 0; i < 6; ++i) std::getline(fields, drift, ',');
    REQUIRE(row.size() == 3);
    CHECK(row[1].get<double>() == Approx(std::stod(drift) / 2).epsilon(1e-12));
    CHECK(row[2].get<double>() == Approx(std::stod(drift) / 2).epsilon(1e-12));
    largest = std::max(largest, row[1].get<double>());
  }
  CHECK(data["distances"].size() == 7);
  CHECK(largest > 0);
}

TEST_CASE("a server that has crashed for good is at no distance any more") {
  const Json rows = reported(tiny_with(
      R"({"servers": {"count": 6}, "metrics": {"every": 1},
          "network": {"faults": [{"name": "crash",
                                  "parameters": {"nodes": "server 0", "start": "8 ms"}}]}})"))
      ["distances"];
  REQUIRE(rows.size() == 7);
  CHECK(rows[1][1].is_number());
  CHECK(rows[6][1].is_null());
  for (int server = 1; server < 5; ++server) CHECK(rows[6][1 + server].is_number());
}

TEST_CASE("a run without numbers has a report without distances") {
  const Json data = reported(tiny_with(R"({"numbers": "none", "dimension": 10})"));
  CHECK(data["distances"].empty());
  CHECK_FALSE(data["timeline"]["messages"].empty());
}

TEST_CASE("a run that was tampered with has a report that says so, and exit code 3") {
  const Sandbox sandbox;
  run_in(sandbox, "here");
  change_run_json(sandbox, [](Json& run) { run["final"]["accuracy"] = 0.999; });
  const Outcome outcome = sandbox.byzsim({"report", "here"});
  CHECK(outcome.exit_code == 3);
  CHECK_THAT(outcome.out, StartsWith("here/report.html\nthe replay differs from the stored run, "
                                     "and the page shows how:\n  final/accuracy: "));
  const Json lines = data_of_page(sandbox.read("here/report.html"))["replayed"]["differences"];
  REQUIRE(lines.size() == 1);
  CHECK_THAT(lines[0].get<std::string>(), StartsWith("final/accuracy: stored 0.999, now "));
}

TEST_CASE("no name can break out of a report's data") {
  const Sandbox sandbox;
  run_in(sandbox, "here");
  const std::string name = "</script><script>alert(1)</script><!-- \"&\u2028 \u00e9";
  change_run_json(sandbox, [&](Json& run) { run["name"] = name; });
  CHECK(sandbox.byzsim({"report", "here"}).exit_code == 3);
  const std::string page = sandbox.read("here/report.html");
  CHECK(data_of_page(page)["run"]["name"] == name);
  CHECK(page.find("alert(1)</script>") == page.npos);
}

TEST_CASE("report refuses a run that was interrupted") {
  const Sandbox sandbox;
  run_in(sandbox, "here");
  change_run_json(sandbox, [](Json& run) { run["status"] = "interrupted"; });
  const Outcome outcome = sandbox.byzsim({"report", "here"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err ==
        "error: here/run.json: was interrupted, so no replay can have its digest; finish it with "
        "byzsim run\n");
}

TEST_CASE("report refuses a directory that holds neither a run nor a sweep") {
  const Sandbox sandbox;
  fs::create_directory(sandbox.path() / "empty");
  for (const char* directory : {"nowhere", "empty"}) {
    const Outcome outcome = sandbox.byzsim({"report", directory});
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.err == "error: " + std::string(directory) +
                             ": contains neither a run (run.json) nor a sweep (plan.jsonl); give a "
                             "directory written by byzsim run or byzsim sweep\n");
  }
}

TEST_CASE("report refuses a run without its metrics.csv") {
  const Sandbox sandbox;
  run_in(sandbox, "here");
  fs::remove(sandbox.path() / "here/metrics.csv");
  const Outcome outcome = sandbox.byzsim({"report", "here"});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, StartsWith("error: here/metrics.csv: no such file; "));
}

TEST_CASE("a page that cannot be written is refused before the replay") {
  const Sandbox sandbox;
  run_in(sandbox, "here");
  for (const auto& [file, reason] : std::map<std::string, std::string>{
           {"nowhere/page.html", "No such file or directory"}, {"here", "Is a directory"}}) {
    const Outcome outcome = sandbox.byzsim({"report", "here", "--out", file});
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.err ==
          "error: " + file + ": cannot write: " + reason + "; name another file with --out FILE\n");
  }
}

TEST_CASE("report takes the place of an older page, and of no other file") {
  const Sandbox sandbox;
  run_in(sandbox, "here");
  CHECK(sandbox.byzsim({"report", "here", "--out", "page.html"}).exit_code == 0);
  CHECK(sandbox.byzsim({"report", "here", "--out", "page.html"}).exit_code == 0);
  sandbox.write("my.json", kTinyScenario);
  const Outcome outcome = sandbox.byzsim({"report", "here", "--out", "my.json"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err ==
        "error: my.json: exists and is not a report page; name another file with "
        "--out FILE\n");
  CHECK(sandbox.read("my.json") == kTinyScenario);
}

TEST_CASE("report of a merged sweep holds its plan and its tables") {
  const Sandbox sandbox;
  sweep_in(sandbox, true);
  const Outcome outcome = sandbox.byzsim({"report", "sweep"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out == "sweep/report.html\n");
  const Json data = data_of_page(sandbox.read("sweep/report.html"));
  CHECK(data["kind"] == "sweep");
  CHECK(data["plan"] == sandbox.read("sweep/plan.jsonl"));
  CHECK(data["summary"] == sandbox.read("sweep/summary.csv"));
  CHECK(data["curves"] == sandbox.read("sweep/curves.csv"));
}

TEST_CASE("report of a sweep knows which columns are zipped to one axis") {
  const Sandbox sandbox;
  const Json line = {{"pointer", "/steps"}, {"values", {2, 3}}};
  const Json other = {{"pointer", "/workers/batch_size"}, {"values", {1, 2}}};
  const Json rule = {{"pointer", "/workers/aggregator/name"}, {"values", Json::array({"median"})}};
  const Json zip = {{"zip", Json::array({line, other})}};
  sandbox.write(
      "zipped.json",
      Json({{"scenario", Json::parse(kTinyScenario)}, {"axes", Json::array({zip, rule})}}).dump());
  REQUIRE(sandbox.byzsim({"sweep", "run", "zipped.json", "--out", "sweep"}).exit_code == 0);
  REQUIRE(sandbox.byzsim({"sweep", "merge", "sweep"}).exit_code == 0);
  REQUIRE(sandbox.byzsim({"report", "sweep"}).exit_code == 0);
  CHECK(data_of_page(sandbox.read("sweep/report.html"))["axes"] ==
        Json::parse(R"([["/steps", "/workers/batch_size"], ["/workers/aggregator/name"]])"));
}

TEST_CASE("report of a sweep that is not merged names the next command and exits with 4") {
  const Sandbox sandbox;
  sweep_in(sandbox, false);
  const Outcome outcome = sandbox.byzsim({"report", "sweep"});
  CHECK(outcome.exit_code == 4);
  CHECK_THAT(outcome.err, StartsWith("sweep: 1 of 1 runs are done but not merged; "
                                     "byzsim sweep merge sweep continues\n"));
  CHECK_FALSE(sandbox.holds("sweep/report.html"));
}

TEST_CASE("report of a merged sweep without all its runs is written, and exits with 4") {
  const Sandbox sandbox;
  sweep_in(sandbox, true);
  fs::remove_all(sandbox.path() / "sweep/runs");
  const Outcome outcome = sandbox.byzsim({"report", "sweep"});
  CHECK(outcome.exit_code == 4);
  CHECK_THAT(outcome.err, StartsWith("sweep: 0 of 1 runs are done; "));
  CHECK(sandbox.holds("sweep/report.html"));
}

TEST_CASE("report names the line of a plan that is no point") {
  const Sandbox sandbox;
  sweep_in(sandbox, true);
  sandbox.write("sweep/plan.jsonl", sandbox.read("sweep/plan.jsonl") + "{\"id\":7}\n");
  const Outcome outcome = sandbox.byzsim({"report", "sweep"});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, StartsWith("error: sweep/plan.jsonl: line 2 is not a point of a plan; "));
}

TEST_CASE("report refuses tables that are not what the runs of the sweep give") {
  for (const std::string table : {"summary.csv", "curves.csv"}) {
    const Sandbox sandbox;
    sweep_in(sandbox, true);
    sandbox.write("sweep/" + table, sandbox.read("sweep/" + table) + "\xff\n");
    const Outcome outcome = sandbox.byzsim({"report", "sweep"});
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.err == "error: sweep/" + table +
                             ": is not what the runs give: it was cut or changed, or runs were "
                             "made since; byzsim sweep merge sweep writes it again\n");
    CHECK_FALSE(sandbox.holds("sweep/report.html"));
  }
}

TEST_CASE("bytes of a sweep's tables that are no UTF-8 are replaced in its report") {
  const Sandbox sandbox;
  sweep_in(sandbox, true);
  fs::remove_all(sandbox.path() / "sweep/runs");  // which the tables could be compared with
  sandbox.write("sweep/summary.csv", sandbox.read("sweep/summary.csv") + "\xff\n");
  CHECK(sandbox.byzsim({"report", "sweep"}).exit_code == 4);
  CHECK_THAT(data_of_page(sandbox.read("sweep/report.html"))["summary"].get<std::string>(),
             contains("\xef\xbf\xbd"));
}

}  // namespace byzsim::process::report_command_test
