#include <algorithm>

#include "core/exact/digest.h"
#include "tests/core/data_files.h"

namespace byzsim::cifar10_test {
namespace {

using namespace data_files;
namespace fs = std::filesystem;
using Catch::Matchers::StartsWith;

// A record whose red, green and blue values are all the same.
Bytes record(int label, int red = 0, int green = 0, int blue = 0) {
  Bytes bytes(1, static_cast<char>(label));
  for (const int value : {red, green, blue}) bytes += Bytes(1024, static_cast<char>(value));
  return bytes;
}

void write_good_set(const TemporaryFolder& folder) {
  write_gzip(folder.file("data_batch_1.bin.gz"), record(3, 0, 51, 255) + record(9));
  write_gzip(folder.file("data_batch_2.bin.gz"), record(0, 1));
  write_gzip(folder.file("test_batch.bin.gz"), record(7));
}

Settings settings_of(const TemporaryFolder& folder, std::int64_t train = 0, std::int64_t test = 0) {
  return {{"directory", folder.path().string()}, {"train", train}, {"test", test}};
}

Dataset read_set(const TemporaryFolder& folder, std::int64_t train = 0, std::int64_t test = 0,
                 int threads = 1) {
  return ask(&DatasetEntry::make, "cifar10", settings_of(folder, train, test),
             {.threads = threads});
}

DatasetSize size_of(const TemporaryFolder& folder, std::int64_t train = 0) {
  return ask(&DatasetEntry::size, "cifar10", settings_of(folder, train));
}

// The problem of a set whose only fault is in this plain file.
std::string problem_of(const std::string& name, const Bytes& bytes) {
  const TemporaryFolder folder;
  write_good_set(folder);
  fs::remove(folder.file(name + ".gz"));
  write_plain(folder.file(name), bytes);
  const Issues issues = issues_of([&] { read_set(folder); });
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].where == folder.file(name));
  CHECK_FALSE(issues[0].remedy.empty());
  return issues[0].problem;
}

}  // namespace

TEST_CASE("CIFAR-10 batches are read one after the other") {
  const TemporaryFolder folder;
  write_good_set(folder);
  const Dataset set = read_set(folder);
  CHECK(set.features == 3072);
  CHECK(set.classes == 10);
  CHECK(set.image == ImageShape{3, 32, 32});
  CHECK(set.train.labels == std::vector<std::int32_t>{3, 9, 0});
  CHECK(set.train.targets.empty());
  CHECK(set.test.labels == std::vector<std::int32_t>{7});
  CHECK(set.test.features.size() == 3072);
}

TEST_CASE("CIFAR-10 colours become three planes between 0 and 1") {
  const TemporaryFolder folder;
  write_good_set(folder);
  const std::vector<float> features = read_set(folder).train.features.values();
  REQUIRE(features.size() == 3 * 3072);
  CHECK(std::count(features.begin(), features.begin() + 1024, 0.0f) == 1024);
  CHECK(std::count(features.begin() + 1024, features.begin() + 2048, 0.2f) == 1024);
  CHECK(std::count(features.begin() + 2048, features.begin() + 3072, 1.0f) == 1024);
  CHECK(features[2 * 3072] == 1.0f / 255.0f);
}

TEST_CASE("plain CIFAR-10 files are read as gzipped ones") {
  const TemporaryFolder folder;
  write_good_set(folder);
  const std::uint64_t gzipped = digest_of(read_set(folder));
  fs::remove(folder.file("data_batch_2.bin.gz"));
  write_plain(folder.file("data_batch_2.bin"), record(0, 1));
  CHECK(digest_of(read_set(folder, 0, 0, 3)) == gzipped);
}

TEST_CASE("a CIFAR-10 batch in the middle may be missing") {
  const TemporaryFolder folder;
  write_good_set(folder);
  write_gzip(folder.file("data_batch_5.bin.gz"), record(5));
  fs::remove(folder.file("data_batch_1.bin.gz"));
  CHECK(read_set(folder).train.labels == std::vector<std::int32_t>{0, 5});
}

TEST_CASE("the first CIFAR-10 examples asked for are used across batches") {
  const TemporaryFolder folder;
  write_good_set(folder);
  CHECK(read_set(folder, 1).train.labels == std::vector<std::int32_t>{3});
  CHECK(read_set(folder, 3).train.labels == std::vector<std::int32_t>{3, 9, 0});
  CHECK(read_set(folder, 1).train.features.size() == 3072);
}

TEST_CASE("the size of CIFAR-10 is that of its files") {
  const TemporaryFolder folder;
  write_good_set(folder);
  const DatasetSize size = size_of(folder);
  CHECK(size.features == 3072);
  CHECK(size.classes == 10);
  CHECK(size.train == 3);
  CHECK(size.test == 1);
  CHECK(size.image == ImageShape{3, 32, 32});
  CHECK(size.bytes() == 4 * (3072 + 4));  // a byte a value and four a label
  CHECK(size_of(folder, 2).train == 2);
}

TEST_CASE("asking for more examples than CIFAR-10's files hold is refused at the parameters") {
  const TemporaryFolder folder;
  write_good_set(folder);
  const Issues issues = issues_of([&] { read_set(folder, 4, 2); });
  REQUIRE(issues.size() == 2);
  CHECK(
      to_string(issues[0]) ==
      "/data/parameters/train: 4 examples are requested, but there are 3; use at most 3, or 0 for "
      "all");
  CHECK(issues[1].where == "/data/parameters/test");
}

