#include <algorithm>

#include "core/exact/digest.h"
#include "tests/core/data_files.h"

namespace byzsim::libsvm_test {
namespace {

using namespace data_files;
namespace fs = std::filesystem;
using Labels = std::vector<std::int32_t>;

const std::string kTrain = "+1 1:0.5 3:2 \n-1 2:-1\n-1 \n+1 3:4";
const std::string kTest = "-1 1:8\n+1\n";

// Reads a training and a test file with these texts.
Dataset read_pair(const std::string& train, const std::string& test, std::int64_t features = 0) {
  const TemporaryFolder folder;
  write_plain(folder.file("train"), train);
  write_plain(folder.file("test"), test);
  return ask(
      &DatasetEntry::make, "libsvm",
      {{"file", folder.file("train")}, {"test_file", folder.file("test")}, {"features", features}});
}

// Ten examples: label i % 2, feature 1 = i + 1.
std::string ten_rows() {
  std::string text;
  for (int i = 0; i < 10; ++i) text += std::to_string(i % 2) + " 1:" + std::to_string(i + 1) + "\n";
  return text;
}

Dataset read_split(const std::string& text, double fraction, std::uint64_t seed = 1) {
  const TemporaryFolder folder;
  write_plain(folder.file("train"), text);
  return ask(&DatasetEntry::make, "libsvm",
             {{"file", folder.file("train")}, {"test_fraction", fraction}}, {.seed = seed});
}

Dataset read_real(const std::string& root, const std::string& file, const std::string& test = "") {
  return ask(&DatasetEntry::make, "libsvm", {{"file", file}, {"test_file", test}},
             {.data_root = root, .threads = 2});
}

std::vector<int> all_counts(const Dataset& set) {
  std::vector<int> counts = class_counts(set.train, set.classes);
  const std::vector<int> test = class_counts(set.test, set.classes);
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += test[i];
  return counts;
}

std::size_t empty_rows(const Dataset& set) {
  std::size_t empty = 0;
  for (const Examples* part : {&set.train, &set.test})
    for (std::size_t i = 0; i < part->count(); ++i) {
      std::vector<float> row(set.features);
      part->features.copy(i * set.features, row);
      empty += std::all_of(row.begin(), row.end(), [](float x) { return x == 0; }) ? 1 : 0;
    }
  return empty;
}

}  // namespace

TEST_CASE("LIBSVM rows become dense rows, those without a feature too") {
  const Dataset set = read_pair(kTrain, kTest);
  CHECK(set.features == 3);
  CHECK(set.train.features == std::vector<float>{0.5f, 0, 2, 0, -1, 0, 0, 0, 0, 0, 0, 4});
  CHECK(set.test.features == std::vector<float>{8, 0, 0, 0, 0, 0});
  CHECK(set.train.targets.empty());
}

TEST_CASE("LIBSVM labels become classes in ascending order") {
  CHECK(read_pair(kTrain, kTest).train.labels == Labels{1, 0, 0, 1});
  CHECK(read_pair("2 1:1\n1 1:1\n", "2 1:1\n").train.labels == Labels{1, 0});
  CHECK(read_pair("10 1:1\n9 1:1\n-3 1:1", "9").train.labels == Labels{2, 1, 0});
  CHECK(read_pair("10 1:1\n9 1:1\n-3 1:1", "9").classes == 3);
}

TEST_CASE("LIBSVM test labels get the classes of the training file") {
  CHECK(read_pair(kTrain, "+1 1:1").test.labels == Labels{1});
}

TEST_CASE("spellings of one LIBSVM label are one class") {
  CHECK(read_pair("1 1:1\n+1 1:1\n1.0 1:1\n1e0 1:1\n0 1:1", "1").train.labels ==
        Labels{1, 1, 1, 1, 0});
}

TEST_CASE("tabs and carriage returns between LIBSVM values do not matter") {
  CHECK(digest_of(read_pair("+1\t1:0.5  3:2\r\n-1 2:-1 \r\n-1\r\n+1 3:4\r\n", kTest)) ==
        digest_of(read_pair(kTrain, kTest)));
}

TEST_CASE("a LIBSVM value may carry a sign and an exponent") {
  CHECK(read_pair("1 1:+1.5e-1 2:-2E2\n0\n", "1").train.features ==
        std::vector<float>{0.15f, -200, 0, 0});
}

TEST_CASE("comments in LIBSVM files and a byte order mark do not matter") {
  CHECK(digest_of(read_pair("\xef\xbb\xbf# made by hand, at home: 1 2:3\n+1 1:0.5 3:2 # first\n"
                            "-1 2:-1#second\n  # between\n-1\n+1 3:4\n",
                            kTest)) == digest_of(read_pair(kTrain, kTest)));
}

TEST_CASE("LIBSVM features count from 0 where an index 0 occurs in either file") {
  const Dataset in_train = read_pair("1 0:5 2:6\n0\n", "1 1:7\n");
  CHECK(in_train.features == 3);
  CHECK(in_train.train.features == std::vector<float>{5, 0, 6, 0, 0, 0});
  CHECK(in_train.test.features == std::vector<float>{0, 7, 0});
  CHECK(read_pair("1 2:6\n0\n", "1 0:7\n").train.features == std::vector<float>{0, 0, 6, 0, 0, 0});
}

TEST_CASE("LIBSVM features count from the index base given") {
  const auto features = [](std::int64_t base) {
    const TemporaryFolder folder;
    write_plain(folder.file("set"), "1 1:5\n0 2:6\n");
    return ask(&DatasetEntry::make, "libsvm",
               {{"file", folder.file("set")},
                {"test_file", folder.file("set")},
                {"index_base", base}})
        .train.features.values();
  };
  CHECK(features(0) == std::vector<float>{0, 5, 0, 0, 0, 6});
  CHECK(features(1) == std::vector<float>{5, 0, 0, 6});
}

TEST_CASE("the dimension of a LIBSVM set is the largest index of both files") {
  CHECK(read_pair("1 2:1\n0\n", "1 5:1").features == 5);
  CHECK(read_pair("1 7:1\n0\n", "1 5:1").features == 7);
}

TEST_CASE("a LIBSVM set may be given more features than it uses") {
  const Dataset set = read_pair("1 2:1\n0\n", "1 1:1", 4);
  CHECK(set.features == 4);
  CHECK(set.train.features == std::vector<float>{0, 1, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("a LIBSVM file without a test file is split by the seed") {
  const Dataset set = read_split(ten_rows(), 0.3);
  CHECK(set.test.features == std::vector<float>{1, 7, 10});
  CHECK(set.test.labels == Labels{0, 0, 1});
  CHECK(set.train.features.size() == 7);
  CHECK(read_split(ten_rows(), 0.3).test.features == set.test.features);
  CHECK(read_split(ten_rows(), 0.3, 2).test.features != set.test.features);
}

TEST_CASE("the parts of a split LIBSVM file hold each example once, in the file's order") {
  const Dataset set = read_split(ten_rows(), 0.4);
  const std::vector<float> train = set.train.features.values(), test = set.test.features.values();
  CHECK(std::is_sorted(train.begin(), train.end()));
  CHECK(std::is_sorted(test.begin(), test.end()));
  std::vector<float> all = train;
  all.insert(all.end(), test.begin(), test.end());
  std::sort(all.begin(), all.end());
  CHECK(all == std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
}

TEST_CASE("a fraction of a LIBSVM file is taken to the nearest example") {
  CHECK(read_split(ten_rows(), 0.25).test.count() == 3);
  CHECK(read_split(ten_rows(), 0.24).test.count() == 2);
  CHECK(read_split(ten_rows(), 0.9).train.count() == 1);
}

TEST_CASE("the size of a LIBSVM set is known from its files") {
  const TemporaryFolder folder;
  write_plain(folder.file("train"), ten_rows());
  const DatasetSize size = ask(&DatasetEntry::size, "libsvm", {{"file", folder.file("train")}});
  CHECK(size.features == 1);
  CHECK(size.classes == 2);
  CHECK(size.train == 8);
  CHECK(size.test == 2);
  CHECK(size.image == ImageShape{});
}

TEST_CASE("a LIBSVM set has the same bits gzipped and with 3 threads") {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 100; ++i) text += ten_rows();
  write_plain(folder.file("plain"), text);
  write_gzip(folder.file("zipped.gz"), text);
  const auto digest = [&](const std::string& name, int threads) {
    return digest_of(
        ask(&DatasetEntry::make, "libsvm", {{"file", folder.file(name)}}, {.threads = threads}));
  };
  CHECK(digest("zipped.gz", 3) == digest("plain", 1));
  CHECK(digest("zipped", 2) == digest("plain", 1));  // .gz may be left out
}

TEST_CASE("a LIBSVM file is found by name in the data root") {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "libsvm");
  write_gzip(folder.file("libsvm/ten.gz"), ten_rows());
  write_plain(folder.file("libsvm/ten.t"), "1 1:1\n");
  for (const char* name : {"ten", "ten.gz"}) {
    const Dataset set = read_real(folder.path().string(), name, "ten.t");
    CHECK(set.train.count() == 10);
    CHECK(set.test.count() == 1);
  }
}

TEST_CASE("the real LIBSVM sets have their known counts") {
  const std::string root = real_data_root();
  if (root.empty()) return;
  const Dataset a9a = read_real(root, "a9a", "a9a.t");
  CHECK(a9a.features == 123);
  CHECK(class_counts(a9a.train, 2) == std::vector<int>{24720, 7841});
  CHECK(class_counts(a9a.test, 2) == std::vector<int>{12435, 3846});
  const Dataset phishing = read_real(root, "phishing");
  CHECK(phishing.features == 68);
  CHECK(phishing.train.count() == 8844);
  CHECK(all_counts(phishing) == std::vector<int>{4898, 6157});
  const Dataset mushrooms = read_real(root, "mushrooms.gz");
  CHECK(mushrooms.features == 112);
  CHECK(all_counts(mushrooms) == std::vector<int>{3916, 4208});
  const Dataset w8a = read_real(root, "w8a");
  CHECK(w8a.features == 300);
  CHECK(all_counts(w8a) == std::vector<int>{48270, 1479});
  CHECK(empty_rows(w8a) == 4203);
}

}  // namespace byzsim::libsvm_test
