#include "sim/results/results.h"
#include "adversaries/known_strategies.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::results_test {
namespace {

namespace fs = std::filesystem;

/// An empty directory that goes with the test.
class Scratch {
 public:
  Scratch() : path_(fs::temp_directory_path() / ("byzsim-results-" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Scratch() { fs::remove_all(path_); }
  fs::path operator/(const std::string& name) const { return path_ / name; }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path_))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  fs::path path_;
};

void write_file(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

RunFiles files_of_small_run(int threads = 1) {
  World world(small_attacked_byzsgd(), threads);
  run_to_end(world.simulation);
  return files_of(
      result_of(world.simulation, scenario_tables(), RunStatus::trained, {1.5, threads}));
}

std::string id_of_small_run() {
  return scenario_id(read(small_attacked_byzsgd()), scenario_tables());
}

/// What an InputError of the action says; empty when there is none.
template <class Action>
std::string complaint_of(Action action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("run.json holds what other programs rely on") {
  const Json run = parse_json(files_of_small_run().run_json, "run.json");
  for (const char* key :
       {"name", "id", "profile", "seed", "version", "digest", "steps", "events", "messages",
        "bytes", "simulated_seconds", "final", "scenario", "provenance", "machine"}) {
    CAPTURE(key);
    CHECK(run.contains(key));
  }
  for (const char* layer : {"run", "schedule", "messages", "draws", "models", "metrics"})
    CHECK(run["digest"][layer].get<std::string>().size() == 16);
  CHECK(run["id"] == id_of_small_run());
  CHECK(run["steps"] == 6);
  CHECK(run["status"] == "trained");
  CHECK(run["diverged_at_step"].is_null());
}

TEST_CASE("the scenario in run.json is the one that ran") {
  const Json run = parse_json(files_of_small_run().run_json, "run.json");
  CHECK(scenario_id(read(run["scenario"]), scenario_tables()) == id_of_small_run());
}

TEST_CASE("two runs differ in how the machine went about them alone") {
  Json one = parse_json(files_of_small_run(1).run_json, "run.json");
  Json three = parse_json(files_of_small_run(3).run_json, "run.json");
  CHECK(three["machine"]["threads"] == 3);
  one.erase("machine");
  three.erase("machine");
  CHECK(one.dump() == three.dump());
  CHECK(files_of_small_run(1).metrics_csv == files_of_small_run(3).metrics_csv);
}

TEST_CASE("metrics.csv has its header and a line for every recorded step") {
  const std::string csv = files_of_small_run().metrics_csv;
  CHECK(csv.substr(0, csv.find('\n')) == metrics_header());
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 1 + 7);  // steps 0 to 6
}

TEST_CASE("a written run is two files and leaves nothing else behind") {
  const Scratch scratch;
  write_run(scratch / "run", {"{}", "a,b\n"}, false);
  CHECK(scratch.names() == std::vector<std::string>{"run"});
  CHECK(read_text(scratch / "run" / "run.json") == "{}");
  CHECK(read_text(scratch / "run" / "metrics.csv") == "a,b\n");
}

TEST_CASE("a run makes the directories above its own") {
  const Scratch scratch;
  write_run(scratch / "results/name/id", {"{}", ""}, false);
  CHECK(fs::exists(scratch / "results/name/id/run.json"));
}

TEST_CASE("a directory that holds something is kept unless it is to be replaced") {
  const Scratch scratch;
  write_file(scratch / "run/precious.txt", "mine");
  CHECK_THROWS_AS(write_run(scratch / "run", {"{}", ""}, false), InputError);
  CHECK(read_text(scratch / "run/precious.txt") == "mine");
  CHECK(scratch.names() == std::vector<std::string>{"run"});
}

TEST_CASE("a run that is replaced leaves the files of others where they were") {
  const Scratch scratch;
  write_run(scratch / "run", {"{}", "old", "old", "old"}, false);
  write_file(scratch / "run/notes/precious.txt", "mine");
  write_run(scratch / "run", {"{}", "new"}, true);
  CHECK(read_text(scratch / "run/notes/precious.txt") == "mine");
  CHECK(read_text(scratch / "run/metrics.csv") == "new");
  CHECK_FALSE(fs::exists(scratch / "run/gathers.csv"));
  CHECK(scratch.names() == std::vector<std::string>{"run"});
}

TEST_CASE("a run that is replaced through a link is replaced where the link leads") {
  const Scratch scratch;
  write_run(scratch / "run", {"{}", "old"}, false);
  fs::create_directory_symlink(scratch / "run", scratch / "link");
  write_run(scratch / "link", {"{}", "new"}, true);
  CHECK(fs::is_symlink(scratch / "link"));
  CHECK(read_text(scratch / "run/metrics.csv") == "new");
}

TEST_CASE("the same run made by another process meanwhile is as good") {
  const Scratch scratch;
  const RunFiles files = files_of_small_run();
  write_run(scratch / "run", files, false);
  CHECK_NOTHROW(write_run(scratch / "run", files, false));
  CHECK(scratch.names() == std::vector<std::string>{"run"});
}

TEST_CASE("a file is written through a link, and what it leads to is no other file") {
  const Scratch scratch;
  write_file(scratch / "device", "old");  // as /dev/stdout leads to where the output goes
  fs::create_symlink(scratch / "device", scratch / "link");
  write_whole(scratch / "link", "new");
  CHECK(fs::is_symlink(scratch / "link"));
  CHECK(read_text(scratch / "device") == "new");
}

TEST_CASE("a device is not replaced, and its error is reported") {
  const Scratch scratch;
  fs::create_symlink("/dev/full", scratch / "link");
  CHECK(contains(complaint_of([&] { write_whole(scratch / "link", "text"); }),
                 "cannot write: No space left on device; free space there"));
  CHECK(fs::is_symlink(scratch / "link"));
  CHECK(fs::is_character_file("/dev/full"));
}

TEST_CASE("an absent or empty directory is free") {
  const Scratch scratch;
  CHECK(inspect_directory(scratch / "none", "id") == DirectoryState::free);
  fs::create_directories(scratch / "empty");
  CHECK(inspect_directory(scratch / "empty", "id") == DirectoryState::free);
}

TEST_CASE("a whole run is recognised by its id") {
  const Scratch scratch;
  write_run(scratch / "run", files_of_small_run(), false);
  CHECK(inspect_directory(scratch / "run", id_of_small_run()) == DirectoryState::same_run);
  CHECK(inspect_directory(scratch / "run", "0123456789abcdef") == DirectoryState::other);
  fs::remove(scratch / "run/metrics.csv");
  CHECK(inspect_directory(scratch / "run", id_of_small_run()) == DirectoryState::damaged_run);
}

TEST_CASE("what is not a whole run of byzsim is recognised as that") {
  const Scratch scratch;
  write_file(scratch / "file", "text");
  write_file(scratch / "folder/notes.txt", "text");
  write_file(scratch / "broken/run.json", "{");
  write_file(scratch / "foreign/run.json", "[1, 2]");
  for (const std::string name : {"file", "folder", "broken", "foreign"}) {
    CAPTURE(name);
    CHECK(inspect_directory(scratch / name, "id") == DirectoryState::other);
  }
}

TEST_CASE("an unwritable place is the user's mistake, found before the run") {
  const Scratch scratch;
  write_file(scratch / "file", "text");
  CHECK_THROWS_AS(check_writable(scratch / "file/below/run"), InputError);
  CHECK_THROWS_AS(write_run(scratch / "file/below/run", {"{}", ""}, false), InputError);
  CHECK_NOTHROW(check_writable(scratch / "run"));
  CHECK(scratch.names() == std::vector<std::string>{"file"});
}

TEST_CASE("a file that cannot be read is named") {
  const Scratch scratch;
  CHECK(contains(complaint_of([&] { read_text(scratch / "none.json"); }), "none.json"));
  CHECK(contains(complaint_of([&] { read_run(scratch / "none"); }), "run.json"));
  write_file(scratch / "foreign/run.json", "{\"id\": 1}");
  CHECK(contains(complaint_of([&] { read_run(scratch / "foreign"); }),
                 "so it is not a run.json of byzsim"));
}

TEST_CASE("a run's directory is its name and its id") {
  CHECK(default_directory(read(small_sgd()), "0123456789abcdef") ==
        fs::path("results/small-sgd/0123456789abcdef"));
}

}  // namespace byzsim::results_test
