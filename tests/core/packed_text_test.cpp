// Text packed for pages: zlib, which byzsim itself does without, unpacks it.
#include "core/input/packed_text.h"

#include <zlib.h>

#include "core/exact/random.h"
#include "tests/catch.h"

namespace byzsim::packed_text_test {
namespace {

std::string unpacked(std::string packed, std::size_t size) {
  std::string text(size + 1, '\0');
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 16 + MAX_WBITS) == Z_OK);  // 16: the gzip format
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  const int result = inflate(&stream, Z_FINISH);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  REQUIRE(result == Z_STREAM_END);
  return text;
}

std::string noise(std::size_t size) {
  Stream stream(1, Purpose::dataset, 0, 0);
  std::string bytes(size, ' ');
  for (char& byte : bytes) byte = static_cast<char>(stream.below(256));
  return bytes;
}

}  // namespace

TEST_CASE("packed text unpacks to itself, whatever its length") {
  std::string text;
  for (const std::size_t size : {0, 1, 3, 1000, 70'000, 1'000'000}) {
    while (text.size() < size) text += std::to_string(text.size()) + ",";
    text.resize(size);
    CHECK((unpacked(gzipped(text), size) == text));
  }
  CHECK(gzipped(text).size() < text.size() / 2);
}

TEST_CASE("bytes that no code makes shorter are packed, too") {
  for (const std::size_t size : {1, 8191, 65'536, 300'000}) {
    const std::string bytes = noise(size);
    CHECK((unpacked(gzipped(bytes), size) == bytes));
  }
}

TEST_CASE("base64 of the examples in RFC 4648, section 10") {
  CHECK(base64("").empty());
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foob") == "Zm9vYg==");
  CHECK(base64("fooba") == "Zm9vYmE=");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64("\xff\xfe\xfd") == "//79");
}

}  // namespace byzsim::packed_text_test