TEST_CASE("without a folder CIFAR-10 says how to give one") {
  const Issues issues = issues_of([] { ask(&DatasetEntry::make, "cifar10", {}); });
  REQUIRE(issues.size() == 1);
  CHECK(
      to_string(issues[0]) ==
      "/data/parameters/directory: no directory is given for the files of CIFAR-10; set it, or set "
      "the environment variable BYZSIM_DATA to the directory that contains cifar10/ with "
      "data_batch_1.bin to data_batch_5.bin and test_batch.bin of CIFAR-10");
}

TEST_CASE("missing CIFAR-10 files are reported together") {
  const TemporaryFolder folder;
  const Issues issues = issues_of([&] { read_set(folder); });
  REQUIRE(issues.size() == 2);
  CHECK(to_string(issues[0]) ==
        folder.file("data_batch_1.bin.gz") +
            ": no such file, nor data_batch_2 to 5; put CIFAR-10's file there, or without .gz "
            "if it is not compressed");
  CHECK(issues[1].where == folder.file("test_batch.bin.gz"));
  CHECK(issues[1].problem == "no such file");
}

TEST_CASE("faults in several CIFAR-10 files are reported together, in the set's order") {
  const TemporaryFolder folder;
  write_good_set(folder);
  write_gzip(folder.file("data_batch_1.bin.gz"), record(1) + record(10));
  write_gzip(folder.file("data_batch_4.bin.gz"), record(1) + "xyz");
  fs::remove(folder.file("test_batch.bin.gz"));
  for (const int threads : {1, 3}) {
    const Issues issues = issues_of([&] { read_set(folder, 0, 0, threads); });
    REQUIRE(issues.size() == 3);
    CHECK(issues[0].problem == "label 10 of record 1 (counted from 0) is not in [0, 9]");
    CHECK(issues[1].where == folder.file("data_batch_4.bin.gz"));
    CHECK(issues[2].where == folder.file("test_batch.bin.gz"));
  }
}

TEST_CASE("the size of CIFAR-10 is refused with the faults that reading it has") {
  const TemporaryFolder folder;
  write_good_set(folder);
  write_gzip(folder.file("data_batch_1.bin.gz"), record(200));
  const Issues issues = issues_of([&] { size_of(folder); });
  CHECK_FALSE(issues.empty());
  CHECK(issues == issues_of([&] { read_set(folder); }));
}

TEST_CASE("a CIFAR-10 label above 9 is refused with its place and the usual cause") {
  CHECK(problem_of("test_batch.bin", record(9) + record(255)) ==
        "label 255 of record 1 (counted from 0) is not in [0, 9]");
}

TEST_CASE("a CIFAR-10 file that ends within a record is refused") {
  CHECK(problem_of("data_batch_1.bin", record(1) + record(2).substr(0, 3072)) ==
        "file is truncated: expected 3073 bytes in record 1 (counted from 0), found 3072");
}

TEST_CASE("a CIFAR-10 file longer than one reading is cut at the right record") {
  Bytes bytes;
  for (int i = 0; i < 600; ++i) bytes += record(i % 10);
  CHECK(problem_of("data_batch_1.bin", bytes + "!") ==
        "file is truncated: expected 3073 bytes in record 600 (counted from 0), found 1");
}

TEST_CASE("an empty CIFAR-10 file is refused") {
  CHECK(problem_of("data_batch_2.bin", "") == "contains no records");
}

TEST_CASE("CIFAR-10 gzip that is cut short or damaged is refused") {
  const TemporaryFolder folder;
  write_good_set(folder);
  const std::string cut = folder.file("data_batch_1.bin.gz");
  const std::string damaged = folder.file("test_batch.bin.gz");
  fs::resize_file(cut, fs::file_size(cut) - 3);
  std::fstream file(damaged, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(-8, std::ios::end);  // the checksum
  file.put('?').put('?');
  file.close();
  const Issues issues = issues_of([&] { read_set(folder); });
  REQUIRE(issues.size() == 2);
  CHECK(issues[0].problem == "file is truncated: its gzip data is incomplete");
  CHECK_THAT(issues[1].problem, StartsWith("is damaged gzip data: "));
}

TEST_CASE("the real CIFAR-10 files have their known counts") {
  const std::string root = real_data_root();
  if (root.empty()) return;
  const Dataset set = ask(&DatasetEntry::make, "cifar10", {}, {.data_root = root, .threads = 2});
  const std::vector<int> train = class_counts(set.train, 10);
  CHECK(set.train.count() == 10000);
  CHECK(*std::min_element(train.begin(), train.end()) == 937);
  CHECK(*std::max_element(train.begin(), train.end()) == 1032);
  CHECK(class_counts(set.test, 10) == std::vector<int>(10, 1000));
  CHECK(to_hex(digest_of(set)) == "f86ed1726d06cead");
}

TEST_CASE("the first real CIFAR-10 image is a frog on brown ground") {
  const std::string root = real_data_root();
  if (root.empty()) return;
  const Dataset set =
      ask(&DatasetEntry::make, "cifar10", {{"train", std::int64_t{1}}}, {.data_root = root});
  CHECK(set.train.labels == std::vector<std::int32_t>{6});
  const std::vector<float> values = set.train.features.values();
  CHECK(std::vector<float>{values[0], values[1024], values[2048], values[3071]} ==
        std::vector<float>{59 / 255.0f, 62 / 255.0f, 63 / 255.0f, 72 / 255.0f});
}

}  // namespace byzsim::cifar10_test
