#include "core/datasets/idx_file.h"

#include <fstream>
#include <numeric>

#include "tests/core/data_files.h"

namespace byzsim::idx_test {
namespace {

namespace fs = std::filesystem;

using namespace data_files;

Bytes big_endian(std::initializer_list<std::uint32_t> words) {
  Bytes bytes;
  for (const std::uint32_t word : words)
    for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(word >> shift & 0xff);
  return bytes;
}

// `count` images of 2 x 3 pixels with values 0, 1, 2, ...
Bytes images(std::uint32_t count) {
  Bytes pixels(count * 6, '\0');
  std::iota(pixels.begin(), pixels.end(), '\0');
  return big_endian({2051, count, 2, 3}) + pixels;
}

Bytes labels(const std::vector<int>& values) {
  Bytes bytes = big_endian({2049, static_cast<std::uint32_t>(values.size())});
  for (const int value : values) bytes += static_cast<char>(value);
  return bytes;
}

void write_good_set(const fs::path& folder) {
  write_gzip(folder / "train-images-idx3-ubyte.gz", images(4));
  write_gzip(folder / "train-labels-idx1-ubyte.gz", labels({7, 0, 9, 1}));
  write_gzip(folder / "t10k-images-idx3-ubyte.gz", images(2));
  write_gzip(folder / "t10k-labels-idx1-ubyte.gz", labels({3, 3}));
}

struct Request {
  std::string directory;
  std::string data_root = "";
  std::int64_t train = 0;
  std::int64_t test = 0;
  std::string set = "mnist";
  int threads = 1;
};

Settings settings_of(const Request& request) {
  return {{"set", request.set},
          {"directory", request.directory},
          {"train", request.train},
          {"test", request.test}};
}

Dataset read_set(const Request& request) {
  return ask(&DatasetEntry::make, "idx", settings_of(request),
             {.data_root = request.data_root, .threads = request.threads});
}

Issues issues_of_set(const Request& request) {
  return issues_of([&] { read_set(request); });
}

// The only problem of reading a file with these bytes.
std::string problem_of(const Bytes& bytes, IdxKind kind) {
  const TemporaryFolder folder;
  const std::string path = folder.file("file");
  write_plain(path, bytes);
  const Issues issues = issues_of([&] { read_idx(path, kind); });
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].where == path);
  CHECK_FALSE(issues[0].remedy.empty());
  return issues[0].problem;
}

using Catch::Matchers::StartsWith;

}  // namespace

TEST_CASE("a set of four gzipped IDX files is read back") {
  const TemporaryFolder folder;
  write_good_set(folder.path());
  const Dataset set = read_set({folder.path()});
  CHECK(set.features == 6);
  CHECK(set.classes == 10);
  CHECK(set.train.labels == std::vector<std::int32_t>{7, 0, 9, 1});
  CHECK(set.test.labels == std::vector<std::int32_t>{3, 3});
  const std::vector<float> train = set.train.features.values();
  REQUIRE(train.size() == 24);
  CHECK(train[0] == 0.0f);
  CHECK(train[23] == 23.0f / 255.0f);
  CHECK(set.test.features.size() == 12);
}

TEST_CASE("plain files and dotted names are read as well") {
  const TemporaryFolder folder;
  write_good_set(folder.path());
  const std::uint64_t gzipped = digest_of(read_set({folder.path()}));
  fs::remove(folder.file("train-images-idx3-ubyte.gz"));
  write_plain(folder.file("train-images-idx3-ubyte"), images(4));
  fs::remove(folder.file("t10k-labels-idx1-ubyte.gz"));
  write_plain(folder.file("t10k-labels.idx1-ubyte"), labels({3, 3}));
  CHECK(digest_of(read_set({folder.path()})) == gzipped);
}

TEST_CASE("the greatest byte becomes the grey value 1") {
  const TemporaryFolder folder;
  write_good_set(folder.path());
  write_gzip(folder.file("t10k-images-idx3-ubyte.gz"),
             big_endian({2051, 2, 2, 3}) + Bytes(12, '\xff'));
  CHECK(read_set({folder.path()}).test.features == std::vector<float>(12, 1.0f));
}

TEST_CASE("only the first examples are used when fewer are asked for") {
  const TemporaryFolder folder;
  write_good_set(folder.path());
  const Dataset set = read_set({.directory = folder.path(), .train = 3, .test = 1});
  CHECK(set.train.labels == std::vector<std::int32_t>{7, 0, 9});
  CHECK(set.train.features.size() == 18);
  CHECK(set.test.labels == std::vector<std::int32_t>{3});
}

