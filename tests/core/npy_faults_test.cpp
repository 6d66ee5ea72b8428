// What is wrong with NumPy's files is reported, and never takes more memory than their bytes.
#include "core/datasets/npy_file.h"

#include <limits>

#include "tests/core/data_files.h"
#include "tests/core/npy_arrays.h"

namespace byzsim::npy_faults_test {
namespace {

using namespace data_files;
using namespace npy_arrays;
using Catch::Matchers::StartsWith;

std::string problem_of(const std::string& bytes) {
  const TemporaryFolder folder;
  const std::string path = folder.file("array.npy");
  write_plain(path, bytes);
  const Issues issues = issues_of([&] { read_npy<float>(path); });
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].where == path);
  CHECK_FALSE(issues[0].remedy.empty());
  return issues[0].problem;
}

std::string problem_of_header(const std::string& header) {
  return problem_of(with_header(header, "ab"));
}

Issues issues_of_set(const std::string& features, const std::string& labels) {
  const TemporaryFolder folder;
  write_plain(folder.file("x"), features);
  write_plain(folder.file("y"), labels);
  const Settings settings = {{"features", folder.file("x")}, {"labels", folder.file("y")}};
  Issues issues = issues_of([&] { ask(&DatasetEntry::make, "npy", settings); });
  CHECK(issues == issues_of([&] { ask(&DatasetEntry::size, "npy", settings); }));
  for (Issue& issue : issues)
    if (issue.where.starts_with(folder.path().string()))
      issue.where.erase(0, folder.path().string().size() + 1);
  return issues;
}

const std::string kTwo = array("|u1", "(2, 1)", "ab");
const std::string kTwoLabels = array("|u1", "(2,)", std::string("\x00\x01", 2));
const std::string kNotNumPy = "has a header that is not as NumPy writes it";

}  // namespace

TEST_CASE("a file that is no array of NumPy is refused") {
  CHECK_THAT(problem_of(""), StartsWith("is not an array of NumPy"));
  CHECK_THAT(problem_of("1,2,3\n4,5,6\n"), StartsWith("is not an array of NumPy"));
  CHECK(problem_of("PK\x03\x04 and so on") == "is an archive of arrays (.npz)");
}

TEST_CASE("an array of NumPy that is cut is refused wherever it is cut") {
  const std::string whole = array("<f4", "(2, 2)", bytes_of<float>({1, 2, 3, 4}));
  for (std::size_t size = 6; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_THAT(problem_of(whole.substr(0, size)), StartsWith("file is truncated: "));
  }
  CHECK(problem_of(whole.substr(0, whole.size() - 3)) ==
        "file is truncated: expected " + std::to_string(whole.size()) + " bytes, found " +
            std::to_string(whole.size() - 3));
}

TEST_CASE("a gzipped array whose contents are cut is refused with both lengths") {
  const TemporaryFolder folder;
  const std::string whole = array("|u1", "(4,)", "abcd"), path = folder.file("array.gz");
  write_gzip(path, whole.substr(0, whole.size() - 1));
  const Issues issues = issues_of([&] { read_npy<float>(path); });
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].problem == "file is truncated: expected " + std::to_string(whole.size()) +
                                 " bytes, found " + std::to_string(whole.size() - 1));
}

TEST_CASE("bytes after the elements of an array are refused") {
  CHECK_THAT(problem_of(array("|u1", "(2,)", "abc")), StartsWith("file is too long: expected "));
}

TEST_CASE("another format version of NumPy is refused") {
  CHECK(problem_of(array("|u1", "(2,)", "ab", false, 4)) ==
        "has format version 4.0; 1.0, 2.0 and 3.0 are read");
}

