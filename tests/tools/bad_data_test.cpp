// Data that is missing, damaged or too much: said before the first step, with exit code 2.
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::bad_data_test {
namespace {

std::string with_data(const std::string& data) {
  Json scenario = Json::parse(kTinyScenario);
  scenario["data"] = Json::parse(data);
  return scenario.dump();
}

const std::string kMnist = with_data(R"({"name": "idx"})");
const std::string kHere = with_data(R"({"name": "idx", "parameters": {"directory": "set"}})");

std::string big_endian(const std::vector<std::uint32_t>& words) {
  std::string bytes;
  for (const std::uint32_t word : words)
    for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(word >> shift & 0xff);
  return bytes;
}

std::string images(std::uint32_t count) {
  return big_endian({2051, count, 2, 2}) + std::string(4 * count, '\x40');
}

std::string labels(std::uint32_t count) {
  std::string bytes = big_endian({2049, count});
  for (std::uint32_t i = 0; i < count; ++i) bytes += static_cast<char>(i % 10);
  return bytes;
}

// The four files of a set of 2 x 2 images below `folder`.
void write_set(const Sandbox& sandbox, const std::string& folder) {
  sandbox.write(folder + "/train-images-idx3-ubyte", images(20));
  sandbox.write(folder + "/train-labels-idx1-ubyte", labels(20));
  sandbox.write(folder + "/t10k-images-idx3-ubyte", images(10));
  sandbox.write(folder + "/t10k-labels-idx1-ubyte", labels(10));
}

Outcome refused(const Sandbox& sandbox, const std::string& scenario,
                const Environment& environment = {}) {
  Outcome outcome = sandbox.byzsim({"run", "-", "--out", "out"}, scenario, environment);
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out.empty());
  CHECK_FALSE(sandbox.holds("out"));
  // Paths are absolute; the sandbox is another one in every test.
  const std::string here = fs::canonical(sandbox.path()).string() + "/";
  for (std::size_t at = outcome.err.find(here); at != std::string::npos;
       at = outcome.err.find(here))
    outcome.err.erase(at, here.size());
  return outcome;
}

}  // namespace

TEST_CASE("without BYZSIM_DATA and a directory the idx data set says how to give one") {
  CHECK_THAT(refused(Sandbox(), kMnist).err,
             StartsWith("error: /data/parameters/directory: no directory is given for the files of "
                        "MNIST; set it, or set the environment variable BYZSIM_DATA to the "
                        "directory that contains mnist/ with the four files of MNIST"));
}

TEST_CASE("a run from a data folder that does not exist names it") {
  CHECK_THAT(refused(Sandbox(), kMnist, {{"BYZSIM_DATA", "/nowhere"}}).err,
             contains("no such directory: /nowhere/mnist"));
  CHECK_THAT(refused(Sandbox(), kHere).err, contains("no such directory: set"));
}

TEST_CASE("a missing data file is named with what belongs there") {
  const Sandbox sandbox;
  write_set(sandbox, "set");
  fs::remove(sandbox.path() / "set/t10k-labels-idx1-ubyte");
  CHECK(
      refused(sandbox, kHere).err ==
      "error: set/t10k-labels-idx1-ubyte.gz: no such file; put MNIST's file there, or without .gz "
      "if it is not compressed\n");
}

TEST_CASE("data files are found in the directory given or below BYZSIM_DATA, with the same bits") {
  const Sandbox sandbox;
  write_set(sandbox, "set");
  write_set(sandbox, "sets/mnist");
  const Outcome given = sandbox.byzsim({"run", "-", "--json", "--out", "1"}, kHere);
  const Outcome found = sandbox.byzsim({"run", "-", "--json", "--out", "2"}, kMnist,
                                       {{"BYZSIM_DATA", (sandbox.path() / "sets").string()}});
  REQUIRE(given.exit_code == 0);
  REQUIRE(found.exit_code == 0);
  CHECK(Json::parse(given.out)["digest"] == Json::parse(found.out)["digest"]);
}

TEST_CASE("a data file that is cut short says what is promised and what is there") {
  const Sandbox sandbox;
  write_set(sandbox, "set");
  sandbox.write("set/train-images-idx3-ubyte", images(20).substr(0, 50));
  CHECK(refused(sandbox, kHere).err ==
        "error: set/train-images-idx3-ubyte: file is truncated: expected 96 bytes (20 images of 2 "
        "x 2), found 50; download the file again\n");
}

TEST_CASE("a file with another magic number is no IDX file") {
  const Sandbox sandbox;
  write_set(sandbox, "set");
  sandbox.write("set/t10k-images-idx3-ubyte", big_endian({7, 10, 2, 2}) + std::string(40, 'x'));
  CHECK_THAT(
      refused(sandbox, kHere).err,
      StartsWith("error: set/t10k-images-idx3-ubyte: is not an IDX file of images: its magic "
                 "number is 7, not 2051; "));
}

TEST_CASE("every damaged data file is reported at once") {
  const Sandbox sandbox;
  write_set(sandbox, "set");
  sandbox.write("set/train-labels-idx1-ubyte", images(20));
  sandbox.write("set/t10k-labels-idx1-ubyte", "");
  const std::string errors = refused(sandbox, kHere).err;
  CHECK_THAT(errors, contains("error: set/train-labels-idx1-ubyte: contains images (magic number "
                              "2051) instead of labels (magic number 2049)"));
  CHECK_THAT(errors, contains("error: set/t10k-labels-idx1-ubyte: file is truncated"));
}

TEST_CASE("a label beyond the ten classes is named with its example") {
  const Sandbox sandbox;
  write_set(sandbox, "set");
  sandbox.write("set/train-labels-idx1-ubyte", labels(19).replace(4, 4, big_endian({20})) + '\x0b');
  CHECK_THAT(refused(sandbox, kHere).err,
             StartsWith("error: set/train-labels-idx1-ubyte: label 11 of example 19"));
}

TEST_CASE("more memory than the machine has is refused before the run with the amount") {
  const std::string absurd =
      with_data(R"({"name": "blobs", "parameters": {"dimension": 1000000, "train": 10000000}})");
  const std::string error = refused(Sandbox(), absurd).err;
  // 10^6 features of 4 bytes in each of 10^7 + 10^3 examples are 37256.8 GiB.
  CHECK_THAT(error, StartsWith("error: the run needs about 372"));
  CHECK_THAT(error, contains(" GiB of data") && contains("but the machine has ") &&
                        contains("; use fewer examples, fewer nodes or a smaller model"));
}

TEST_CASE("more messages at once than memory holds are refused before the run") {
  const std::string absurd = R"({"numbers": "none", "dimension": 1, "protocol": "byzsgd",
                                 "servers": {"count": 1000000}, "workers": {"count": 10}})";
  // 150 bytes for each of 10^6 (10^6 + 10) messages are 139699.8 GiB.
  CHECK_THAT(refused(Sandbox(), absurd).err,
             StartsWith("error: the run needs about 139699.8 GiB (messages between 1000000 servers "
                        "and with 10 workers), but the machine has "));
}

}  // namespace byzsim::process::bad_data_test
