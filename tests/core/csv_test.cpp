#include "core/exact/digest.h"
#include "tests/core/data_files.h"

namespace byzsim::csv_test {
namespace {

using namespace data_files;
using Labels = std::vector<std::int32_t>;

const std::string kTrain = "width,height,kind\n0.5,2,1\n-1,0,0\n3,4e0,2\n";
const std::string kTest = "width,height,kind\n8,9,1\n";

/// Reads a training and a test file with these texts.
Dataset read_pair(const std::string& train, const std::string& test, const Settings& more = {}) {
  const TemporaryFolder folder;
  write_plain(folder.file("train.csv"), train);
  write_plain(folder.file("test.csv"), test);
  Settings settings = {{"file", folder.file("train.csv")}, {"test_file", folder.file("test.csv")}};
  settings.insert(settings.end(), more.begin(), more.end());
  return ask(&DatasetEntry::make, "csv", settings);
}

std::vector<float> features_of(const std::string& train, const Settings& more = {}) {
  return read_pair(train, train, more).train.features.values();
}

}  // namespace

TEST_CASE("columns of a CSV file are features but for the last, the label") {
  const Dataset set = read_pair(kTrain, kTest);
  CHECK(set.features == 2);
  CHECK(set.train.features == std::vector<float>{0.5f, 2, -1, 0, 3, 4});
  CHECK(set.train.labels == Labels{1, 0, 2});
  CHECK(set.test.features == std::vector<float>{8, 9});
  CHECK(set.test.labels == Labels{1});
  CHECK(set.train.targets.empty());
}

TEST_CASE("a CSV set has the classes 0 to the largest training label") {
  CHECK(read_pair(kTrain, kTest).classes == 3);
  CHECK(read_pair("1,0\n1,5\n", "1,3\n").classes == 6);
}

TEST_CASE("the label column of a CSV file is chosen by name or by index") {
  const std::vector<float> without_height = {0.5f, 1, -1, 0, 3, 2};
  CHECK(features_of(kTrain, {{"label", "height"}}) == without_height);
  CHECK(features_of(kTrain, {{"label", std::int64_t{1}}}) == without_height);
  CHECK(features_of(kTrain, {{"label", std::int64_t{-2}}}) == without_height);
}

TEST_CASE("a first line with names over numbers is a CSV header") {
  CHECK(features_of("a,b,c\n1,2,0\n3,4,1\n") == std::vector<float>{1, 2, 3, 4});
  CHECK(features_of("0,1,label\n1,2,0\n3,4,1\n") == std::vector<float>{1, 2, 3, 4});
}

TEST_CASE("a first line of numbers is a CSV example") {
  CHECK(features_of("1,2,0\n3,4,1\n") == std::vector<float>{1, 2, 3, 4});
}

TEST_CASE("a CSV file is read as its parameter header says") {
  CHECK(features_of("0,1,2\n1,2,0\n3,4,1\n", {{"header", "yes"}}) ==
        std::vector<float>{1, 2, 3, 4});
}

TEST_CASE("names over features alone make a CSV header where labels are names") {
  CHECK(features_of("a,b,kind\n1,2,x\n3,4,y\n") == std::vector<float>{1, 2, 3, 4});
}

TEST_CASE("a first CSV line of numbers and a name of a class is an example") {
  CHECK(features_of("1,2,x\n3,4,y\n") == std::vector<float>{1, 2, 3, 4});
  CHECK(read_pair("1,2,x\n3,4,y\n", "5,6,y\n").test.labels == Labels{1});
}

TEST_CASE("a first CSV line with the label column's name is a header") {
  CHECK(features_of("0,1,kind\n1,2,x\n3,4,y\n", {{"label", "kind"}}) ==
        std::vector<float>{1, 2, 3, 4});
}

TEST_CASE("the parameter header decides where CSV labels are names") {
  const std::string text = "0,1,kind\n1,2,x\n3,4,y\n";
  CHECK(read_pair(text, text, {{"header", "yes"}}).classes == 2);
  CHECK(read_pair(text, text, {{"header", "no"}}).classes == 3);
}

TEST_CASE("names of classes in a CSV file count in the order of their bytes") {
  const Dataset set =
      read_pair("1,setosa\n2,Virginica\n3,setosa\n4,versicolor\n", "5,versicolor\n6,setosa\n");
  CHECK(set.classes == 3);
  CHECK(set.train.labels == Labels{1, 0, 1, 2});
  CHECK(set.test.labels == Labels{2, 1});
}

TEST_CASE("CSV names of classes give the set that their numbers give") {
  const Dataset named = read_pair("1,a\n2,c\n3,b\n", "4,c\n");
  CHECK(digest_of(named) == digest_of(read_pair("1,0\n2,2\n3,1\n", "4,2\n")));
}

TEST_CASE("a CSV file with names of classes can be split") {
  const TemporaryFolder folder;
  write_plain(folder.file("set"), "1,a\n2,b\n3,a\n4,b\n");
  const Dataset set =
      ask(&DatasetEntry::make, "csv", {{"file", folder.file("set")}, {"test_fraction", 0.25}});
  CHECK(set.classes == 2);
  CHECK(set.train.count() == 3);
  CHECK(set.test.count() == 1);
}

TEST_CASE("quotes, blanks, blank lines and Windows line ends in CSV do not matter") {
  CHECK(features_of("\"a, b\", \"say \"\"c\"\"\" ,d\r\n\r\n \"1\" ,+2, 0 \r\n3,4,1\r\n\n") ==
        std::vector<float>{1, 2, 3, 4});
}

TEST_CASE("a byte order mark before CSV does not matter") {
  CHECK(features_of("\xef\xbb\xbf"
                    "1,2,0\n3,4,1\n") == std::vector<float>{1, 2, 3, 4});
}

TEST_CASE("the last CSV line need not end in a newline") {
  CHECK(features_of("1,2,0\n3,4,1") == std::vector<float>{1, 2, 3, 4});
}

TEST_CASE("CSV labels of a regression are real targets") {
  const Dataset set = read_pair("1,0.25\n2,-3\n", "4,1e3\n", {{"task", "regression"}});
  CHECK(set.classes == 0);
  CHECK(set.train.targets == std::vector<float>{0.25f, -3});
  CHECK(set.train.labels == Labels{0, 0});
  CHECK(set.test.targets == std::vector<float>{1000});
}

TEST_CASE("a CSV file without a test file is split as a LIBSVM file is") {
  const TemporaryFolder folder;
  std::string csv, libsvm;
  for (int i = 0; i < 10; ++i) {
    const std::string value = std::to_string(i + 1), label = std::to_string(i % 2);
    csv += value + "," + label + "\n";
    libsvm += label + " 1:" + value + "\n";
  }
  write_plain(folder.file("ten.csv"), csv);
  write_plain(folder.file("ten.svm"), libsvm);
  const auto split = [&](const std::string& set, const std::string& file) {
    return ask(&DatasetEntry::make, set, {{"file", folder.file(file)}, {"test_fraction", 0.3}});
  };
  CHECK(split("csv", "ten.csv").test.features == split("libsvm", "ten.svm").test.features);
  CHECK(digest_of(split("csv", "ten.csv")) == digest_of(split("libsvm", "ten.svm")));
}

TEST_CASE("a CSV file is found by name in the data root") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "csv");
  write_gzip(folder.file("csv/own.csv.gz"), kTrain);
  const Dataset set =
      ask(&DatasetEntry::make, "csv", {{"file", "own.csv"}, {"test_file", "csv/own.csv"}},
          {.data_root = folder.path().string()});
  CHECK(set.train.count() == 3);
}

TEST_CASE("the size of a CSV set is known from its files") {
  const TemporaryFolder folder;
  write_plain(folder.file("set"), "1,2,0\n3,4,1\n5,6,2\n7,8,0\n");
  const DatasetSize size =
      ask(&DatasetEntry::size, "csv", {{"file", folder.file("set")}, {"test_fraction", 0.25}});
  CHECK(size.features == 2);
  CHECK(size.classes == 3);
  CHECK(size.train == 3);
  CHECK(size.test == 1);
}

}  // namespace byzsim::csv_test
