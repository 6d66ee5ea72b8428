#include "core/datasets/npy_file.h"

#include "tests/core/data_files.h"
#include "tests/core/npy_arrays.h"

namespace byzsim::npy_test {
namespace {

using namespace data_files;
using namespace npy_arrays;
using Shape = std::vector<std::size_t>;
using Doubles = std::vector<double>;
using Labels = std::vector<std::int32_t>;

NpyArray<double> read(const std::string& bytes) {
  const TemporaryFolder folder;
  write_plain(folder.file("array.npy"), bytes);
  return read_npy<double>(folder.file("array.npy"));
}

template <class T>
Doubles read_pair(const std::string& descr, const std::vector<T>& values) {
  return read(array(descr, "(2,)", bytes_of(values))).values;
}

std::string pixels(int count) {
  std::vector<std::uint8_t> values;
  for (int i = 0; i < count; ++i) values.push_back(static_cast<std::uint8_t>(i));
  return bytes_of(values);
}

/// Features and labels to train with, and the same to test with.
Dataset read_set(const std::string& features, const std::string& labels,
                 const std::string& task = "classification") {
  const TemporaryFolder folder;
  write_plain(folder.file("x.npy"), features);
  write_plain(folder.file("y.npy"), labels);
  return ask(&DatasetEntry::make, "npy",
             {{"features", folder.file("x.npy")},
              {"labels", folder.file("y.npy")},
              {"test_features", folder.file("x.npy")},
              {"test_labels", folder.file("y.npy")},
              {"task", task}});
}

const std::string kFour = array("<f4", "(4, 2)", bytes_of<float>({0.5f, 1, 2, 3, 4, 5, 6, 7}));
const std::string kFourLabels = array("<i8", "(4,)", bytes_of<std::int64_t>({2, 0, 1, 2}));

}  // namespace

TEST_CASE("floats of NumPy are read with their bits") {
  CHECK(read_pair<float>("<f4", {0.1f, -3}) == Doubles{double(0.1f), -3});
  CHECK(read_pair<double>("<f8", {0.1, 1e300}) == Doubles{0.1, 1e300});
}

TEST_CASE("integers of NumPy are read in every width") {
  CHECK(read_pair<std::int8_t>("|i1", {-128, 127}) == Doubles{-128, 127});
  CHECK(read_pair<std::int16_t>("<i2", {-300, 300}) == Doubles{-300, 300});
  CHECK(read_pair<std::int32_t>("<i4", {-70000, 70000}) == Doubles{-70000, 70000});
  CHECK(read_pair<std::int64_t>("<i8", {-5000000000, 7}) == Doubles{-5000000000, 7});
  CHECK(read_pair<std::uint8_t>("|u1", {0, 255}) == Doubles{0, 255});
  CHECK(read_pair<std::uint16_t>("<u2", {0, 65535}) == Doubles{0, 65535});
  CHECK(read_pair<std::uint32_t>("<u4", {0, 4294967295}) == Doubles{0, 4294967295});
  CHECK(read_pair<std::uint64_t>("<u8", {1, 18446744073709551615u}) ==
        Doubles{1, 18446744073709551616.0});
  CHECK(read_pair<std::uint8_t>("|b1", {0, 1}) == Doubles{0, 1});
}

TEST_CASE("arrays of a big-endian machine are read") {
  CHECK(read(array(">i2", "(2,)", std::string("\x01\x02\xff\xfe", 4))).values ==
        Doubles{0x0102, -2});
  CHECK(read(array(">f4", "(1,)", std::string("\x3f\xc0\x00\x00", 4))).values == Doubles{1.5});
}

TEST_CASE("all three format versions of NumPy are read") {
  for (const int version : {1, 2, 3}) {
    CAPTURE(version);
    CHECK(read(array("|u1", "(3,)", pixels(3), false, version)).values == Doubles{0, 1, 2});
  }
}

TEST_CASE("an array in Fortran order becomes one in C order") {
  // numpy.asfortranarray([[0, 2, 4], [1, 3, 5]]) stores its columns one after the other.
  const NpyArray<double> matrix = read(array("|u1", "(2, 3)", pixels(6), true));
  CHECK(matrix.shape == Shape{2, 3});
  CHECK(matrix.values == Doubles{0, 2, 4, 1, 3, 5});
}

TEST_CASE("an array of three axes in Fortran order becomes one in C order") {
  // Element (i, j, k) of shape (2, 2, 2) is i + 2 j + 4 k.
  CHECK(read(array("|u1", "(2, 2, 2)", pixels(8), true)).values == Doubles{0, 4, 2, 6, 1, 5, 3, 7});
}

TEST_CASE("a header of NumPy may have its keys in any order and without a last comma") {
  CHECK(read(with_header("{\"shape\":(2L,),'descr':'|u1',  'fortran_order':False}", pixels(2)))
            .values == Doubles{0, 1});
}

TEST_CASE("a gzipped array is read") {
  const TemporaryFolder folder;
  write_gzip(folder.file("array.npy.gz"), array("|u1", "(2,)", pixels(2)));
  CHECK(read_npy<float>(folder.file("array.npy.gz")).values == std::vector<float>{0, 1});
}

TEST_CASE("arrays of features and labels become a data set") {
  const Dataset set = read_set(kFour, kFourLabels);
  CHECK(set.features == 2);
  CHECK(set.classes == 3);
  CHECK(set.train.features == std::vector<float>{0.5f, 1, 2, 3, 4, 5, 6, 7});
  CHECK(set.test.labels == Labels{2, 0, 1, 2});
  CHECK(set.image == ImageShape{});
}

TEST_CASE("an array of one axis holds one feature an example") {
  CHECK(read_set(array("<f4", "(2,)", bytes_of<float>({3, 4})), array("|u1", "(2, 1)", pixels(2)))
            .features == 1);
}

TEST_CASE("arrays of three and four axes are images") {
  const std::string labels = array("|u1", "(2,)", pixels(2));
  CHECK(read_set(array("|u1", "(2, 2, 3)", pixels(12)), labels).image == ImageShape{1, 2, 3});
  CHECK(read_set(array("|u1", "(2, 3, 2, 1)", pixels(12)), labels).image == ImageShape{3, 2, 1});
  CHECK(read_set(array("|u1", "(2, 2, 3)", pixels(12)), labels).features == 6);
}

TEST_CASE("labels of NumPy that are whole floats are classes") {
  CHECK(read_set(kFour, array("<f8", "(4,)", bytes_of<double>({1, 0, 0, 1}))).train.labels ==
        Labels{1, 0, 0, 1});
}

TEST_CASE("labels of NumPy are real targets of a regression") {
  const Dataset set =
      read_set(kFour, array("<f8", "(4,)", bytes_of<double>({1, -0.5, 0, 1e3})), "regression");
  CHECK(set.classes == 0);
  CHECK(set.train.targets == std::vector<float>{1, -0.5f, 0, 1000});
}

TEST_CASE("arrays without a test part are split and found by name in the data root") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "npy");
  write_plain(folder.file("npy/x.npy"), kFour);
  write_plain(folder.file("npy/y.npy"), kFourLabels);
  const Dataset set = ask(&DatasetEntry::make, "npy",
                          {{"features", "x.npy"}, {"labels", "y.npy"}, {"test_fraction", 0.25}},
                          {.data_root = folder.path().string(), .threads = 2});
  CHECK(set.train.count() == 3);
  CHECK(set.test.count() == 1);
}

}  // namespace byzsim::npy_test
