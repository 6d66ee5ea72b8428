// CIFAR-10 in its binary version: files of records, each a label and the 1,024 red, 1,024 green and
// 1,024 blue values of a 32 x 32 image, row by row. The original spreads its 50,000 training
// examples over five files of 10,000; a result on fewer is not comparable with published ones.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "core/datasets/data_files.h"
#include "core/datasets/dataset.h"
#include "core/datasets/gzip_file.h"
#include "core/machine/memory.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

constexpr ImageShape kImage = {3, 32, 32};
constexpr std::size_t kPixels = kImage.channels * kImage.height * kImage.width;
constexpr std::size_t kRecordBytes = 1 + kPixels;
constexpr std::size_t kClasses = 10;
constexpr int kTrainFiles = 5;
constexpr std::size_t kBlock = 256;  // records read at once

struct RecordFile {
  std::string path;
  std::vector<std::int32_t> labels = {};
  Features::Bytes pixels = {};  // empty when only counted
  std::size_t count() const { return labels.size(); }
};

enum class Reading { count, keep };

// The records of a file, each with a label of the set. Memory is taken as data arrives.
void read_records(RecordFile& result, Reading reading) {
  GzipFile file(result.path);
  std::vector<std::uint8_t> block(kBlock * kRecordBytes);
  for (std::size_t got = block.size(); got == block.size();) {
    got = file.read(block.data(), block.size());
    for (std::size_t begin = 0; begin + kRecordBytes <= got; begin += kRecordBytes) {
      const std::uint8_t* record = block.data() + begin;
      // The first byte is enough to tell: the other versions of the set begin with something else.
      if (*record >= kClasses)
        file.fail(fmt::format("label {} of record {} (counted from 0) is not in [0, {}]", *record,
                              result.count(), kClasses - 1),
                  "put the binary version of CIFAR-10 there, not the one for Python or Matlab");
      result.labels.push_back(*record);
      if (reading == Reading::keep)
        result.pixels.insert(result.pixels.end(), record + 1, record + kRecordBytes);
    }
    if (const std::size_t rest = got % kRecordBytes; rest != 0)
      file.fail(fmt::format("file is truncated: expected {} bytes in record {} (counted from 0), "
                            "found {}",
                            kRecordBytes, result.count(), rest),
                kFetchAgain);
  }
  if (result.count() == 0) file.fail("contains no records", kFetchAgain);
}

std::string find_file(const fs::path& folder, const std::string& name) {
  return first_existing(folder, {name + ".gz", name});
}

struct SetFiles {
  std::vector<RecordFile> train;
  RecordFile test;
};

// Missing files keep their place with an empty path, so that faults come in the set's order.
SetFiles find_files(const fs::path& folder) {
  SetFiles files;
  for (int i = 1; i <= kTrainFiles; ++i) {
    const std::string path = find_file(folder, fmt::format("data_batch_{}.bin", i));
    if (!path.empty()) files.train.push_back({path});
  }
  // One without a path, so that what is missing is reported and not an empty set.
  if (files.train.empty()) files.train.emplace_back();
  files.test = {find_file(folder, "test_batch.bin")};
  return files;
}

// Calls read(file) for all files side by side; those that are missing are reported in their place.
SetFiles with_files(const DatasetInput& input, const std::function<void(RecordFile&)>& read) {
  const fs::path folder =
      path_of({"cifar10", "CIFAR-10",
               "data_batch_1.bin to data_batch_5.bin and test_batch.bin of CIFAR-10"},
              input);
  SetFiles files = find_files(folder);
  const std::size_t train_files = files.train.size();
  read_side_by_side(input.executor, train_files + 1, [&](std::size_t i) {
    const bool train = i < train_files;
    RecordFile& file = train ? files.train[i] : files.test;
    if (file.path.empty())
      throw InputError({(folder / (train ? "data_batch_1.bin.gz" : "test_batch.bin.gz")).string(),
                        train ? "no such file, nor data_batch_2 to 5" : "no such file",
                        "put CIFAR-10's file there, or without .gz if it is not compressed"});
    read(file);
  });
  return files;
}

SetFiles read_files(const DatasetInput& input, Reading reading) {
  return with_files(input, [&](RecordFile& file) { read_records(file, reading); });
}

std::vector<std::string> cifar10_files(const DatasetInput& input) {
  const SetFiles files = with_files(input, [](RecordFile&) {});
  std::vector<std::string> paths;
  for (const RecordFile& file : files.train) paths.push_back(file.path);
  paths.push_back(files.test.path);
  return paths;
}

DatasetSize size_of(const DatasetInput& input, const SetFiles& files) {
  const std::size_t train =
      std::accumulate(files.train.begin(), files.train.end(), std::size_t{0},
                      [](std::size_t sum, const RecordFile& file) { return sum + file.count(); });
  Issues issues;
  const std::size_t used_train = used_of(input, "train", train, issues);
  const std::size_t used_test = used_of(input, "test", files.test.count(), issues);
  throw_if_any(issues);
  return {kPixels, kClasses, used_train, used_test, kImage, sizeof(std::uint8_t)};
}

// The first `count` records of the files; takes their memory.
Examples examples_of(std::vector<RecordFile>& files, std::size_t count) {
  Features::Bytes pixels;
  std::vector<std::int32_t> labels;
  reserve_large(pixels, count * kPixels);
  for (RecordFile& file : files) {
    const std::size_t used = std::min(file.count(), count - labels.size());
    labels.insert(labels.end(), file.labels.begin(), file.labels.begin() + std::ptrdiff_t(used));
    pixels.insert(pixels.end(), file.pixels.begin(),
                  file.pixels.begin() + std::ptrdiff_t(used * kPixels));
    // Gives the memory back: otherwise the set would be there twice.
    Features::Bytes().swap(file.pixels);
  }
  return {Features::of_bytes(std::move(pixels)), std::move(labels)};
}

DatasetSize cifar10_size(const DatasetInput& input) {
  return size_of(input, read_files(input, Reading::count));
}

Dataset make_cifar10(const DatasetInput& input) {
  SetFiles files = read_files(input, Reading::keep);
  const DatasetSize size = size_of(input, files);
  std::vector<RecordFile> test = {std::move(files.test)};
  return {size.features, size.classes, examples_of(files.train, size.train),
          examples_of(test, size.test), size.image};
}

}  // namespace

namespace datasets_list {

DatasetEntry cifar10() {
  return {
      {"cifar10",
       "32 x 32 colour images of ten classes from the binary files of CIFAR-10 (one to five "
       "training batches and the test batch), values in [0, 1], plane by plane",
       "Krizhevsky (2009): Learning Multiple Layers of Features from Tiny Images",
       {path("directory", "directory of the files; empty: $BYZSIM_DATA/cifar10"),
        integer("train", 0, 0, 1e7,
                "number of training examples to use, from the first on; 0: all"),
        integer("test", 0, 0, 1e7, "number of test examples to use, from the first on; 0: all")}},
      cifar10_size,
      make_cifar10,
      cifar10_files};
}

}  // namespace datasets_list
}  // namespace byzsim
