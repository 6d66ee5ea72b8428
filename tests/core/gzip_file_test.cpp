#include "core/datasets/gzip_file.h"

#include <algorithm>

#include "core/exact/random.h"
#include "tests/core/data_files.h"

namespace byzsim::gzip_file_test {
namespace {

using namespace data_files;
using Catch::Matchers::StartsWith;

constexpr std::size_t kMiB = std::size_t{1} << 20;  // as much is read from the file at once

/// Bytes that no compression makes shorter.
Bytes noise(std::size_t size) {
  Stream stream(1, Purpose::dataset, 0, 0);
  Bytes bytes(size, ' ');
  for (char& byte : bytes) byte = static_cast<char>(stream.below(256));
  return bytes;
}

/// A text of very few bits a byte.
Bytes repeated(std::size_t size) {
  Bytes bytes;
  while (bytes.size() < size) bytes += std::to_string(bytes.size() % 1000) + " one two three ";
  return bytes.substr(0, size);
}

Bytes gzipped(const TemporaryFolder& folder, const Bytes& bytes) {
  write_gzip(folder.file("part"), bytes);
  std::ifstream file(folder.file("part"), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Bytes read_back(const TemporaryFolder& folder, const Bytes& bytes) {
  write_plain(folder.file("whole"), bytes);
  return read_text(folder.file("whole"));
}

std::string problem_of(const TemporaryFolder& folder, const Bytes& bytes) {
  const Issues issues = issues_of([&] { read_back(folder, bytes); });
  return issues.size() == 1 ? issues[0].problem : "";
}

}  // namespace

TEST_CASE("a plain file is read as it is, whatever its length") {
  const TemporaryFolder folder;
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{2}, kMiB - 1, kMiB, kMiB + 1, 3 * kMiB + 5}) {
    const Bytes bytes = repeated(size);
    CHECK((read_back(folder, bytes) == bytes));
  }
}

TEST_CASE("a gzipped file gives what was compressed, whatever its length") {
  const TemporaryFolder folder;
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{2}, kMiB - 1, kMiB, kMiB + 1, 30 * kMiB + 5}) {
    const Bytes bytes = repeated(size);
    CHECK((read_back(folder, gzipped(folder, bytes)) == bytes));
  }
}

TEST_CASE("a gzipped file may end anywhere about the end of what is read at once") {
  // Noise is stored, with 5 bytes before each block and 18 around all of them.
  const TemporaryFolder folder;
  const std::size_t around = gzipped(folder, noise(kMiB)).size() - kMiB;
  for (std::size_t beyond = 0; beyond < 24; ++beyond) {
    const Bytes bytes = noise(kMiB - around + beyond);
    const Bytes file = gzipped(folder, bytes);
    CAPTURE(file.size());
    CHECK((read_back(folder, file) == bytes));
    CHECK(problem_of(folder, file.substr(0, file.size() - 1)) ==
          "file is truncated: its gzip data is incomplete");
  }
}

TEST_CASE("the members of a gzipped file are read one behind the other") {
  const TemporaryFolder folder;
  const Bytes first = noise(kMiB), second = repeated(5), third = repeated(2 * kMiB);
  CHECK((read_back(folder, gzipped(folder, first) + gzipped(folder, second) + gzipped(folder, "") +
                               gzipped(folder, third)) == first + second + third));
}

TEST_CASE("what follows a gzipped file's members is ignored, as gzip does") {
  const TemporaryFolder folder;
  CHECK(read_back(folder, gzipped(folder, "text") + Bytes(512, '\0')) == "text");
}

TEST_CASE("a gzipped file is refused wherever it is cut") {
  const TemporaryFolder folder;
  const Bytes file = gzipped(folder, repeated(300));
  for (std::size_t length = 2; length < file.size(); ++length) {
    CAPTURE(length);
    CHECK(problem_of(folder, file.substr(0, length)) ==
          "file is truncated: its gzip data is incomplete");
  }
}

TEST_CASE("a gzipped file with any bit turned is refused or gives what was compressed") {
  // Times, names and flags of the header are nobody's loss.
  const TemporaryFolder folder;
  const Bytes text = repeated(300), file = gzipped(folder, text);
  int refused = 0;
  for (std::size_t bit = 16; bit < 8 * file.size(); ++bit) {
    CAPTURE(bit);
    Bytes damaged = file;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
    const std::string problem = problem_of(folder, damaged);
    if (problem.empty()) CHECK(read_back(folder, damaged) == text);
    refused += !problem.empty();
  }
  CHECK(refused > 8 * (static_cast<int>(file.size()) - 11));
}

TEST_CASE("a checksum that does not match is reported") {
  const TemporaryFolder folder;
  Bytes file = gzipped(folder, "text");
  file[file.size() - 8] ^= 1;
  CHECK(problem_of(folder, file) ==
        "is damaged gzip data: its checksum does not match its contents");
}

TEST_CASE("a folder in the place of a data file is refused") {
  const TemporaryFolder folder;
  const Issues issues = issues_of([&] { read_text(folder.path().string()); });
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].problem == "is not a regular file");
}

}  // namespace byzsim::gzip_file_test