TEST_CASE("a header of NumPy that claims to be huge is refused before memory is taken") {
  CHECK(problem_of(std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff", 12) + "{}") ==
        "has a header of 4294967295 bytes; at most 65536 are read");
}

TEST_CASE("an array of NumPy of more elements than its file can hold is refused") {
  CHECK_THAT(problem_of(array("<f8", "(1000000000000,)", "ab")), StartsWith("file is truncated"));
  // 2^32 * 2^32 elements are 0 in 64 bits.
  CHECK_THAT(
      problem_of(array("<f8", "(4294967296, 4294967296)", "ab")),
      StartsWith(
          "file is truncated: expected elements of the shape (4294967296, 4294967296), found at "
          "most "));
}

TEST_CASE("a header that NumPy would not write is refused") {
  CHECK(problem_of_header("") == kNotNumPy);
  CHECK(problem_of_header("{") == kNotNumPy);
  CHECK(problem_of_header("{'descr': '|u1'}") == kNotNumPy);
  CHECK(problem_of_header("{'descr': '|u1, 'fortran_order': False, 'shape': (2,)}") == kNotNumPy);
  CHECK(problem_of_header("{'descr': '|u1', 'fortran_order': 0, 'shape': (2,)}") == kNotNumPy);
  CHECK(problem_of_header("{'descr': '|u1', 'fortran_order': False, 'shape': (-2,)}") == kNotNumPy);
  CHECK(problem_of_header("{'descr': '|u1', 'fortran_order': False, 'shape': (2 3)}") == kNotNumPy);
  CHECK(problem_of_header("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), 'x': 1}") ==
        kNotNumPy);
  CHECK(problem_of_header("{'descr': '|u1', 'fortran_order': False, 'shape': (2,)} x") ==
        kNotNumPy);
  CHECK(problem_of_header("{'descr': '|u1', 'fortran_order': False, "
                          "'shape': (99999999999999999999,)}") == kNotNumPy);
}

TEST_CASE("elements that are no plain numbers are refused with their type") {
  CHECK(problem_of(array("<f2", "(1,)", "ab")) == "contains elements of type \"<f2\"");
  CHECK(problem_of(array("<c8", "(1,)", "ab")) == "contains elements of type \"<c8\"");
  CHECK(problem_of(array("|O", "(1,)", "ab")) == "contains elements of type \"|O\"");
  CHECK(problem_of(array("<U3", "(1,)", "ab")) == "contains elements of type \"<U3\"");
  CHECK(problem_of(array("f4", "(1,)", "ab")) == "contains elements of type \"f4\"");
  CHECK(problem_of(array("<", "(1,)", "ab")) == "contains elements of type \"<\"");
  CHECK(problem_of_header("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}") ==
        "contains records, not numbers");
}

TEST_CASE("an array without elements or axes is refused") {
  CHECK(problem_of(array("|u1", "(0, 3)", "")) == "contains no elements");
  CHECK(problem_of(array("|u1", "()", "a")) == "contains a single number, not an array");
}

TEST_CASE("features of NumPy that are not finite are refused with their row") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Issues issues =
      issues_of_set(array("<f4", "(2, 2)", bytes_of<float>({1, 2, 3, nan})), kTwoLabels);
  REQUIRE(issues.size() == 1);
  CHECK(to_string(issues[0]) ==
        "x[1]: value nan of feature 1 (counted from 0) is not a finite number; write a finite "
        "number of float32, or leave the example out");
}

TEST_CASE("of many faulty rows of an array ten are listed and the others counted") {
  const Issues issues =
      issues_of_set(array("<f8", "(100, 1)", bytes_of(std::vector<double>(100, 1e300))),
                    array("|u1", "(100,)", std::string(100, '\1')));
  REQUIRE(issues.size() == 11);
  CHECK(issues[10].problem == "90 more faulty rows");
}

TEST_CASE("labels of NumPy that are no classes are refused with their row") {
  const Issues issues = issues_of_set(kTwo, array("<i4", "(2,)", bytes_of<std::int32_t>({1, -1})));
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].where == "y[1]");
  CHECK(issues[0].problem == "label -1 is negative: classes count from 0");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Issues of_nan = issues_of_set(kTwo, array("<f8", "(2,)", bytes_of<double>({1, nan})));
  REQUIRE(of_nan.size() == 1);
  CHECK(of_nan[0].problem == "label nan is not an integer");
}

TEST_CASE("another count of labels than of examples is refused for arrays") {
  const Issues issues = issues_of_set(kTwo, array("|u1", "(3,)", "\1\1\1"));
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].where == "y");
  CHECK_THAT(issues[0].problem, StartsWith("contains 3 labels for the 2 examples of "));
}

TEST_CASE("one-hot labels are refused with how to make classes of them") {
  const Issues issues = issues_of_set(kTwo, array("|u1", "(2, 2)", "\1\1\1\1"));
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].problem == "contains 2 labels for each of 2 examples");
  CHECK_THAT(issues[0].remedy, ContainsSubstring("labels.argmax(axis=1)"));
}

TEST_CASE("features of five axes are refused") {
  const Issues issues = issues_of_set(array("|u1", "(2, 1, 1, 1, 1)", "ab"), kTwoLabels);
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].problem == "has 5 axes");
}

TEST_CASE("an npy set names all files that are missing") {
  const Issues issues = issues_of([] {
    ask(&DatasetEntry::make, "npy", {{"features", "no-such.npy"}});
  });
  REQUIRE(issues.size() == 2);
  CHECK(issues[0].where == "/data/parameters/features");
  CHECK(issues[0].problem ==
        "no such file: no-such.npy, neither beside the scenario nor in the working directory " +
            std::filesystem::current_path().string());
  CHECK(issues[1].where == "/data/parameters/labels");
  CHECK(issues[1].problem == "no file is given");
}

}  // namespace byzsim::npy_faults_test
