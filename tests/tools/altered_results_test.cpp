// Every part of a stored result is watched: `verify` says of each altered value and each altered
// file that it differs, and whatever reads directories takes a damaged run for a missing one.
#include "tests/tools/sweep_scenarios.h"
#include "tests/tools/text_matchers.h"

namespace byzsim::process::altered_results_test {
namespace {

// What a run does not decide: how the machine went about it, and by which program.
bool is_determined(const std::string& pointer) {
  return !pointer.starts_with("/machine") && !pointer.starts_with("/provenance");
}

// Another value of the same kind.
Json altered(const Json& value) {
  if (value.is_boolean()) return !value.get<bool>();
  if (value.is_number()) return value.get<double>() + 1;
  if (value.is_string()) return value.get<std::string>() + "x";
  if (value.is_array()) return Json::array({"x"});
  if (value.is_object()) return Json{{"x", 1}};
  return 1;
}

// Pointers of all values that hold no others.
std::vector<std::string> leaves_of(const Json& json) {
  std::vector<std::string> leaves;
  const Json flat = json.flatten();
  for (const auto& [pointer, value] : flat.items()) leaves.push_back(pointer);
  return leaves;
}

const char* const kFiles[] = {"run.json", "metrics.csv", "gathers.csv", "digests.csv",
                              "checksums.xxh3"};

enum class Damage { emptied, cut, changed, removed };

void damage(const Sandbox& sandbox, const std::string& file, Damage how) {
  const std::string text = sandbox.read(file);
  std::string changed = text;
  changed[text.size() / 2] = changed[text.size() / 2] == '1' ? '2' : '1';
  if (how == Damage::removed)
    fs::remove(sandbox.path() / file);
  else
    sandbox.write(file, how == Damage::emptied ? ""
                        : how == Damage::cut   ? text.substr(0, text.size() / 2)
                                               : changed);
}

// No python3 is found, so that searches draw none.
const Environment kWithoutPictures = {{"PATH", "/nowhere"}};

constexpr Damage kDamages[] = {Damage::emptied, Damage::cut, Damage::changed, Damage::removed};

std::string first_run(const Sandbox& sandbox) {
  return "sw/runs/" + plan_in(sandbox, "sw")[0]["id"].get<std::string>();
}

}  // namespace

TEST_CASE("verify names every value of run.json that was altered") {
  const Sandbox sandbox;
  sandbox.write("tiny.json", tiny_with(R"({"summary": "one sentence",
      "expect": [{"metric": "drift", "relation": ">=", "value": 0}]})"));
  REQUIRE(sandbox.byzsim({"run", "tiny.json", "--out", "here"}).exit_code == 0);
  const std::string text = sandbox.read("here/run.json");
  std::size_t altered_values = 0;
  for (const std::string& leaf : leaves_of(Json::parse(text))) {
    if (!is_determined(leaf)) continue;
    Json run = Json::parse(text);
    Json& value = run[Json::json_pointer(leaf)];
    value = altered(value);
    sandbox.write("here/run.json", run.dump(2) + "\n");
    const Outcome outcome = sandbox.byzsim({"verify", "here", "--threads", "1"});
    CAPTURE(leaf, outcome.out, outcome.err);
    // A scenario that cannot be read any more, another profile and another version of the digest
    // are errors; the rest differs.
    const bool refused =
        leaf.starts_with("/scenario") || leaf == "/profile" || leaf == "/digest/version";
    CHECK((outcome.exit_code == 3 || (refused && outcome.exit_code == 2)));
    ++altered_values;
  }
  CHECK(altered_values > 120);  // of run.json's 140 or so
}

TEST_CASE("verify says so when any file of a run was emptied, cut, changed or removed") {
  for (const std::string file : kFiles)
    for (const Damage how : kDamages) {
      const Sandbox sandbox;
      sandbox.byzsim({"run", "-", "--out", "here"}, kTinyScenario);
      damage(sandbox, "here/" + file, how);
      const Outcome outcome = sandbox.byzsim({"verify", "here"});
      CAPTURE(file, int(how), outcome.out, outcome.err);
      CHECK((outcome.exit_code == 3 || outcome.exit_code == 2));
      CHECK_THAT(outcome.out + outcome.err, contains(file) || contains("stored"));
    }
}

TEST_CASE("run makes a damaged run again, and says which file was damaged") {
  for (const std::string file : kFiles)
    for (const Damage how : kDamages) {
      const Sandbox sandbox;
      sandbox.byzsim({"run", "-"}, kTinyScenario);  // in results/tiny/ID
      const std::string there = only_run_of(sandbox, "tiny");
      damage(sandbox, there + "/" + file, how);
      const Outcome outcome = sandbox.byzsim({"run", "-"}, kTinyScenario);
      CAPTURE(file, int(how), outcome.err);
      CHECK(outcome.exit_code == 0);
      CHECK_THAT(outcome.err, contains("note: ") && contains("the run is made again"));
      CHECK(sandbox.byzsim({"verify", there}).exit_code == 0);
    }
}

TEST_CASE("a damaged run of a sweep counts as missing, is named, and is made again") {
  for (const std::string file : kFiles)
    for (const Damage how : kDamages) {
      const Sandbox sandbox;
      write_tiny(sandbox);
      sandbox.byzsim({"sweep", "run", "tiny.json", "--axis", "/seed=1,2", "--out", "sw"});
      const std::string damaged = first_run(sandbox) + "/" + file;
      damage(sandbox, damaged, how);
      CAPTURE(file, int(how));
      const Outcome status = sandbox.byzsim({"sweep", "status", "sw"});
      CHECK(status.exit_code == 4);
      CHECK_THAT(status.out, StartsWith("1 of 2 runs done, 0 failed, 1 missing\n"));
      const Outcome merge = sandbox.byzsim({"sweep", "merge", "sw"});
      CHECK(merge.exit_code == 4);
      CHECK_THAT(status.out + merge.err, contains(first_run(sandbox)));
      CHECK(sandbox.byzsim({"sweep", "run", "sw"}).exit_code == 0);
      CHECK(sandbox.byzsim({"sweep", "merge", "sw"}).exit_code == 0);
      CHECK(sandbox.byzsim({"verify", first_run(sandbox)}).exit_code == 0);
    }
}

TEST_CASE("a plan that was cut at the end of a line is refused") {
  const Sandbox sandbox;
  write_tiny(sandbox);
  sandbox.byzsim({"sweep", "run", "tiny.json", "--axis", "/seed=1,2", "--out", "sw"});
  const std::string plan = sandbox.read("sw/plan.jsonl");
  sandbox.write("sw/plan.jsonl", plan.substr(0, plan.find('\n') + 1));
  for (const char* verb : {"status", "merge", "run"}) {
    const Outcome outcome = sandbox.byzsim({"sweep", verb, "sw"});
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.err,
               StartsWith("error: sw/plan.jsonl: was cut or changed since byzsim wrote it; "));
  }
}

TEST_CASE("a damaged search is made again, and says which file was damaged") {
  for (const std::string file : {"search.json", "search.csv", "worst.json"})
    for (const Damage how : kDamages) {
      const Sandbox sandbox;
      write_tiny(sandbox);
      const Arguments search = {"search", "tiny.json", "--evaluations", "2"};
      sandbox.byzsim(search, "", kWithoutPictures);
      const std::string there =
          fs::directory_iterator(sandbox.path() / "results/tiny")->path().string();
      damage(sandbox, fs::relative(there, sandbox.path()).string() + "/" + file, how);
      const Outcome outcome = sandbox.byzsim(search, "", kWithoutPictures);
      CAPTURE(file, int(how), outcome.err);
      CHECK(outcome.exit_code == 0);
      CHECK_THAT(outcome.err,
                 contains("note: ") && contains(file) && contains("the search is made again"));
      CHECK_THAT(sandbox.byzsim(search, "", kWithoutPictures).err, contains("this search exists"));
    }
}

}  // namespace byzsim::process::altered_results_test