TEST_CASE("the size of an IDX set is known from the headers") {
  const TemporaryFolder folder;
  write_good_set(folder.path());
  const DatasetSize size =
      ask(&DatasetEntry::size, "idx", settings_of({.directory = folder.path(), .test = 1}));
  CHECK(size.features == 6);
  CHECK(size.classes == 10);
  CHECK(size.train == 4);
  CHECK(size.test == 1);
  CHECK(size.image == ImageShape{1, 2, 3});
  CHECK(size.bytes() == 5 * (6 + 4));  // a byte a pixel and four a label
}

TEST_CASE("an IDX set knows the shape of its images") {
  const TemporaryFolder folder;
  write_good_set(folder.path());
  CHECK(read_set({folder.path()}).image == ImageShape{1, 2, 3});
}

TEST_CASE("an IDX set lies in the data root's folder of its name unless a directory is given") {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "fashion-mnist");
  write_good_set(folder.path() / "fashion-mnist");
  const Dataset set =
      read_set({.directory = "", .data_root = folder.path(), .set = "fashion-mnist"});
  CHECK(set.train.count() == 4);
}

TEST_CASE("an unknown data folder is reported with both remedies") {
  const Issues issues = issues_of_set({.directory = ""});
  REQUIRE(issues.size() == 1);
  CHECK(to_string(issues[0]) ==
        "/data/parameters/directory: no directory is given for the files of MNIST; set it, or set "
        "the environment variable BYZSIM_DATA to the directory that contains mnist/ with the four "
        "files of MNIST (train-images-idx3-ubyte.gz and so on)");
}

TEST_CASE("a data folder that does not exist is named") {
  const Issues issues = issues_of_set({.directory = "/no/such/folder"});
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].where == "/data/parameters/directory");
  CHECK(issues[0].problem == "no such directory: /no/such/folder");
}

TEST_CASE("missing and damaged files of a set are reported together, in the set's order") {
  const TemporaryFolder folder;
  write_good_set(folder.path());
  fs::remove(folder.file("train-labels-idx1-ubyte.gz"));
  fs::remove(folder.file("t10k-images-idx3-ubyte.gz"));
  write_gzip(folder.file("t10k-labels-idx1-ubyte.gz"), "this is a text");
  const Issues issues = issues_of_set({.directory = folder.path(), .threads = 3});
  REQUIRE(issues.size() == 3);
  CHECK(issues[0].where == folder.file("train-labels-idx1-ubyte.gz"));
  CHECK(issues[0].problem == "no such file");
  CHECK(issues[1].where == folder.file("t10k-images-idx3-ubyte.gz"));
  CHECK(issues[1].remedy == "put MNIST's file there, or without .gz if it is not compressed");
  CHECK(issues[2].where == folder.file("t10k-labels-idx1-ubyte.gz"));
  CHECK_THAT(issues[2].problem, StartsWith("is not an IDX file of labels"));
}

TEST_CASE("images and labels of different counts are refused") {
  const TemporaryFolder folder;
  write_good_set(folder.path());
  write_gzip(folder.file("t10k-labels-idx1-ubyte.gz"), labels({1, 2, 3}));
  const Issues issues = issues_of_set({folder.path()});
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].where == folder.file("t10k-labels-idx1-ubyte.gz"));
  CHECK(issues[0].problem ==
        "contains 3 labels for the 2 images of " + folder.file("t10k-images-idx3-ubyte.gz"));
}

TEST_CASE("training and test images of different sizes are refused") {
  const TemporaryFolder folder;
  write_good_set(folder.path());
  write_gzip(folder.file("t10k-images-idx3-ubyte.gz"), big_endian({2051, 2, 1, 1}) + "ab");
  const Issues issues = issues_of_set({folder.path()});
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].problem == "contains images of 1 x 1 pixels, but " +
                                 folder.file("train-images-idx3-ubyte.gz") + " of 2 x 3");
}

TEST_CASE("a label above 9 is refused with its place") {
  const TemporaryFolder folder;
  write_good_set(folder.path());
  write_gzip(folder.file("train-labels-idx1-ubyte.gz"), labels({1, 2, 10, 11}));
  const Issues issues = issues_of_set({folder.path()});
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].problem == "label 10 of example 2 (counted from 0) is not in [0, 9]");
}

