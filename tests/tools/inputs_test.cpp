// A run is about the contents of the files that it reads: their digests are part of its id, and a
// result on other contents is never handed out as this one.
#include <functional>

#include "tests/tools/sweep_scenarios.h"
#include "tests/tools/text_matchers.h"

namespace byzsim::process::inputs_test {
namespace {

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

// A number as IDX and NPY files have it: 4 bytes, the highest or the lowest first.
std::string big_endian(std::uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 0xff);
  return bytes;
}

std::string idx_images(int count) {
  return big_endian(0x803) + big_endian(std::uint32_t(count)) + big_endian(2) + big_endian(2) +
         repeated("\x01\x02\x03\x04", count);
}

std::string idx_labels(int count) {
  return big_endian(0x801) + big_endian(std::uint32_t(count)) +
         repeated(std::string("\0\1", 2), count / 2);
}

std::string npy(const std::string& shape, int numbers) {
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
  header.resize(117, ' ');
  return std::string("\x93NUMPY\x01\0\x76\0", 10) + header + "\n" +
         repeated(std::string("\0\0\x80\x3f\0\0\0\0", 8), numbers / 2);  // 1, 0, 1, 0, ...
}

std::string cifar_records(int count) {
  std::string records;
  for (int i = 0; i < count; ++i) records += std::string(1, char(i % 10)) + std::string(3072, 'x');
  return records;
}

// A strategy of the scenario that reads files: where it stands, what it is, what the files hold,
// and which bytes of one of them may be changed.
struct Reader {
  std::string place, choice;
  std::vector<std::pair<std::string, std::string>> files;
  std::string changed_file;
  std::size_t changed_byte;
};

std::vector<Reader> readers() {
  const std::string svm = repeated("0 1:0.5 2:0.25\n1 1:0.75 2:0.5\n", 20);
  const std::string csv = repeated("0.5,0.25,0\n0.75,0.5,1\n", 20);
  const std::string delays = "1\n2\n3\n";
  std::vector<Reader> all = {
      {"/data",
       R"({"name": "libsvm", "parameters": {"file": "x.svm"}})",
       {{"x.svm", svm}},
       "x.svm",
       6},
      {"/data",
       R"({"name": "libsvm", "parameters": {"file": "x.svm", "test_file": "t.svm"}})",
       {{"x.svm", svm}, {"t.svm", svm}},
       "t.svm",
       6},
      {"/data",
       R"({"name": "csv", "parameters": {"file": "x.csv"}})",
       {{"x.csv", csv}},
       "x.csv",
       2},
      {"/data",
       R"({"name": "npy", "parameters": {"features": "x.npy", "labels": "y.npy"}})",
       {{"x.npy", npy("(40, 2)", 80)}, {"y.npy", npy("(40,)", 40)}},
       "x.npy",
       131},
      {"/data",
       R"({"name": "idx", "parameters": {"directory": "set"}})",
       {{"set/train-images-idx3-ubyte", idx_images(20)},
        {"set/train-labels-idx1-ubyte", idx_labels(20)},
        {"set/t10k-images-idx3-ubyte", idx_images(10)},
        {"set/t10k-labels-idx1-ubyte", idx_labels(10)}},
       "set/t10k-images-idx3-ubyte",
       20},
      {"/data",
       R"({"name": "cifar10", "parameters": {"directory": "set"}})",
       {{"set/data_batch_1.bin", cifar_records(20)}, {"set/test_batch.bin", cifar_records(10)}},
       "set/test_batch.bin",
       5}};
  for (const char* place :
       {"/network/delay", "/network/links/0/delay", "/compute/gradient", "/compute/aggregation"})
    all.push_back({place,
                   R"({"name": "empirical", "parameters": {"file": "d.csv"}})",
                   {{"d.csv", delays}},
                   "d.csv",
                   4});
  return all;
}

Json scenario_of(const Reader& reader) {
  Json scenario = Json::parse(tiny_with(R"({"servers": {"byzantine": {"actual": 0}},
                                            "workers": {"byzantine": {"actual": 0}}})"));
  scenario["network"]["links"] = Json::array();
  if (reader.place.starts_with("/network/links")) scenario["network"]["links"].push_back({});
  scenario[Json::json_pointer(reader.place)] = Json::parse(reader.choice);
  return scenario;
}

Json run_in(const Sandbox& sandbox, const std::string& out) {
  const Outcome outcome = sandbox.byzsim({"run", "s.json", "--out", out});
  if (outcome.exit_code != 0) throw std::runtime_error(outcome.err);
  return Json::parse(sandbox.read(out + "/run.json"));
}

void write_inputs(const Sandbox& sandbox, const Reader& reader) {
  for (const auto& [name, text] : reader.files) sandbox.write(name, text);
  sandbox.write("s.json", scenario_of(reader).dump());
}

void change(const Sandbox& sandbox, const Reader& reader) {
  std::string text = sandbox.read(reader.changed_file);
  text[reader.changed_byte] = text[reader.changed_byte] == '7' ? '8' : '7';
  sandbox.write(reader.changed_file, text);
}

const std::string kRows = repeated("0 1:0.5 2:0.25\n1 1:0.75 2:0.5\n", 20);
const std::string kOtherRows = repeated("0 1:0.5 2:0.75\n1 1:0.75 2:0.5\n", 20);

// The tiny scenario on x.svm.
std::string tiny_on_rows() {
  Json scenario = Json::parse(kTinyScenario);
  scenario["data"] = {{"name", "libsvm"}, {"parameters", {{"file", "x.svm"}}}};
  return scenario.dump();
}

}  // namespace

