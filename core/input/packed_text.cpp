#include "core/input/packed_text.h"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/check.h"

namespace byzsim {
namespace {

constexpr std::size_t kHeaderAndTrailer = 18;   // of the gzip format, without a name
constexpr std::size_t kStoredBlock = 5;         // header of a block that no code makes shorter
constexpr std::size_t kLeastBlock = 1U << 13U;  // ISA-L stores in blocks that are no shorter

std::uint8_t byte_of(char c) { return static_cast<std::uint8_t>(c); }

}  // namespace

std::string gzipped(std::string_view bytes) {
  std::vector<std::uint8_t> input(bytes.begin(), bytes.end());
  std::vector<std::uint8_t> level(ISAL_DEF_LVL3_DEFAULT);
  std::string packed(
      bytes.size() + kStoredBlock * (bytes.size() / kLeastBlock + 2) + kHeaderAndTrailer, '\0');
  isal_zstream stream;
  isal_deflate_init(&stream);
  stream.gzip_flag = IGZIP_GZIP;
  stream.end_of_stream = 1;
  stream.level = 3;
  stream.level_buf = level.data();
  stream.level_buf_size = static_cast<std::uint32_t>(level.size());
  stream.next_in = input.data();
  stream.avail_in = static_cast<std::uint32_t>(input.size());
  stream.next_out = reinterpret_cast<std::uint8_t*>(packed.data());
  stream.avail_out = static_cast<std::uint32_t>(packed.size());
  const int result = isal_deflate(&stream);
  BYZ_CHECK(result == COMP_OK && stream.internal_state.state == ZSTATE_END,
            "a text fits into its bound when it is packed");
  packed.resize(stream.total_out);
  return packed;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t held = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8U | (k < held ? byte_of(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      text += k <= held ? kDigits[group >> (18U - 6U * k) & 63U] : '=';
  }
  return text;
}

}  // namespace byzsim
