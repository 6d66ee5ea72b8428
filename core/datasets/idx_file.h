// IDX, the format of the MNIST files: a big-endian header (a magic number, the count of items, the
// size of an item), then one byte a value. Files may be gzipped or plain.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace byzsim {

/// What a file holds; the values are the magic numbers.
enum class IdxKind : std::uint32_t { labels = 2049, images = 2051 };

/// What the header says of the items that follow.
struct IdxHeader {
  IdxKind kind = IdxKind::labels;
  std::uint64_t count = 0;
  std::uint64_t rows = 1;     ///< of an image; 1 for labels
  std::uint64_t columns = 1;  ///< of an image; 1 for labels

  /// Bytes of one image or one label.
  std::uint64_t item_bytes() const { return rows * columns; }
};

/// A whole file: as many bytes as its header says.
struct IdxFile {
  IdxHeader header;
  std::vector<std::uint8_t> bytes;  ///< count x rows x columns
};

/// The header, checked against the file's length: a file too short to hold what it promises is
/// refused. Throws InputError naming the file if it cannot be read or is not of that kind.
IdxHeader read_idx_header(const std::string& path, IdxKind kind);

/// The whole file. Throws InputError as read_idx_header, and for a file that is cut short, damaged
/// or longer than its header says. Memory is taken as data arrives, not as the header promises.
IdxFile read_idx(const std::string& path, IdxKind kind);

}  // namespace byzsim