TEST_CASE("a label above those of the set is answered with the number of classes to set") {
  const TemporaryFolder folder;
  write_good_set(folder.path());
  write_gzip(folder.file("train-labels-idx1-ubyte.gz"), labels({1, 2, 10, 11}));
  const Issues issues = issues_of_set({folder.path()});
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].remedy == "set \"classes\" to 12, or download the file again");
}

TEST_CASE("an IDX set may have any number of classes") {
  const TemporaryFolder folder;
  write_good_set(folder.path());
  write_gzip(folder.file("train-labels-idx1-ubyte.gz"), labels({1, 2, 46, 11}));
  Settings settings = settings_of({.directory = folder.path()});
  settings.emplace_back("classes", std::int64_t{47});
  const Dataset set = ask(&DatasetEntry::make, "idx", settings);
  CHECK(set.classes == 47);
  CHECK(set.train.labels == std::vector<std::int32_t>{1, 2, 46, 11});
  CHECK(ask(&DatasetEntry::size, "idx", settings).classes == 47);
}

TEST_CASE("EMNIST has as many classes as the largest label of its training file asks for") {
  const TemporaryFolder folder;
  write_gzip(folder.file("emnist-balanced-train-images-idx3-ubyte.gz"), images(4));
  write_gzip(folder.file("emnist-balanced-train-labels-idx1-ubyte.gz"), labels({7, 0, 46, 1}));
  write_gzip(folder.file("emnist-balanced-test-images-idx3-ubyte.gz"), images(2));
  write_gzip(folder.file("emnist-balanced-test-labels-idx1-ubyte.gz"), labels({3, 46}));
  Settings settings = settings_of({.directory = folder.path(), .train = 2, .set = "emnist"});
  settings.emplace_back("prefix", "emnist-balanced-");
  CHECK(ask(&DatasetEntry::make, "idx", settings).classes == 47);  // though two examples are used
  CHECK(ask(&DatasetEntry::size, "idx", settings).classes == 47);
  CHECK(ask(&DatasetEntry::make, "idx", settings).test.labels == std::vector<std::int32_t>{3, 46});
}

TEST_CASE("an EMNIST test label above those of the training file is refused") {
  const TemporaryFolder folder;
  write_good_set(folder.path());
  write_gzip(folder.file("t10k-labels-idx1-ubyte.gz"), labels({1, 20}));
  const Issues issues = issues_of_set({.directory = folder.path(), .set = "emnist"});
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].where == folder.file("t10k-labels-idx1-ubyte.gz"));
  CHECK(issues[0].problem == "label 20 of example 1 (counted from 0) is not in [0, 9]");
}

TEST_CASE("EMNIST's files that are not found are named with the parameter prefix") {
  const TemporaryFolder folder;
  const Issues issues = issues_of_set({.directory = folder.path(), .set = "emnist"});
  REQUIRE(issues.size() == 4);
  CHECK_THAT(issues[0].remedy,
             Catch::Matchers::EndsWith("; set \"prefix\" to what its name begins with, such as "
                                       "\"emnist-balanced-\""));
}

TEST_CASE("asking for more examples than a set has is refused at the parameter") {
  const TemporaryFolder folder;
  write_good_set(folder.path());
  const Issues issues = issues_of_set({.directory = folder.path(), .train = 5, .test = 3});
  REQUIRE(issues.size() == 2);
  CHECK(
      to_string(issues[0]) ==
      "/data/parameters/train: 5 examples are requested, but there are 4; use at most 4, or 0 for "
      "all");
  CHECK(issues[1].where == "/data/parameters/test");
}

TEST_CASE("a file of labels where images belong is recognised") {
  CHECK(problem_of(labels({1, 2}), IdxKind::images) ==
        "contains labels (magic number 2049) instead of images (magic number 2051)");
  CHECK(problem_of(images(1), IdxKind::labels) ==
        "contains images (magic number 2051) instead of labels (magic number 2049)");
}

TEST_CASE("a file that is not IDX is refused with the magic number found") {
  CHECK(problem_of(big_endian({1234, 1, 1, 1}), IdxKind::images) ==
        "is not an IDX file of images: its magic number is 1234, not 2051");
}

TEST_CASE("a file that ends within its header is refused") {
  CHECK(problem_of(Bytes(), IdxKind::labels) ==
        "file is truncated: expected a header of 8 bytes, found 0");
  CHECK(problem_of(images(1).substr(0, 10), IdxKind::images) ==
        "file is truncated: expected a header of 16 bytes, found 10");
}

TEST_CASE("a plain file that is cut short is refused with both lengths") {
  CHECK(problem_of(images(4).substr(0, 30), IdxKind::images) ==
        "file is truncated: expected 40 bytes (4 images of 2 x 3), found 30");
}

