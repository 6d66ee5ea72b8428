// A data file, gzipped or plain, read as the bytes it holds. zlib tells the two apart by the first
// bytes, whatever the name.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

struct gzFile_s;

namespace byzsim {

/// The remedy for a damaged file.
inline constexpr const char* kFetchAgain = "fetch the file again from its source";

/// Throws InputError naming the file for whatever is wrong with it.
class GzipFile {
 public:
  explicit GzipFile(const std::string& path);

  /// Reads `size` bytes, fewer only where the file ends.
  std::size_t read(std::uint8_t* to, std::size_t size);
  /// No more than this many bytes can come out of the file.
  std::uint64_t most_bytes() const;
  [[noreturn]] void fail(std::string problem, std::string remedy) const;

 private:
  struct Close {
    void operator()(gzFile_s* file) const;
  };
  std::string path_;
  std::unique_ptr<gzFile_s, Close> file_;
};

/// All the file holds. Memory is taken as data arrives.
std::string read_text(const std::string& path);

}  // namespace byzsim
