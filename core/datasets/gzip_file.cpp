#include "core/datasets/gzip_file.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "core/issue.h"

namespace byzsim {
namespace {

constexpr std::uint64_t kLargestDeflateRatio = 1032;  // of zlib's documentation
constexpr std::size_t kChunk = std::size_t{1} << 20;  // well below what one gzread may be asked

std::string reason_of(int error) { return std::generic_category().message(error); }

}  // namespace

void GzipFile::Close::operator()(gzFile_s* file) const { gzclose(file); }

GzipFile::GzipFile(const std::string& path) : path_(path) {
  std::error_code error;
  if (std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error))
    fail("is not a regular file", "put the data file itself there");
  file_.reset(gzopen(path.c_str(), "rb"));
  if (!file_)
    fail("cannot be opened: " + reason_of(errno),
         "check that the file exists and that you may read it");
}

std::size_t GzipFile::read(std::uint8_t* to, std::size_t size) {
  std::size_t held = 0;
  while (held < size) {
    const std::size_t wanted = std::min(size - held, kChunk);
    const int got = gzread(file_.get(), to + held, static_cast<unsigned>(wanted));
    if (got > 0) held += static_cast<std::size_t>(got);
    if (got == static_cast<int>(wanted)) continue;
    int code = Z_OK;
    const std::string reason = gzerror(file_.get(), &code);
    if (code == Z_ERRNO) fail("cannot be read: " + reason_of(errno), "");
    // A short read is how zlib reports a stream without its end.
    if (code == Z_BUF_ERROR)
      fail("is cut short: its gzip data ends before its end mark", kFetchAgain);
    if (got < 0) fail(fmt::format("is damaged gzip ({})", reason), kFetchAgain);
    break;
  }
  return held;
}

std::uint64_t GzipFile::most_bytes() const {
  const std::uint64_t size = std::filesystem::file_size(path_);
  return gzdirect(file_.get()) ? size : size * kLargestDeflateRatio;
}

void GzipFile::fail(std::string problem, std::string remedy) const {
  throw InputError({path_, std::move(problem), std::move(remedy)});
}

std::string read_text(const std::string& path) {
  GzipFile file(path);
  std::string text;
  for (;;) {
    const std::size_t held = text.size();
    text.resize(held + kChunk);
    const std::size_t got = file.read(reinterpret_cast<std::uint8_t*>(text.data()) + held, kChunk);
    if (got == kChunk) continue;
    text.resize(held + got);
    return text;
  }
}

}  // namespace byzsim