TEST_CASE("a gzipped file whose contents are cut short is refused with both lengths") {
  const TemporaryFolder folder;
  write_gzip(folder.file("file.gz"), images(4).substr(0, 30));
  const Issues issues = issues_of([&] { read_idx(folder.file("file.gz"), IdxKind::images); });
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].problem == "file is truncated: expected 40 bytes (4 images of 2 x 3), found 30");
}

TEST_CASE("a gzip file that was only partly fetched is refused") {
  const TemporaryFolder folder;
  const std::string path = folder.file("file.gz");
  write_gzip(path, images(40));
  fs::resize_file(path, fs::file_size(path) / 2);
  const Issues issues = issues_of([&] { read_idx(path, IdxKind::images); });
  REQUIRE(issues.size() == 1);
  CHECK_THAT(issues[0].problem, StartsWith("file is truncated"));
}

TEST_CASE("a gzip file without its end mark is refused though all its data arrived") {
  const TemporaryFolder folder;
  const std::string path = folder.file("file.gz");
  write_gzip(path, images(4));
  fs::resize_file(path, fs::file_size(path) - 4);
  const Issues issues = issues_of([&] { read_idx(path, IdxKind::images); });
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].problem == "file is truncated: its gzip data is incomplete");
}

TEST_CASE("a gzip file with a flipped byte is refused") {
  const TemporaryFolder folder;
  const std::string path = folder.file("file.gz");
  write_gzip(path, images(40));
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(-8, std::ios::end);  // the checksum
  file.put('?').put('?');
  file.close();
  const Issues issues = issues_of([&] { read_idx(path, IdxKind::images); });
  REQUIRE(issues.size() == 1);
  CHECK_THAT(issues[0].problem, StartsWith("is damaged gzip data: "));
}

TEST_CASE("bytes after the last item are refused") {
  CHECK(problem_of(images(4) + "x", IdxKind::images) ==
        "file is too long: expected 40 bytes, found more");
}

TEST_CASE("an empty IDX file is refused") {
  CHECK(problem_of(labels({}), IdxKind::labels) == "contains no labels");
}

TEST_CASE("images without pixels or of absurd size are refused") {
  CHECK(problem_of(big_endian({2051, 1, 0, 28}), IdxKind::images) ==
        "has images of 0 x 28 pixels; each side must be in [1, 4096]");
  CHECK(problem_of(big_endian({2051, 1, 28, 70000}), IdxKind::images) ==
        "has images of 28 x 70000 pixels; each side must be in [1, 4096]");
}

TEST_CASE("a header of more bytes than the file can hold is refused before memory is taken") {
  const TemporaryFolder folder;
  const Bytes hostile = big_endian({2051, 0xffffffff, 4096, 4096});
  write_plain(folder.file("plain"), hostile);
  write_gzip(folder.file("zipped.gz"), hostile);
  for (const char* name : {"plain", "zipped.gz"}) {
    const Issues issues = issues_of([&] { read_idx_header(folder.file(name), IdxKind::images); });
    REQUIRE(issues.size() == 1);
    CHECK_THAT(issues[0].problem, StartsWith("file is truncated: expected "));
  }
}

TEST_CASE("a folder in the place of a file is refused") {
  const TemporaryFolder folder;
  const Issues issues = issues_of([&] { read_idx(folder.path(), IdxKind::images); });
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].problem == "is not a regular file");
}

TEST_CASE("a file that does not exist is refused with the system's reason") {
  const Issues issues = issues_of([] { read_idx("/no/such/file", IdxKind::images); });
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].problem == "no such file");
}

TEST_CASE("the real MNIST and Fashion-MNIST have their known counts") {
  const std::string root = real_data_root();
  if (root.empty()) return;
  const auto counts_of = [](const Examples& examples) { return class_counts(examples, 10); };
  const Dataset mnist = read_set({.directory = "", .data_root = root});
  CHECK(mnist.features == 784);
  CHECK(counts_of(mnist.train) ==
        std::vector<int>{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949});
  CHECK(counts_of(mnist.test) ==
        std::vector<int>{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009});
  const Dataset fashion =
      read_set({.directory = "", .data_root = root, .set = "fashion-mnist", .threads = 2});
  CHECK(counts_of(fashion.train) == std::vector<int>(10, 6000));
  CHECK(counts_of(fashion.test) == std::vector<int>(10, 1000));
}

}  // namespace byzsim::idx_test
