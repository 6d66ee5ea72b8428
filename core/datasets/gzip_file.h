// A data file, gzipped or plain, read as the bytes it holds. Its first bytes tell the two apart,
// whatever the name.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace byzsim {

/// The remedy for a damaged file.
inline constexpr const char* kFetchAgain = "download the file again";

/// Throws InputError naming the file for whatever is wrong with it.
class GzipFile {
 public:
  /// Opens the file and looks at its first bytes.
  explicit GzipFile(const std::string& path);

  /// Reads `size` bytes, fewer only where the file ends.
  std::size_t read(std::uint8_t* to, std::size_t size);
  /// No more than this many bytes can come out of the file.
  std::uint64_t most_bytes() const;
  /// Throws InputError about this file.
  [[noreturn]] void fail(std::string problem, std::string remedy) const;

 private:
  // Hides ISA-L.
  struct Stream;
  struct Close {
    void operator()(Stream* stream) const;
  };
  std::size_t plain(std::uint8_t* to, std::size_t size);
  std::size_t inflated(std::uint8_t* to, std::size_t size);
  // Whether the file holds more; fills the buffer where it is empty.
  bool has_input();

  std::string path_;
  std::unique_ptr<Stream, Close> stream_;
};

/// All the file holds. Memory is taken as data arrives.
std::string read_text(const std::string& path);

}  // namespace byzsim
