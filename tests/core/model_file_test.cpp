// Models in NumPy's files: written as numpy.save would, and only such are read.
#include "core/models/model_file.h"

#include <cmath>
#include <limits>

#include "core/datasets/npy_file.h"
#include "core/exact/random.h"
#include "tests/core/data_files.h"
#include "tests/core/npy_arrays.h"

namespace byzsim::model_file_test {
namespace {

using namespace data_files;
using namespace npy_arrays;

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

const std::string kThree = bytes_of<float>({1, 2, 3});

// What is wrong with a file of these bytes as a model of three parameters.
std::string problem_of(const Bytes& bytes) {
  const TemporaryFolder folder;
  const std::string path = folder.file("model.npy");
  write_plain(path, bytes);
  const Issues issues = issues_of([&] { read_model_file(path, 3, "mlp"); });
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].where == path);
  CHECK_FALSE(issues[0].remedy.empty());
  return issues[0].problem;
}

std::vector<float> read_back(const Bytes& bytes, std::size_t dimension) {
  const TemporaryFolder folder;
  write_plain(folder.file("model.npy"), bytes);
  return read_model_file(folder.file("model.npy"), dimension, "mlp");
}

}  // namespace

TEST_CASE("a vector is written as numpy.save writes it") {
  const std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }";
  const std::string padded = header + std::string(117 - header.size(), ' ') + "\n";
  CHECK(npy_of(std::vector<float>{1, 2, 3}) == with_header(padded, kThree));
}

TEST_CASE("the elements of a written vector begin at a multiple of 64 bytes") {
  for (const std::size_t size : {0, 1, 9, 10, 999'999, 1'000'000}) {
    const std::string bytes = npy_of(std::vector<float>(size, 1));
    CHECK((bytes.size() - 4 * size) % 64 == 0);
    CHECK(bytes[bytes.size() - 4 * size - 1] == '\n');
  }
}

TEST_CASE("a model that was written reads back to the bit") {
  const std::vector<float> values = {0, -0.0F, 1e-45F, -3.4e38F, 0.1F};
  const std::vector<float> read = read_back(npy_of(values), values.size());
  CHECK(bytes_of(read) == bytes_of(values));
}

TEST_CASE("every NaN is written as the same one") {
  CHECK(npy_of(std::vector<float>{-kNan}) == npy_of(std::vector<float>{kNan}));
}

TEST_CASE("a model is read whatever the version of its format, gzipped or not") {
  CHECK(read_back(array("<f4", "(3,)", kThree, false, 2), 3) == std::vector<float>{1, 2, 3});
  const TemporaryFolder folder;
  write_gzip(folder.file("model.npy.gz"), npy_of(std::vector<float>{1, 2, 3}));
  CHECK(read_model_file(folder.file("model.npy.gz"), 3, "mlp") == std::vector<float>{1, 2, 3});
}

TEST_CASE("a file that is no array is no model") {
  CHECK(problem_of("1,2,3\n") == "is not an array of NumPy: it does not begin with \\x93NUMPY");
  CHECK(problem_of("") == "is not an array of NumPy: it does not begin with \\x93NUMPY");
}

TEST_CASE("a model of other elements than little-endian float32 is refused") {
  const std::string rest = "; a model is of little-endian float32, \"<f4\"";
  CHECK(problem_of(array("<f8", "(3,)", bytes_of<double>({1, 2, 3}))) ==
        "contains elements of type \"<f8\"" + rest);
  CHECK(problem_of(array("<i4", "(3,)", kThree)) == "contains elements of type \"<i4\"" + rest);
  CHECK(problem_of(array(">f4", "(3,)", kThree)) == "contains elements of type \">f4\"" + rest);
  CHECK(problem_of(array("<f2", "(3,)", "abcdef")) == "contains elements of type \"<f2\"" + rest);
}

TEST_CASE("a model in Fortran order is refused") {
  CHECK(problem_of(array("<f4", "(3,)", kThree, true)) ==
        "is in Fortran order; a model is in C order");
}

TEST_CASE("a model of another shape is refused") {
  CHECK(problem_of(array("<f4", "(3, 1)", kThree)) ==
        "has the shape (3, 1); a model has one axis, its parameters");
  CHECK(problem_of(array("<f4", "()", kThree)) ==
        "has the shape (); a model has one axis, its parameters");
}

TEST_CASE("a model of another dimension is refused with both") {
  CHECK(problem_of(array("<f4", "(2,)", bytes_of<float>({1, 2}))) ==
        "contains 2 parameters, but the model mlp has 3");
  CHECK(problem_of(array("<f4", "(0,)", "")) == "contains 0 parameters, but the model mlp has 3");
  CHECK(problem_of(array("<f4", "(4000000000,)", kThree)) ==
        "contains 4000000000 parameters, but the model mlp has 3");
}

TEST_CASE("a model that is cut, or goes on, is refused") {
  const std::string whole = npy_of(std::vector<float>{1, 2, 3});
  CHECK(problem_of(whole.substr(0, whole.size() - 5)) ==
        "file is truncated: expected 140 bytes, found 135");
  CHECK(problem_of(whole.substr(0, 100)) == "file is truncated: expected 128 bytes, found 100");
  CHECK(problem_of(whole + "x") == "file is too long: expected 140 bytes, found more");
}

TEST_CASE("a model with a parameter that is not finite is refused with its place") {
  CHECK(problem_of(npy_of(std::vector<float>{1, kInfinity, 3})) ==
        "parameter 1 (counted from 0) is inf, which is not finite");
  CHECK(problem_of(npy_of(std::vector<float>{1, 2, kNan})) ==
        "parameter 2 (counted from 0) is nan, which is not finite");
}

TEST_CASE("a model file is looked for as it is named, then in the data root") {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.path() / "models");
  write_plain(folder.file("models/a.npy"), "a");
  write_plain(folder.file("b.npy"), "b");
  const std::string root = folder.path().string();
  CHECK(find_model_file(folder.file("b.npy"), "") == folder.file("b.npy"));
  CHECK(find_model_file("a.npy", root) == folder.file("models/a.npy"));
  CHECK(find_model_file("b.npy", root) == folder.file("b.npy"));
  const Issues issues = issues_of([&] { find_model_file("c.npy", root); });
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].where == "/model/start");
  CHECK_THAT(issues[0].problem, Catch::Matchers::StartsWith("no such file: c.npy"));
}

TEST_CASE("a damaged header is refused with a sentence or read as what it says") {
  const std::string whole = npy_of(std::vector<float>{1, 2, 3});
  Stream stream(7, Purpose::dataset, 0, 0);
  for (int i = 0; i < 200; ++i) {
    CAPTURE(i);
    std::string bytes = whole;
    for (std::uint64_t change = stream.below(4) + 1; change > 0; --change)
      bytes[stream.below(128)] = static_cast<char>(stream.below(256));
    if (i % 4 == 0) bytes.resize(stream.below(bytes.size()));
    const TemporaryFolder folder;
    write_plain(folder.file("model.npy"), bytes);
    std::vector<float> read;
    const Issues issues =
        issues_of([&] { read = read_model_file(folder.file("model.npy"), 3, "mlp"); });
    // A blank of the padding may have become another.
    CHECK(issues.size() == (read.empty() ? 1 : 0));
    if (!read.empty()) CHECK(read == std::vector<float>{1, 2, 3});
  }
}

}  // namespace byzsim::model_file_test
