// ISA-L inflates five times as fast as zlib, and reading is all that a run does before it trains.
#include "core/datasets/gzip_file.h"

#include <fmt/format.h>
#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <vector>

#include "core/input/issue.h"

namespace byzsim {
namespace {

constexpr std::uint64_t kLargestDeflateRatio = 1032;  // of zlib's documentation
constexpr std::size_t kChunk = std::size_t{1} << 20;
constexpr std::uint8_t kMagic[] = {0x1f, 0x8b};

std::string reason_of(int error) { return std::generic_category().message(error); }

const char* damage_of(int result) {
  switch (result) {
    case ISAL_INVALID_WRAPPER:
      return "invalid header";
    case ISAL_UNSUPPORTED_METHOD:
      return "not compressed by deflate";
    case ISAL_INCORRECT_CHECKSUM:
      return "its checksum does not match its contents";
    case ISAL_INVALID_LOOKBACK:
      return "invalid distance";
    case ISAL_INVALID_SYMBOL:
      return "invalid code";
    default:
      return "invalid block";
  }
}

}  // namespace

struct GzipFile::Stream {
  std::FILE* file;
  std::vector<std::uint8_t> chunk = std::vector<std::uint8_t>(kChunk);
  inflate_state state = {};  // its input is what is left of the chunk, of a plain file too
  bool gzipped = false;
};

void GzipFile::Close::operator()(Stream* stream) const {
  std::fclose(stream->file);
  delete stream;
}

GzipFile::GzipFile(const std::string& path) : path_(path) {
  std::error_code error;
  // A pipe would block, and a folder opens like a file.
  if (std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error))
    fail("is not a regular file", "put the data file itself there");
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr)
    fail(errno == ENOENT ? "no such file" : "cannot read: " + reason_of(errno), "check the path");
  stream_.reset(new Stream{file});
  isal_inflate_init(&stream_->state);
  stream_->state.crc_flag = ISAL_GZIP;
  has_input();
  const std::uint8_t* first = stream_->state.next_in;
  stream_->gzipped = stream_->state.avail_in >= std::size(kMagic) &&
                     std::equal(std::begin(kMagic), std::end(kMagic), first);
}

// Whether any is left; reads the next chunk where this one is used up.
bool GzipFile::has_input() {
  inflate_state& state = stream_->state;
  if (state.avail_in > 0) return true;
  state.next_in = stream_->chunk.data();
  state.avail_in = static_cast<std::uint32_t>(
      std::fread(stream_->chunk.data(), 1, stream_->chunk.size(), stream_->file));
  if (std::ferror(stream_->file) != 0) fail("cannot read: " + reason_of(errno), "");
  return state.avail_in > 0;
}

std::size_t GzipFile::read(std::uint8_t* to, std::size_t size) {
  std::size_t held = 0;
  while (held < size) {
    const std::size_t wanted = std::min(size - held, kChunk);
    const std::size_t got =
        stream_->gzipped ? inflated(to + held, wanted) : plain(to + held, wanted);
    if (got == 0) break;
    held += got;
  }
  return held;
}

// Some of the next `size` bytes; none at the end.
std::size_t GzipFile::plain(std::uint8_t* to, std::size_t size) {
  if (!has_input()) return 0;
  inflate_state& state = stream_->state;
  const auto copied = static_cast<std::uint32_t>(std::min<std::size_t>(size, state.avail_in));
  std::copy_n(state.next_in, copied, to);
  state.next_in += copied;
  state.avail_in -= copied;
  return copied;
}

// The same of what the members hold, one behind the other. As gzip does, it ignores what follows
// them.
std::size_t GzipFile::inflated(std::uint8_t* to, std::size_t size) {
  inflate_state& state = stream_->state;
  state.next_out = to;
  state.avail_out = static_cast<std::uint32_t>(size);
  while (state.avail_out == size) {
    if (state.block_state == ISAL_BLOCK_FINISH) {
      // What follows the members, such as padding, is no member.
      if (!has_input() || *state.next_in != kMagic[0]) return 0;
      isal_inflate_reset(&state);
    }
    if (!has_input()) fail("file is truncated: its gzip data is incomplete", kFetchAgain);
    const int result = isal_inflate(&state);
    if (result < 0) fail(fmt::format("is damaged gzip data: {}", damage_of(result)), kFetchAgain);
  }
  return size - state.avail_out;
}

std::uint64_t GzipFile::most_bytes() const {
  // Of a compressed file a bound, so that a header that promises more is refused before memory is
  // taken.
  const std::uint64_t size = std::filesystem::file_size(path_);
  return stream_->gzipped ? size * kLargestDeflateRatio : size;
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