TEST_CASE("a changed byte of any input file makes another run") {
  for (const Reader& reader : readers()) {
    CAPTURE(reader.place, reader.choice);
    const Sandbox sandbox;
    write_inputs(sandbox, reader);
    const Json before = run_in(sandbox, "a");
    CHECK(before["inputs"].size() == reader.files.size());
    CHECK(run_in(sandbox, "b")["id"] == before["id"]);
    change(sandbox, reader);
    const Json after = run_in(sandbox, "c");
    CHECK(after["id"] != before["id"]);
    CHECK(after["inputs"] != before["inputs"]);
  }
}

TEST_CASE("a stored result of other input files is not handed out, and the file is named") {
  for (const Reader& reader : readers()) {
    CAPTURE(reader.place, reader.choice);
    const Sandbox sandbox;
    write_inputs(sandbox, reader);
    run_in(sandbox, "a");
    change(sandbox, reader);
    const Outcome again = sandbox.byzsim({"run", "s.json", "--out", "a"});
    CHECK(again.exit_code == 2);
    CHECK_THAT(again.err, contains("the content of ") && contains(reader.changed_file) &&
                              contains(" has changed: "));
    for (const char* verb : {"verify", "bisect"}) {
      const Outcome outcome = sandbox.byzsim({verb, "a"});
      CAPTURE(verb, outcome.out, outcome.err);
      CHECK(outcome.exit_code != 1);
      CHECK_THAT(outcome.out + outcome.err, contains(reader.changed_file + " has changed: "));
    }
  }
}

TEST_CASE("run.json lists the files that were read, with their digests and sizes") {
  const Sandbox sandbox;
  sandbox.write("x.svm", kRows);
  sandbox.write("s.json", tiny_on_rows());
  const Json inputs = run_in(sandbox, "a")["inputs"];
  REQUIRE(inputs.size() == 1);
  CHECK(inputs[0]["file"] == (fs::canonical(sandbox.path()) / "x.svm").string());
  CHECK(inputs[0]["bytes"] == kRows.size());
  CHECK(inputs[0]["digest"].get<std::string>().size() == 16);
}

TEST_CASE("where a file lies is no part of the id") {
  const Sandbox sandbox;
  sandbox.write("x.svm", kRows);
  sandbox.write("s.json", tiny_on_rows());
  const Json here = run_in(sandbox, "a");
  fs::create_directories(sandbox.path() / "sub");
  fs::rename(sandbox.path() / "x.svm", sandbox.path() / "sub/x.svm");
  fs::rename(sandbox.path() / "s.json", sandbox.path() / "sub/s.json");
  const Outcome there = sandbox.byzsim({"run", "sub/s.json", "--out", "b"});
  CHECK(there.exit_code == 0);
  CHECK(Json::parse(sandbox.read("b/run.json"))["id"] == here["id"]);
}

TEST_CASE("a run without numbers reads no data, and has no inputs of it") {
  CHECK(tiny_run({}, {}, tiny_with(R"({"numbers": "none", "dimension": 3})"))["inputs"].empty());
}

TEST_CASE("a sweep does not go on with other input files, and names the one that changed") {
  const Sandbox sandbox;
  sandbox.write("x.svm", kRows);
  sandbox.write("s.json", tiny_on_rows());
  const Arguments begin = {"sweep", "run", "s.json", "--axis", "/seed=1,2", "--out", "sw"};
  REQUIRE(sandbox.byzsim(begin).exit_code == 0);
  CHECK(sandbox.byzsim({"sweep", "run", "sw"}).exit_code == 0);
  sandbox.write("x.svm", kOtherRows);
  for (const Arguments& go_on : {begin, Arguments{"sweep", "run", "sw"}}) {
    const Outcome outcome = sandbox.byzsim(go_on);
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.err, contains("x.svm has changed: "));
  }
}

TEST_CASE("a search on other input files is another search") {
  const Sandbox sandbox;
  sandbox.write("x.svm", kRows);
  sandbox.write("s.json", tiny_on_rows());
  const Arguments search = {"search", "s.json", "--evaluations", "2", "--out", "found"};
  REQUIRE(sandbox.byzsim(search).exit_code == 0);
  CHECK(Json::parse(sandbox.read("found/search.json"))["inputs"].size() == 1);
  CHECK_THAT(sandbox.byzsim(search).err, contains("this search exists"));
  sandbox.write("x.svm", kOtherRows);
  CHECK(sandbox.byzsim(search).exit_code == 2);
}

TEST_CASE("a missing input file is told before anything runs, with its pointer") {
  const Sandbox sandbox;
  sandbox.write("s.json", tiny_on_rows());
  for (const Arguments& arguments : {Arguments{"run", "s.json"},
                                     {"sweep", "plan", "s.json", "--axis", "/seed=1,2"},
                                     {"sweep", "run", "s.json", "--axis", "/seed=1,2"},
                                     {"search", "s.json"}}) {
    const Outcome outcome = sandbox.byzsim(arguments);
    CAPTURE(outcome.err);
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.err, StartsWith("error: /data/parameters/file") &&
                                contains("no such file: x.svm, neither beside the scenario nor in "
                                         "the working directory "));
  }
  CHECK_FALSE(sandbox.holds("results"));
}

}  // namespace byzsim::process::inputs_test
