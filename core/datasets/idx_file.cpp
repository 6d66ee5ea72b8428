#include "core/datasets/idx_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/datasets/gzip_file.h"
#include "core/machine/memory.h"

namespace byzsim {
namespace {

constexpr std::uint64_t kLargestSide = 4096;  // pixels; anything above is no image of ours
constexpr std::size_t kChunk = std::size_t{1} << 20;

const char* plural_of(IdxKind kind) { return kind == IdxKind::images ? "images" : "labels"; }

std::uint64_t header_bytes(IdxKind kind) { return kind == IdxKind::images ? 16 : 8; }

std::uint64_t promised_bytes(const IdxHeader& header) {
  return header_bytes(header.kind) + header.count * header.item_bytes();
}

std::uint32_t big_endian(const std::uint8_t* bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 |
         std::uint32_t{bytes[2]} << 8 | std::uint32_t{bytes[3]};
}

void check_magic(const GzipFile& file, std::uint32_t magic, IdxKind kind) {
  const auto expected = static_cast<std::uint32_t>(kind);
  if (magic == expected) return;
  const IdxKind other = kind == IdxKind::images ? IdxKind::labels : IdxKind::images;
  if (magic == static_cast<std::uint32_t>(other))
    file.fail(fmt::format("contains {} (magic number {}) instead of {} (magic number {})",
                          plural_of(other), magic, plural_of(kind), expected),
              "restore the original names of the files; two may have been swapped");
  file.fail(fmt::format("is not an IDX file of {}: its magic number is {}, not {}", plural_of(kind),
                        magic, expected),
            "put the original IDX file there, gzipped or plain");
}

[[noreturn]] void fail_truncated(const GzipFile& file, const IdxHeader& header,
                                 std::uint64_t most) {
  file.fail(fmt::format("file is truncated: expected {} bytes ({} {} of {} x {}), found {}",
                        promised_bytes(header), header.count, plural_of(header.kind), header.rows,
                        header.columns, most),
            kFetchAgain);
}

IdxHeader read_header(GzipFile& file, IdxKind kind) {
  std::array<std::uint8_t, 16> bytes{};
  const auto size = static_cast<std::size_t>(header_bytes(kind));
  const std::size_t got = file.read(bytes.data(), size);
  // Before the length: a short file of another kind is better named by its kind.
  if (got >= 4) check_magic(file, big_endian(bytes.data()), kind);
  if (got < size)
    file.fail(fmt::format("file is truncated: expected a header of {} bytes, found {}", size, got),
              kFetchAgain);
  IdxHeader header{kind, big_endian(&bytes[4])};
  if (kind == IdxKind::images) {
    header.rows = big_endian(&bytes[8]);
    header.columns = big_endian(&bytes[12]);
  }
  if (header.count == 0) file.fail(fmt::format("contains no {}", plural_of(kind)), kFetchAgain);
  const auto [least, greatest] = std::minmax(header.rows, header.columns);
  if (least == 0 || greatest > kLargestSide)
    file.fail(fmt::format("has images of {} x {} pixels; each side must be in [1, {}]", header.rows,
                          header.columns, kLargestSide),
              kFetchAgain);
  const std::uint64_t most = file.most_bytes();
  // No overflow: the count has 32 bits, and a side is at most 2^12.
  if (most < promised_bytes(header)) fail_truncated(file, header, most);
  return header;
}

}  // namespace

IdxHeader read_idx_header(const std::string& path, IdxKind kind) {
  GzipFile file(path);
  return read_header(file, kind);
}

IdxFile read_idx(const std::string& path, IdxKind kind) {
  GzipFile file(path);
  IdxFile idx{read_header(file, kind), {}};
  const std::uint64_t size = idx.header.count * idx.header.item_bytes();
  reserve_large(idx.bytes, size);  // addresses only: read_header has checked that it can hold them
  while (idx.bytes.size() < size) {
    const std::size_t held = idx.bytes.size();
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kChunk, size - held));
    idx.bytes.resize(held + wanted);
    const std::size_t got = file.read(idx.bytes.data() + held, wanted);
    if (got < wanted) fail_truncated(file, idx.header, header_bytes(kind) + held + got);
  }
  // One byte more tells a file that was not made for this header.
  std::uint8_t beyond = 0;
  if (file.read(&beyond, 1) != 0)
    file.fail(
        fmt::format("file is too long: expected {} bytes, found more", promised_bytes(idx.header)),
        kFetchAgain);
  return idx;
}

}  // namespace byzsim
